"""Find what a misspelt word of a question is meant to be: a word of the corpus, a listed name, or an everyday word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.search.suggestions import WordList, distance_allowed, is_another_word

Source = Literal["corpus", "list", "everyday"]

LONG, LONG_DISTANCE, LONG_BEGINNING = 10, 4, 5
"""From how many letters on so many may be wrong, where so many at the beginning are right: drugs have hard names."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The word that a misspelt one is likely to be, and where that word is known from."""

    word: str
    source: Source


def meant(word: str, corpus: WordList, listed: Sequence[str], everyday: Sequence[str]) -> Meant | None:
    """Return the nearest known spelling of a word in lower case, that begins alike; None where none is near.

    `listed` and `everyday` are in alphabetical order.
    Among words as near, one of the corpus comes first, that more passages hold, then one of the lists.
    """
    allowed = _allowed(word)
    if not allowed:
        return None
    words, passages = corpus(len(word) - allowed, len(word) + allowed)
    counts = {other: held for other, held in zip(words, passages, strict=True) if other[:1] == word[:1]}
    ranked: list[tuple[int, int, int, str, Source]] = []
    sources: tuple[tuple[Source, Sequence[str]], ...] = (
        ("corpus", list(counts)),
        ("list", _from(word[:1], listed)),
        ("everyday", _from(word[:1], everyday)),
    )
    for place, (source, known) in enumerate(sources):
        for other, distance in _near(word, known, allowed):
            if other != word and not is_another_word(word, other):
                ranked.append((distance, place, -counts.get(other, 0), other, source))
    if not ranked:
        return None
    *_, other, source = min(ranked)
    return Meant(other, source)


def _from(letter: str, words: Sequence[str]) -> Sequence[str]:
    """Return those of some words in alphabetical order that begin with a letter."""
    return words[bisect_left(words, letter) : bisect_left(words, chr(ord(letter) + 1))]


def _allowed(word: str) -> int:
    return LONG_DISTANCE if len(word) >= LONG else distance_allowed(word)


def _near(word: str, others: Sequence[str], allowed: int) -> list[tuple[str, int]]:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    near = extract(word, others, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    found = [(other, int(distance)) for other, distance, _ in near]
    usual = distance_allowed(word)
    return [
        (other, distance)
        for other, distance in found
        if distance <= usual or other[:LONG_BEGINNING] == word[:LONG_BEGINNING]
    ]
