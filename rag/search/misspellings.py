"""Find what a misspelt word of a question is meant to be: a word of the corpus, a listed name, or an everyday word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """Return the nearest known spelling of a word in lower case; None where none is near.

    Among words as near, one of the corpus comes first, that more passages hold, then one of the lists.
    """
    allowed = _allowed(word)
    if not allowed:
        return None
    words, passages = corpus(len(word) - allowed, len(word) + allowed)
    counts = dict(zip(words, passages, strict=True))
    ranked: list[tuple[int, int, int, str, Source]] = []
    sources: tuple[tuple[Source, Iterable[str]], ...] = (("corpus", words), ("list", listed), ("everyday", everyday))
    for place, (source, known) in enumerate(sources):
        for other, distance in _near(word, list(known), allowed):
            if other != word and other[:1] == word[:1] and not is_another_word(word, other):
                ranked.append((distance, place, -counts.get(other, 0), other, source))
    if not ranked:
        return None
    *_, other, source = min(ranked)
    return Meant(other, source)


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
