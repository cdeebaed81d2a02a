"""Search for a question within its conversation, and judge how surely what was found answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.core.types.answers import Hit
from rag.core.types.ask import Ask
from rag.core.types.protocols import PassageReader, QuestionEncoder
from rag.index.opening import OpenIndex
from rag.search.answerability import (
    LACKS_ASPECT,
    LACKS_NAME,
    NO_EVIDENCE,
    Certainty,
    Evidence,
    certainty,
    coefficients,
    signals,
)
from rag.search.hits import retrieve
from rag.search.reranking import read_hits
from rag.search.subject import Subject
from rag.search.terms import Asked
from rag.search.understanding import Understood, understand
from rag.text.aspects.aspect_lists import TOLD_SURELY, spoken_aspects

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A question as it was understood, its hits, best first, and what speaks for their answering it."""

    question: Understood
    hits: tuple[Hit, ...]
    evidence: Evidence

    @property
    def judgement(self) -> Certainty:
        """How surely the hits answer."""
        return certainty(self.evidence)


def find(
    ask: Ask,
    index: OpenIndex,
    encoder: QuestionEncoder,
    *,
    allowed: numpy.ndarray | None = None,
    reader: PassageReader | None = None,
) -> SearchResult:
    """Search for a question within its conversation, and judge what was found.

    At least `ask.quotes` hits are returned if there are so many. `allowed` says of each row, as a boolean, whether it
    may be found; the filters of the question are not looked at. A `reader` reads the best hits, orders them anew and
    has a say in how surely they answer.
    """
    question = understand(ask, index, encoder)
    terms, subject = question.terms, question.subject
    vector = encoder.encode([question.searched_as])[0]
    hits = retrieve(terms, vector, index, ask.quotes, allowed=allowed, aspects=subject.aspects)
    if not hits:
        return SearchResult(question, (), NO_EVIDENCE)
    read = hits if reader is None else read_hits(question.searched_as, hits, index, reader)
    return SearchResult(question, tuple(read), weigh(subject, terms, hits, read, index))


def weigh(subject: Subject, terms: Asked, hits: Sequence[Hit], read: Sequence[Hit], index: OpenIndex) -> Evidence:
    """Weigh how surely hits answer a question, of which there is at least one: those of them that may be quoted.

    `read` are the same hits with what was read in them, if anything was, in the order in which they are quoted.
    """
    near = coefficients().log_odds(signals(terms, hits))
    whole = [hit for hit in hits if not subject.lacking(hit.terms)]
    each = bool(whole) and subject.each_quote
    likeness = coefficients().log_odds(signals(terms, whole)) if each and len(whole) < len(hits) else near
    quotable = [hit for hit in read if not subject.lacking(hit.terms)] if each else read
    lacks = LACKS_NAME if subject.unknown or not whole else 0.0
    told = subject.aspects & TOLD_SURELY
    if told and told.isdisjoint(spoken_aspects(_whole(quotable[0], index))):
        lacks += LACKS_ASPECT
    readings = [hit.reading.answers for hit in quotable if hit.reading is not None]
    return Evidence(near, likeness, lacks, max(readings) if readings else None)


def _whole(hit: Hit, index: OpenIndex) -> str:
    """Return a passage's sentences after its title and headings."""
    return f"{index.store.contexts([hit.row])[hit.row]}. {index.store.sentences_text(hit.passage)}"
