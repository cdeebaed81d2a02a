"""Choose what of the hits is shown, and as what: as an answer, as related passages, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.answer.sides import choose
from rag.core.types.answers import Hit, SentenceMatch, Shortfall
from rag.core.types.outcomes import Status
from rag.core.types.reports import OperatingPoint
from rag.index.opening import OpenIndex
from rag.search.finding import SearchResult
from rag.search.hits import rank_score
from rag.search.subject import Subject

AS_GOOD = 0.7
"""The share of the best hit's score that others must have to be quoted. On lay questions this leaves three quotes of
five, and no answer out."""

MOST_RELATED = 3
"""How many related passages are shown: they are a way into the corpus, and no answer."""


@dataclass(frozen=True, slots=True)
class ChosenPassages:
    """The hits to show, in order, with the outcome that they make and why it is no answer, if it is none.

    `sides` are the sentences of a hit that stand on a side where what was found differs, `lacks` the names that it does
    not speak of, both by its row.
    """

    status: Status
    hits: tuple[Hit, ...] = ()
    shortfall: Shortfall | None = None
    sides: Mapping[int, tuple[SentenceMatch, ...]] = field(default_factory=dict)
    lacks: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def choose_passages(
    found: SearchResult, certainty: float, nearness: float, point: OperatingPoint, quotes: int, index: OpenIndex
) -> ChosenPassages:
    """Choose at most `quotes` hits, those that are about as good as the first, or fewer related ones.

    Nothing is shown below the point from which it is near enough, but for passages that speak of the names that
    documents do hold, where they hold others not. An answer is surer than the threshold, and a passage of it speaks of
    all that the question is about; each does, where something's safety is asked.
    """
    subject = found.question.subject
    if not found.hits or (nearness < point.related_from and not _speak_of_the_rest(subject, found.hits)):
        return ChosenPassages("not_in_corpus", shortfall=shortfall_of(subject, (), ()) if subject.unknown else None)
    whole = [hit for hit in found.hits if not subject.lacking(hit.terms)]
    if subject.unknown or not whole or certainty < point.threshold:
        hits = found.hits[: min(quotes, MOST_RELATED)]
        return ChosenPassages("related", hits, shortfall_of(subject, whole, hits), lacks=_lacks(subject, hits))
    hits = tuple(whole) if subject.each_quote else found.hits
    best = max(map(rank_score, hits))
    count = max(1, sum(rank_score(hit) >= AS_GOOD * best for hit in hits[:quotes]))
    wanted = _with_a_whole_one(hits, whole, count)
    chosen = choose(found.question.searched_as, found.question.terms, wanted, count, index)
    return ChosenPassages("answered", chosen.hits, sides=chosen.sides, lacks=_lacks(subject, chosen.hits))


def _speak_of_the_rest(subject: Subject, hits: Sequence[Hit]) -> bool:
    """Say whether the first passage speaks of all that documents do speak of, where there is what they do not."""
    rest = [name for name in subject.names if name.held and name.kind != "population"]
    return bool(subject.unknown and rest) and all(name.is_spoken_of(hits[0].terms) for name in rest)


def _with_a_whole_one(hits: Sequence[Hit], whole: Sequence[Hit], count: int) -> tuple[Hit, ...]:
    """Return hits in their order, the first that speaks of all before the others where it is not among `count`."""
    if whole[0] in hits[:count]:
        return tuple(hits)
    return (whole[0], *(hit for hit in hits if hit is not whole[0]))


def shortfall_of(subject: Subject, whole: Sequence[Hit], hits: Sequence[Hit]) -> Shortfall:
    """Say why hits are no answer; `whole` are those of all hits that speak of all that is asked about."""
    covered = [name for name in subject.names if any(name.is_spoken_of(hit.terms) for hit in hits)]
    if subject.unknown:
        known = tuple(name.said for name in covered)
        return Shortfall("unknown", tuple(name.said for name in subject.unknown), known)
    if not whole:
        apart = dict.fromkeys(name.said for name in (*subject.names, *subject.leans_on))
        return Shortfall("apart", tuple(apart), tuple(name.said for name in covered))
    return Shortfall("unsure", (), tuple(name.said for name in covered))


def _lacks(subject: Subject, hits: Sequence[Hit]) -> dict[int, tuple[str, ...]]:
    return {hit.row: tuple(name.said for name in subject.lacking(hit.terms)) for hit in hits}
