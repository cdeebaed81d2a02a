"""Map passages to the rows of the indexes, and rows to passages.

A row is a passage's place among those of all documents, in the order of the manifest. The store knows nothing of it: it
has a passage as the n-th of its document, so that a document more or less changes nothing of the others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

PassagePlace = tuple[str, int]
"""The id of a passage's document, and its place among that document's passages."""


class Numbering:
    """The rows of an index's passages, by what its manifest says."""

    def __init__(self, counts: Iterable[tuple[str, int]]) -> None:
        """`counts` has each document's id and how many passages it has, in the order of the manifest."""
        pairs = list(counts)
        self._documents = [document for document, _ in pairs]
        self._bounds = [0, *accumulate(count for _, count in pairs)]
        self._firsts = dict(zip(self._documents, self._bounds, strict=False))

    def place(self, row: int) -> PassagePlace:
        """Return which passage a row is. Raises `IndexError` where there is none."""
        if not 0 <= row < self._bounds[-1]:
            raise IndexError(row)
        document = bisect_right(self._bounds, row) - 1  # the last that begins here: those before it are empty
        return self._documents[document], row - self._bounds[document]

    def row(self, place: PassagePlace) -> int:
        """Return a passage's row. Raises `KeyError` for a document that is not here."""
        document, number = place
        return self._firsts[document] + number
