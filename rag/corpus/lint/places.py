"""Locate characters of a document in its source, by line or page, and name the places in a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.core.types.documents import Block, Document

_NAMED = 5
_AROUND = 15


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A source's line or page, whichever it has."""

    line: int | None = None
    page: int | None = None

    @property
    def lines(self) -> tuple[int, int] | None:
        """The line as a range, as findings have it."""
        return (self.line, self.line) if self.line is not None else None


def places_of(document: Document, found: Iterable[tuple[Block, int]]) -> list[SourcePlace]:
    """Return where characters of blocks stand, given in order; lines are counted where the blocks' are the source's."""
    places: list[SourcePlace] = []
    counted_in, position, breaks = None, 0, 0
    for block, at in found:
        if block is not counted_in:
            counted_in, position, breaks = block, block.start, 0
        breaks += document.text.count("\n", position, at)
        position = at
        line = min(block.lines[0] + breaks, block.lines[1]) if block.lines else None
        places.append(SourcePlace(line, block.page))
    return places


def named(places: Sequence[SourcePlace]) -> str:
    """Return the first few of them in brackets with a space before, such as " (pages 2, 3 and 9)".

    Nothing where there is only one, which a finding names anyway, or none.
    """
    lines = list(dict.fromkeys(place.line for place in places if place.line is not None))
    pages = list(dict.fromkeys(place.page for place in places if place.page is not None))
    numbers, word = (lines, "line") if lines else (pages, "page")
    if len(numbers) < 2:
        return ""
    shown = [str(number) for number in numbers[:_NAMED]]
    if more := len(numbers) - len(shown):
        shown.append(f"{more} more")
    return f" ({word}s {', '.join(shown[:-1])} and {shown[-1]})"


def excerpt(text: str, start: int, end: int) -> str:
    """Return what stands at `start:end` with a little around it, cut between words, for a message."""
    begin, finish = max(0, start - _AROUND), min(len(text), end + _AROUND, start + 4 * _AROUND)
    while begin and begin < start and not text[begin - 1].isspace():
        begin += 1
    while finish < len(text) and finish > end and not text[finish].isspace():
        finish -= 1
    return repr(" ".join(text[begin:finish].split(" ")).strip())
