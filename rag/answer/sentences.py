"""Which sentences of what was found answer: near the question in meaning, and holding what it asks about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.alternatives import NO_ALTERNATIVES, Alternatives
from rag.answer.coverage import asked_terms, coverage
from rag.index import OpenIndex
from rag.types import Document, Hit, Passage

if TYPE_CHECKING:
    import numpy

MEANING = 0.6
"""What a sentence's cosine counts beside its coverage when the sentence is chosen that answers."""

AS_GOOD = 0.9
"""The share of the best sentence's score from which another one of the passage is highlighted as well."""

MOST = 2


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """A sentence's span, its cosine with the question, and the share of the question's weight that it holds."""

    span: tuple[int, int]
    cosine: float
    coverage: float

    @property
    def score(self) -> float:
        """How well the sentence answers, for choosing among sentences."""
        return MEANING * self.cosine + (1 - MEANING) * self.coverage


def match_sentences(
    question: str,
    vector: numpy.ndarray,
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
    index: OpenIndex,
    alternatives: Alternatives = NO_ALTERNATIVES,
) -> dict[str, tuple[SentenceMatch, ...]]:
    """Match every sentence of the passages that were found, by the passages' ids; `vector` is the question's."""
    asked = asked_terms(question, index.lexical)

    def covered(text: str) -> float:
        return coverage(asked, index.lexical.terms(text), index.lexical, alternatives)

    cosines = index.sentences.cosines(vector, {hit.row: len(hit.passage.sentences) for hit in hits})
    matches: dict[str, tuple[SentenceMatch, ...]] = {}
    for hit in hits:
        text = documents[hit.passage.document_id].text
        matches[hit.passage.id] = tuple(
            SentenceMatch(span, cosine, covered(text[slice(*span)]))
            for span, cosine in zip(hit.passage.sentences, cosines[hit.row], strict=True)
        )
    return matches


def highlights(passage: Passage, matches: Sequence[SentenceMatch]) -> tuple[tuple[int, int], ...]:
    """Return the spans of the best sentence of a passage and of one that is about as good, in order."""
    if not matches or passage.sentences == ():
        return ()
    ranked = sorted(matches, key=lambda match: (-match.score, match.span))
    chosen = [match.span for match in ranked[:MOST] if match.score >= AS_GOOD * ranked[0].score or match is ranked[0]]
    return tuple(sorted(chosen))
