"""Search for a question within its conversation, and judge how surely what was found answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.core.types.answers import Hit
from rag.core.types.ask import Ask
from rag.core.types.protocols import QuestionEncoder, Reranker
from rag.index.opening import OpenIndex
from rag.search.answerability import LACKS_ASPECT, LACKS_NAME, NOTHING_FOUND, Certainty, coefficients, signals
from rag.search.hits import retrieve
from rag.search.subject import Subject
from rag.search.terms import Asked
from rag.search.understanding import Understood, understand
from rag.text.aspects.aspect_lists import TOLD_SURELY, spoken_aspects

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A question as it was understood, its hits, best first, and how surely they answer it."""

    question: Understood
    hits: tuple[Hit, ...]
    judgement: Certainty


def find(
    ask: Ask,
    index: OpenIndex,
    encoder: QuestionEncoder,
    *,
    allowed: numpy.ndarray | None = None,
    reranker: Reranker | None = None,
) -> SearchResult:
    """Search for a question within its conversation, and judge what was found.

    At least `ask.quotes` hits are returned if there are so many. `allowed` says of each row, as a boolean, whether it
    may be found; the filters of the question are not looked at. A `reranker` orders the hits anew before they are
    judged.
    """
    question = understand(ask, index, encoder)
    terms, subject = question.terms, question.subject
    vector = encoder.encode([question.searched_as])[0]
    hits = retrieve(terms, vector, index, ask.quotes, allowed=allowed, aspects=subject.aspects)
    if reranker is not None:
        hits = reranker.rerank(question.searched_as, hits)
    judgement = judge(subject, terms, hits, index) if hits else NOTHING_FOUND
    return SearchResult(question, tuple(hits), judgement)


def judge(subject: Subject, terms: Asked, hits: Sequence[Hit], index: OpenIndex) -> Certainty:
    """Judge how surely hits answer a question, of which there is at least one: those of them that may be quoted."""
    near = coefficients().log_odds(signals(terms, hits))
    whole = [hit for hit in hits if not subject.lacking(hit.terms)]
    quotable = whole if whole and subject.each_quote else hits
    sure = near if len(quotable) == len(hits) else coefficients().log_odds(signals(terms, quotable))
    if subject.unknown or not whole:
        sure -= LACKS_NAME
    told = subject.aspects & TOLD_SURELY
    if told and told.isdisjoint(spoken_aspects(_whole(quotable[0], index))):
        sure -= LACKS_ASPECT
    return Certainty(near, sure)


def _whole(hit: Hit, index: OpenIndex) -> str:
    """Return a passage's sentences after its title and headings."""
    return f"{index.store.contexts([hit.row])[hit.row]}. {index.store.sentences_text(hit.passage)}"
