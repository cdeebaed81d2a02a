"""Diversify hits: show near-duplicates once, and let sources take turns where their hits are as good."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.core.types.answers import Hit

_WORD = re.compile(r"\w+(?:[.,·]\w+)*|[<>=≤≥±%]")

SHINGLE = 3
"""How many words in a row are compared."""

SAME = 0.8
"""The share of the shorter passage's shingles that the other one must hold for the two to be compared word by word."""

AS_GOOD = 0.02
"""How much lower another source's hit may stand to count as as good."""

IN_A_ROW = 2
"""How many passages of one document may follow each other while another document has one as good."""


def once_each(hits: Sequence[Hit], terms: Sequence[Sequence[str]], text: Callable[[Hit], str]) -> list[Hit]:
    """Keep the first of passages that say the same in the same words, given by their terms; it carries its duplicates.

    Shingling after Broder, "On the resemblance and containment of documents", 1997: containment of the shorter one.
    Terms know no "not", and a template's passages differ in a name or a number alone, so the `text` decides: the words
    of the shorter passage must stand in the longer one, all of them, in a row.
    """
    kept: list[Hit] = []
    shingles: list[frozenset[tuple[str, ...]]] = []
    for hit, words in zip(hits, terms, strict=True):
        own = _shingles(words)
        first = next(
            (
                place
                for place, other in enumerate(shingles)
                if _alike(own, other) and _same_words(hit, kept[place], text)
            ),
            None,
        )
        if first is None:
            kept.append(hit)
            shingles.append(own)
        else:
            kept[first] = replace(kept[first], duplicates=(*kept[first].duplicates, hit.passage))
    return kept


def in_turn(hits: Sequence[Hit], rank_score: Callable[[Hit], float]) -> list[Hit]:
    """Reorder hits so that no document has more than two in a row while another one has a hit that is as good.

    They are given in the descending order of their `rank_score`.
    """
    waiting = list(hits)
    ordered: list[Hit] = []
    while waiting:
        last = [hit.passage.document_id for hit in ordered[-IN_A_ROW:]]
        full = last[0] if len(last) == IN_A_ROW and len(set(last)) == 1 else None
        good = rank_score(waiting[0]) - AS_GOOD
        place = next(
            (i for i, hit in enumerate(waiting) if hit.passage.document_id != full and rank_score(hit) >= good), 0
        )
        ordered.append(waiting.pop(place))
    return ordered


def _shingles(terms: Sequence[str]) -> frozenset[tuple[str, ...]]:
    if len(terms) < SHINGLE:
        return frozenset((tuple(terms),))
    return frozenset(zip(*(terms[i:] for i in range(SHINGLE)), strict=False))


def _same_words(one: Hit, other: Hit, text: Callable[[Hit], str]) -> bool:
    shorter, longer = sorted((_WORD.findall(text(hit).casefold()) for hit in (one, other)), key=len)
    return f" {' '.join(shorter)} " in f" {' '.join(longer)} "


def _alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    shorter, longer = min(len(one), len(other)), max(len(one), len(other))
    return longer <= shorter / SAME and not one.isdisjoint(other) and len(one & other) >= SAME * shorter
