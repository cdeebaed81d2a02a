"""Find the blocks of a document at a span of its text, by halving: a book has thousands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rag.core.types.documents import Block


def blocks_at(blocks: Sequence[Block], start: int, end: int) -> Sequence[Block]:
    """Return the blocks, given in the order of the text, that hold characters of `start:end`."""
    first, after = block_places(blocks, start, end)
    return blocks[first:after]


def block_places(blocks: Sequence[Block], start: int, end: int) -> tuple[int, int]:
    """Return the places of the first block that holds a character of `start:end`, and of the first one after it."""
    first = bisect_right(blocks, start, key=lambda block: block.end)
    return first, max(first, bisect_left(blocks, end, key=lambda block: block.start))
