"""The sentences' vectors: a second look at the passages that were found, read row by row and never searched as a whole.

They lie in a file of their own beside the dense index, which therefore does not grow with them: unit vectors as half
floats, the sentences of each passage together, in the order of the passages. Half floats keep a cosine to 0.001.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import IndexDamaged

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, slots=True)
class SentenceRows:
    """Unit float16 rows, shape (sentences, dimensions); passage i has the rows `bounds[i]:bounds[i + 1]`."""

    vectors: numpy.ndarray
    bounds: numpy.ndarray

    def of(self, passage: int) -> numpy.ndarray:
        """Return the rows of one passage's sentences, shape (sentences of the passage, dimensions), float16."""
        rows: numpy.ndarray = self.vectors[self.bounds[passage] : self.bounds[passage + 1]]
        return rows


def write_sentences(vectors_file: Path, bounds_file: Path, rows: SentenceRows) -> None:
    """Write sentence rows. Raises `OSError` when the disk refuses."""
    import numpy

    for path, array in ((vectors_file, rows.vectors), (bounds_file, rows.bounds)):
        with path.open("wb") as file:
            numpy.save(file, array, allow_pickle=False)


class SentenceIndex:
    """The opened sentence vectors: mapped, so that only what is asked for is read."""

    def __init__(self, vectors_file: Path, bounds_file: Path) -> None:
        """Open them. Raises `IndexDamaged` when the files are not such vectors."""
        import numpy

        try:
            vectors = numpy.load(vectors_file, mmap_mode="r", allow_pickle=False)
            bounds = numpy.load(bounds_file, mmap_mode="r", allow_pickle=False)
            if vectors.ndim != 2 or vectors.dtype != numpy.float16 or bounds.ndim != 1 or bounds[-1] != len(vectors):
                raise ValueError("they do not belong together")
        except (OSError, ValueError, EOFError, IndexError) as error:
            raise IndexDamaged(
                f"The sentence vectors {vectors_file.name} cannot be opened.",
                "Build it anew with: python -m rag build --rebuild",
            ) from error
        self.rows = SentenceRows(vectors, bounds)

    def count(self, passage: int) -> int:
        """Return how many sentences a passage has."""
        return int(self.rows.bounds[passage + 1] - self.rows.bounds[passage])

    def cosines(self, vector: numpy.ndarray, passages: Sequence[int]) -> list[numpy.ndarray]:
        """Return, for each passage, its sentences' cosines with a unit vector, in order; none for a bare heading."""
        import numpy

        found = [numpy.asarray(self.rows.of(passage), dtype=numpy.float32) for passage in passages]
        if not found:
            return []
        counts = [len(rows) for rows in found]
        together = numpy.concatenate(found) @ vector
        return numpy.split(together, numpy.cumsum(counts)[:-1])
