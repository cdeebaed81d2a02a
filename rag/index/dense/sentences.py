"""Keep the sentences' vectors, read row by row for the passages that were found and never searched as a whole.

They lie in a file of their own beside the dense index, which therefore does not grow with them: the sentences of each
passage together, in the order of the passages. Of a unit vector its direction is kept, in signed bytes, the greatest
component as 127: a quarter of the space of floats, and a cosine to 0.002.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.core.errors import IndexDamaged
from rag.index.dense.arrays import write_array

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, slots=True)
class SentenceRows:
    """Directions, int8, shape (sentences, dimensions); passage i has the rows `bounds[i]:bounds[i + 1]`."""

    directions: numpy.ndarray
    bounds: numpy.ndarray

    def of(self, passage: int) -> numpy.ndarray:
        """Return the rows of one passage's sentences, shape (sentences of the passage, dimensions), int8."""
        rows: numpy.ndarray = self.directions[self.bounds[passage] : self.bounds[passage + 1]]
        return rows

    def places(self, passages: numpy.ndarray) -> numpy.ndarray:
        """Return the places of all sentences of some passages, int64, in order."""
        import numpy

        counts = self.bounds[passages + 1] - self.bounds[passages]
        firsts = numpy.concatenate([[0], numpy.cumsum(counts)[:-1]]) if len(counts) else counts
        found: numpy.ndarray = numpy.arange(counts.sum()) + numpy.repeat(self.bounds[passages] - firsts, counts)
        return found


def directions(vectors: numpy.ndarray) -> numpy.ndarray:
    """Return float rows as directions, int8, of the same shape; a row of zeros stays one."""
    import numpy

    greatest = numpy.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    rows: numpy.ndarray = numpy.rint(127 * vectors / numpy.where(greatest > 0, greatest, 1)).astype(numpy.int8)
    return rows


def write_sentences(directions_file: Path, bounds_file: Path, rows: SentenceRows) -> None:
    """Write sentence rows. Raises `OSError` when the disk refuses."""
    write_array(directions_file, rows.directions)
    write_array(bounds_file, rows.bounds)


class SentenceIndex:
    """The opened sentence vectors: mapped, so that only what is asked for is read."""

    def __init__(self, directions_file: Path, bounds_file: Path) -> None:
        """Open them. Raises `IndexDamaged` when the files are not such vectors."""
        import numpy

        try:
            rows = numpy.load(directions_file, mmap_mode="r", allow_pickle=False)
            bounds = numpy.load(bounds_file, mmap_mode="r", allow_pickle=False)
            if rows.ndim != 2 or rows.dtype != numpy.int8 or bounds.ndim != 1 or bounds[-1] != len(rows):
                raise ValueError("they do not belong together")
        except (OSError, ValueError, EOFError, IndexError) as error:
            raise _damaged(f"cannot be opened ({directions_file.name})") from error
        # As plain arrays, still mapped: a stretch of a `memmap` takes ten times as long to name.
        self.rows = SentenceRows(numpy.asarray(rows), numpy.asarray(bounds))

    def count(self, passages: numpy.ndarray) -> numpy.ndarray:
        """Return how many sentences each of some passages has. Raises `IndexDamaged` for a passage that is not here."""
        if len(passages) and not (passages.min() >= 0 and passages.max() < len(self.rows.bounds) - 1):
            raise _damaged("are not those of the passages")
        counts: numpy.ndarray = self.rows.bounds[passages + 1] - self.rows.bounds[passages]
        return counts

    def nearest(self, vector: numpy.ndarray, passages: numpy.ndarray) -> numpy.ndarray:
        """Return, for each of some passages, the cosine of its nearest sentence with a unit vector, float32.

        Every passage must have a sentence. Raises `IndexDamaged` for a passage that is not here.
        """
        import numpy

        counts = self.count(passages)
        if not len(passages):
            return numpy.empty(0, dtype=numpy.float32)
        firsts = numpy.concatenate([[0], numpy.cumsum(counts)[:-1]])
        found = self.rows.directions[self.rows.places(passages)]
        greatest: numpy.ndarray = numpy.maximum.reduceat(_cosines(found, vector), firsts)
        return greatest

    def cosines(self, vector: numpy.ndarray, counts: Mapping[int, int]) -> dict[int, list[float]]:
        """Return the cosines of passages' sentences with a unit vector, in order, by the passages' rows.

        `counts` says how many sentences each passage has. Raises `IndexDamaged` when other vectors are here for it.
        """
        import numpy

        here = self.count(numpy.fromiter(counts, dtype=numpy.int64, count=len(counts)))
        if here.tolist() != list(counts.values()):
            raise _damaged("are not those of the passages")
        return {passage: _cosines(self.rows.of(passage), vector).tolist() for passage in counts}


def _cosines(rows: numpy.ndarray, vector: numpy.ndarray) -> numpy.ndarray:
    import numpy

    floats = rows.astype(numpy.float32)
    lengths = numpy.sqrt(numpy.einsum("ij,ij->i", floats, floats))
    # Not a matrix product: each row's to the same last bit, whatever other rows are asked for.
    cosines: numpy.ndarray = numpy.einsum("ij,j->i", floats, vector) / numpy.maximum(lengths, 1)
    return cosines


def _damaged(how: str) -> IndexDamaged:
    return IndexDamaged(f"The sentence vectors {how}.")
