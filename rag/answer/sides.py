"""Choose the hits to show so that both sides of an effect are, where sources report it and deny it.

What the sides say is told by words of theirs alone (`rag.text.labels`); which of them is right is not told at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rag.core.types.answers import Hit, SentenceMatch
from rag.core.types.passages import Side
from rag.index.opening import OpenIndex
from rag.search.terms import Asked
from rag.text.labels.asked import asks_about_an_effect, words_of_an_effect

LOOKED_AT = 20
"""How many of the best hits are looked at."""

AS_NEAR = 0.6
"""The share of the nearest sentence's cosine that a sentence must have to speak of what is asked."""

ON_TOPIC = 0.6
"""The share of the weight of what is asked about that a sentence, with what stands above it, must hold at least."""

LEAST = 2
"""How many terms must say what is asked about: of one thing alone there are effects of every kind."""

AS_MUCH = 0.9
"""The share of the most that any sentence of a side holds which others must hold as well."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The hits to show, in order, and whether they differ; `sides` are the sentences on each side, by a hit's row."""

    hits: tuple[Hit, ...]
    differ: bool = False
    sides: Mapping[int, tuple[SentenceMatch, ...]] = field(default_factory=dict)


def choose(question: str, asked: Asked, hits: Sequence[Hit], quotes: int, index: OpenIndex) -> Chosen:
    """Choose at most `quotes` hits, the best; where the best twenty hold both sides of an effect, one hit of each.

    It comes right after the first that stands on a side. Two are shown even where one quote is wanted: an effect is
    never shown from one side alone.
    """
    sides = _sides(question, asked, hits[:LOOKED_AT], index)
    if not sides:
        return Chosen(tuple(hits[:quotes]))
    pair = _pair(hits, sides)
    others = [hit for hit in hits if hit not in pair]
    at = max(0, min(hits.index(pair[0]), quotes - len(pair)))
    shown = (*others[:at], *pair, *others[at : max(at, quotes - len(pair))])
    return Chosen(shown, differ=True, sides=sides)


def _pair(hits: Sequence[Hit], sides: Mapping[int, tuple[SentenceMatch, ...]]) -> list[Hit]:
    """Return the first hit that stands on a side and the first other one on the other; the first alone has both else.

    A hit that has sentences on both sides counts by its best one.
    """
    first, *others = (hit for hit in hits if hit.row in sides)
    own = max(sides[first.row], key=lambda match: match.score).side
    opposite = (hit for hit in others if any(match.side != own for match in sides[hit.row]))
    return [first, *islice(opposite, 1)]


def _sides(question: str, asked: Asked, hits: Sequence[Hit], index: OpenIndex) -> dict[int, tuple[SentenceMatch, ...]]:
    """Return of each hit that speaks of what is asked its best sentence on each side, by row; none without both."""
    nearest = max((match.cosine for hit in hits for match in hit.sentences), default=0.0)
    near = [
        (hit, place)
        for hit in hits
        for place, match in enumerate(hit.sentences)
        if match.side is not None and match.cosine >= AS_NEAR * nearest
    ]
    if not _both(hit.sentences[place] for hit, place in near) or not asks_about_an_effect(question):
        return {}
    topic = _topic(asked, index)
    if len(topic.weights) < LEAST:
        return {}
    shares = _topic_held(topic, near, index)
    enough = max(ON_TOPIC, AS_MUCH * max(shares))
    best_of: dict[int, dict[Side | None, SentenceMatch]] = {}
    for (hit, place), share in zip(near, shares, strict=True):
        match, best = hit.sentences[place], best_of.setdefault(hit.row, {})
        if share >= enough and (match.side not in best or match.score > best[match.side].score):
            best[match.side] = match
    if not _both(match for best in best_of.values() for match in best.values()):
        return {}
    return {row: tuple(best.values()) for row, best in best_of.items() if best}


def _both(matches: Iterator[SentenceMatch]) -> bool:
    return {"effect", "no_effect"} <= {match.side for match in matches}


def _topic(asked: Asked, index: OpenIndex) -> Asked:
    """Return what is asked about, without the words that only say that an effect is asked about."""
    return asked.without(frozenset(index.lexical.terms(" ".join(words_of_an_effect()))))


def _topic_held(topic: Asked, near: Sequence[tuple[Hit, int]], index: OpenIndex) -> list[float]:
    """Return for each sentence the share of what is asked about that it holds, with its title and headings, 0 to 1."""
    terms = index.lexical.terms
    rows = list(dict.fromkeys(hit.row for hit, _ in near))
    words, above = index.store.words(rows), index.store.contexts(rows)
    headings = {row: terms(above[row]) for row in rows}
    return [topic.coverage((*words[hit.row].sentences[place], *headings[hit.row])) for hit, place in near]
