"""A question, as it is searched, with what was found for it and how sure the judgement is that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.alternatives import holds
from rag.answer.answerability import coefficients, signals
from rag.answer.follow_up import searched_as
from rag.answer.hearing import checked_question
from rag.coverage import Asked, asked
from rag.index import OpenIndex
from rag.retrieval import retrieve
from rag.synonyms import expand
from rag.types import Hit, TextEncoder

if TYPE_CHECKING:
    import numpy

NOTHING_FOUND = -40.0
"""The log-odds that nothing answers."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question was searched as, its terms, its hits, best first, and the log-odds that they answer."""

    searched_as: str
    asked: Asked
    hits: tuple[Hit, ...]
    log_odds: float


def find(
    question: str,
    context: Sequence[str],
    quotes: int,
    index: OpenIndex,
    encoder: TextEncoder,
    *,
    allowed: numpy.ndarray | None = None,
) -> Found:
    """Search for a question, with the earlier questions of its conversation, oldest first, and judge what was found.

    At least `quotes` hits are returned if there are so many. `allowed` says of each row whether it may be found.
    """
    standing = searched_as(question, [checked_question(earlier) for earlier in context])
    expansion = expand(standing, index.synonyms, lambda phrase: holds(phrase, index.lexical))
    terms = asked(expansion, index.lexical)
    hits = retrieve(terms, encoder.encode([expansion.searched_as])[0], index, quotes, allowed=allowed)
    log_odds = coefficients().log_odds(signals(terms, hits)) if hits else NOTHING_FOUND
    return Found(expansion.searched_as, terms, tuple(hits), log_odds)
