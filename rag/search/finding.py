"""A question, as it is searched, with what was found for it and how sure the judgement is that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.core.types.answers import Hit, Resolution
from rag.core.types.protocols import TextEncoder
from rag.index.opening import OpenIndex
from rag.search.alternatives import holds
from rag.search.answerability import coefficients, signals
from rag.search.followups.resolving import resolve
from rag.search.hits import retrieve
from rag.search.terms import Asked, asked
from rag.text.synonyms import expand
from rag.text.words import checked_question

if TYPE_CHECKING:
    import numpy

NOTHING_FOUND = -40.0
"""The log-odds that nothing answers."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question was searched as and understood as, its terms, its hits, best first, and the log-odds that they
    answer.
    """

    searched_as: str
    resolution: Resolution
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
    stood: Sequence[str] | None = None,
    resolution: Resolution | None = None,
) -> Found:
    """Search for a question, with the earlier questions of its conversation, oldest first, and judge what was found.

    At least `quotes` hits are returned if there are so many. `allowed` says of each row whether it may be found,
    `stood` how the earlier questions were understood and `resolution` how this one is, where that is known already.
    """
    understood = resolution or understand(question, context, index, encoder, stood)
    expansion = expand(understood.standing, index.synonyms, lambda phrase: holds(phrase, index.lexical))
    terms = asked(expansion, index.lexical, understood.lent)
    hits = retrieve(terms, encoder.encode([expansion.searched_as])[0], index, quotes, allowed=allowed)
    log_odds = coefficients().log_odds(signals(terms, hits)) if hits else NOTHING_FOUND
    return Found(expansion.searched_as, understood, terms, tuple(hits), log_odds)


def understand(
    question: str, context: Sequence[str], index: OpenIndex, encoder: TextEncoder, stood: Sequence[str] | None = None
) -> Resolution:
    """Return how a question is understood after the earlier ones of its conversation, oldest first.

    `stood` is how each of those was understood, if that is known.
    """

    def alike(text: str, others: Sequence[str]) -> list[float]:
        own, *vectors = encoder.encode([text, *others])
        return [float(own @ vector) for vector in vectors]

    before = list(stood or ())
    for earlier in context[len(before) :]:
        before.append(resolve(checked_question(earlier), before, index.lexical, alike).standing)
    return resolve(question, before, index.lexical, alike)
