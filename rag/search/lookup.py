"""Look up each row that a question finds once, however many stages ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy


class LookedUpOnce:
    """A cache around `look`, which returns arrays with one entry a row; it is asked for each row once.

    What is known of a row must not depend on the rows that it is asked for with.
    """

    def __init__(self, look: Callable[[numpy.ndarray], tuple[numpy.ndarray, ...]]) -> None:
        self._look = look
        self._places: dict[int, int] = {}
        self._arrays: tuple[numpy.ndarray, ...] = ()

    def __call__(self, rows: numpy.ndarray) -> tuple[numpy.ndarray, ...]:
        """Return the arrays of some rows, in their order."""
        import numpy

        wanted = rows.tolist()
        new = [row for row in dict.fromkeys(wanted) if row not in self._places]
        if new or not self._arrays:
            looked = self._look(numpy.array(new, dtype=numpy.int64))
            known = self._arrays or tuple(array[:0] for array in looked)
            self._arrays = tuple(map(numpy.concatenate, zip(known, looked, strict=True)))
            self._places.update(zip(new, range(len(self._places), len(self._places) + len(new)), strict=True))
        places = [self._places[row] for row in wanted]
        return tuple(array[places] for array in self._arrays)
