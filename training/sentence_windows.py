"""Cut long passages to windows of whole sentences."""

from __future__ import annotations

import re
from functools import lru_cache

from reader_rows import MOST_WORDS, Span, content

_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s)|\n+|(?<=\S)\s{3,}(?=\S)")
_SHORT_FORM = re.compile(
    r"(?:\b[A-Za-z]|\b(?:mr|mrs|ms|dr|st|prof|sr|jr|vs|etc|no|e\.g|i\.e|cf|u\.s|inc|ca|approx))\.\Z", re.I
)


@lru_cache(1_000)
def sentences(text: str) -> tuple[Span, ...]:
    """Return where the sentences and lines of a text lie, without the space around them."""
    ends = [
        match.end()
        for match in _END.finditer(text)
        if not _SHORT_FORM.search(text[max(0, match.end() - 10) : match.end()])
    ]
    found: list[Span] = []
    start = 0
    for end in [*ends, len(text)]:
        piece = text[start:end]
        if piece.strip():
            found.append((start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())))
        start = end
    return tuple(found)


def window(text: str, around: Span, chance: float, most: int = MOST_WORDS) -> Span:
    """Return the largest run of whole sentences round a span that has at most so many words.

    Where in the window the span lies, `chance` says, from 0 (last) to 1 (first). Sentences that
    hold the span always stay.
    """
    places = sentences(text)
    counts = [len(text[start:end].split()) for start, end in places]
    held = [n for n, (start, end) in enumerate(places) if start < around[1] and end > around[0]]
    if not held:
        raise ValueError(f"No sentence holds {around}")
    first, last = held[0], held[-1]
    left = most - sum(counts[first : last + 1])
    before = round(left * (1 - chance))
    taken = 0
    while first and taken + counts[first - 1] <= before:
        first -= 1
        taken += counts[first]
    left -= taken
    while last + 1 < len(places) and counts[last + 1] <= left:
        last += 1
        left -= counts[last]
    while first and counts[first - 1] <= left:
        first -= 1
        left -= counts[first]
    return min(places[first][0], around[0]), max(places[last][1], around[1])


def shortened(text: str, start: int, most: int = MOST_WORDS) -> Span:
    """Return the run of whole sentences from an offset that has at most so many words, or cut a longer sentence."""
    end = start
    count = 0
    for begin, finish in sentences(text):
        if begin < start:
            continue
        count += len(text[begin:finish].split())
        if count > most:
            break
        end = finish
    if end == start:
        found = list(re.finditer(r"\S+", text[start:]))[:most]
        end = start + found[-1].end() if found else len(text)
    return start, end


def likeliest(text: str, question: str, most: int = MOST_WORDS) -> Span:
    """Return the window that shares most words with the question; the first of those that share as many."""
    asked = content(question)
    places = sentences(text)

    def shared(span: Span) -> int:
        return len(asked & content(text[slice(*span)]))

    return max((shortened(text, start, most) for start, _ in places), key=shared)


def is_long(text: str, most: int = MOST_WORDS) -> bool:
    """Say whether a text has more words than a passage may have."""
    return len(text.split()) > most
