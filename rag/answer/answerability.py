"""Does what was found answer the question? A first, plain judgement.

Most of it is how near the nearest sentence or passage is to the question in meaning, the rest how much of the
question's words, weighed by how telling they are, one passage and what stands above it hold. The weights and the
threshold were chosen on the starter corpus's question set, which is full of paraphrases and near misses; raising the
threshold refuses more of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.alternatives import NO_ALTERNATIVES, Alternatives
from rag.answer.coverage import asked_terms, coverage, missing_words
from rag.types import Vocabulary

MEANING = 0.7
"""What the nearest cosine counts beside the coverage of the question's words."""

THRESHOLD = 0.55
"""The confidence from which quotes are shown as an answer."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`confidence` runs from 0 to 1; `missing_terms` are words of the question that no document holds."""

    confidence: float
    missing_terms: tuple[str, ...]

    @property
    def answered(self) -> bool:
        """Whether the quotes are shown as an answer."""
        return self.confidence >= THRESHOLD


def judge(
    question: str,
    passages: Sequence[str],
    cosines: Sequence[float],
    vocabulary: Vocabulary,
    alternatives: Alternatives = NO_ALTERNATIVES,
) -> Judgement:
    """Judge passages, given with title and headings above them, and the cosines of them and of their sentences."""
    missing = missing_words(question, vocabulary, alternatives)
    asked = asked_terms(question, vocabulary)
    if not cosines or not asked:
        return Judgement(0.0, missing)
    covered = max(coverage(asked, vocabulary.terms(text), vocabulary, alternatives) for text in passages)
    confidence = MEANING * max(cosines) + (1 - MEANING) * covered
    return Judgement(round(min(1.0, max(0.0, confidence)), 4), missing)
