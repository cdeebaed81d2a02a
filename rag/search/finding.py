"""Understand a question within its conversation, search for it, and judge how surely what was found answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.core.types.answers import Hit, Resolution
from rag.core.types.ask import Ask, EarlierQuestion
from rag.core.types.protocols import Reranker, TextEncoder
from rag.index.opening import OpenIndex
from rag.search.answerability import coefficients, signals
from rag.search.followups.resolving import resolve
from rag.search.hits import retrieve
from rag.search.message import read_message
from rag.search.names import NameFinder
from rag.search.subject import subject_of
from rag.search.terms import Asked, asked, holds
from rag.search.verdict import Subject
from rag.text.names.listed_names import listed_names
from rag.text.synonyms import corrected, expand
from rag.text.words import checked_question

if TYPE_CHECKING:
    import numpy

NOTHING_FOUND = -40.0
"""The log-odds that nothing answers."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A question as it was searched and understood, its terms, its hits, best first, and the log-odds of an answer."""

    searched_as: str
    resolution: Resolution
    asked: Asked
    hits: tuple[Hit, ...]
    log_odds: float
    subject: Subject


def find(
    ask: Ask,
    index: OpenIndex,
    encoder: TextEncoder,
    *,
    allowed: numpy.ndarray | None = None,
    reranker: Reranker | None = None,
) -> SearchResult:
    """Search for a question within its conversation, and judge what was found.

    At least `ask.quotes` hits are returned if there are so many. `allowed` says of each row, as a boolean, whether it
    may be found; the filters of the question are not looked at. A `reranker` orders the hits anew before they are
    judged.
    """
    resolution = ask.resolution or understand(ask.question, ask.earlier, index, encoder)
    expansion = expand(resolution.resolved, index.synonyms, lambda phrase: holds(phrase, index.lexical))
    finder = NameFinder(listed_names(), index.lexical, index.store.spellings, encoder)
    found = finder.find(resolution.resolved, expansion)
    names = found.names
    expansion = corrected(expansion, {span: each.word for span, each in found.meant.items() if each.source == "corpus"})
    message = read_message(resolution.resolved)
    asking = " ".join(resolution.resolved[start:end] for start, end in message.asking)
    terms = asked(expansion, index.lexical, resolution.borrowed_words, names, asking)
    hits = retrieve(terms, encoder.encode([expansion.searched_as])[0], index, ask.quotes, allowed=allowed)
    if reranker is not None:
        hits = reranker.rerank(expansion.searched_as, hits)
    log_odds = coefficients().log_odds(signals(terms, hits)) if hits else NOTHING_FOUND
    subject = subject_of(resolution.resolved, names)
    return SearchResult(expansion.searched_as, resolution, terms, tuple(hits), log_odds, subject)


def understand(question: str, earlier: Sequence[EarlierQuestion], index: OpenIndex, encoder: TextEncoder) -> Resolution:
    """Resolve a question against the earlier ones of its conversation, oldest first, each of them first if need be."""

    def alike(text: str, others: Sequence[str]) -> list[float]:
        own, *vectors = encoder.encode([text, *others])
        return [float(own @ vector) for vector in vectors]

    before: list[str] = []
    for each in earlier:
        resolved = each.resolved
        if resolved is None:
            resolved = resolve(checked_question(each.question), before, index.lexical, alike).resolved
        before.append(resolved)
    return resolve(question, before, index.lexical, alike)
