"""Decode a stored document's blocks when they are looked at: an answer looks at few of a book's thousands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, Literal, overload

from rag.core.types.documents import Attribution, Block


class StoredBlocks(Sequence[Block]):
    """The blocks that a text of JSON lists; equal to a tuple of them."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _values(self) -> list[Any]:
        values: list[Any] = json.loads(self._text)
        return values

    def __len__(self) -> int:
        return len(self._values)

    @overload
    def __getitem__(self, place: int) -> Block: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Block]: ...
    def __getitem__(self, place: int | slice) -> Block | Sequence[Block]:
        if isinstance(place, slice):
            return tuple(map(_block, self._values[place]))
        return _block(self._values[place])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def _block(values: Sequence[Any]) -> Block:
    start, end, kind, section, attribution, furniture, page, lines, wrapped, page_label = values
    whose = attribution_of(**attribution)
    return Block(start, end, kind, tuple(section), whose, furniture, page, pair(lines), wrapped, page_label)


def pair(values: Sequence[int] | None) -> tuple[int, int] | None:
    """Return two numbers that JSON has as a list, or None."""
    return (values[0], values[1]) if values else None


@lru_cache
def attribution_of(kind: Literal["author", "quoted"], name: str | None, url: str | None) -> Attribution:
    """Return an attribution: one for all blocks and passages that have the same, for most are the author's own."""
    return Attribution(kind, name, url)
