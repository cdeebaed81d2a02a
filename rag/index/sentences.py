"""The sentences' vectors: a second look at the passages that were found, read row by row and never searched as a whole.

They lie in a file of their own beside the dense index, which therefore does not grow with them: unit vectors as half
floats, the sentences of each passage together, in the order of the passages. Half floats keep a cosine to 0.001.
"""

from __future__ import annotations

from collections.abc import Mapping
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
            raise _damaged(f"cannot be opened ({vectors_file.name})") from error
        self.rows = SentenceRows(vectors, bounds)

    def cosines(self, vector: numpy.ndarray, counts: Mapping[int, int]) -> dict[int, list[float]]:
        """Return the cosines of passages' sentences with a unit vector, in order, by the passages' rows.

        `counts` says how many sentences each passage has. Raises `IndexDamaged` when other vectors are here for it.
        """
        import numpy

        cosines = {}
        for passage, count in counts.items():
            if not 0 <= passage < len(self.rows.bounds) - 1 or len(self.rows.of(passage)) != count:
                raise _damaged("are not those of the passages")
            cosines[passage] = (numpy.asarray(self.rows.of(passage), dtype=numpy.float32) @ vector).tolist()
        return cosines


def _damaged(how: str) -> IndexDamaged:
    return IndexDamaged(f"The sentence vectors {how}.", "Build it anew with: python -m rag build --rebuild")
