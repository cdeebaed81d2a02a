"""Write and search unit vectors in a FAISS index; row i is passage i. Only this module and its kinds import faiss.

faiss and numpy are imported inside the functions: looking at an index's state needs neither, and on macOS faiss can
crash when torch is imported after it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.core.errors import IndexDamaged
from rag.index.dense.arrays import write_array
from rag.index.dense.dense_kinds import (
    EXACT,
    EXACT_UP_TO,
    DenseKind,
    chosen_kind,
    exact_index,
    quantised_index,
    searched_lists,
)

if TYPE_CHECKING:
    import numpy


def write_dense(
    path: Path, vectors_path: Path, vectors: numpy.ndarray, questions: numpy.ndarray, *, exact_up_to: int | None = None
) -> DenseKind:
    """Write unit float32 rows, shape (passages, dimensions), as an inner-product index, and return its kind.

    `questions` are directions, int8, such as people might ask: an index of more than `exact_up_to` passages, by default
    `EXACT_UP_TO`, proves itself on them.
    The rows themselves go to `vectors_path` where the index does not hold them. Raises `OSError` when the disk refuses.
    """
    import faiss
    import numpy

    faiss.omp_set_num_threads(os.cpu_count() or 1)
    rows = numpy.ascontiguousarray(vectors, dtype=numpy.float32)
    kind = EXACT
    if len(rows) > (EXACT_UP_TO if exact_up_to is None else exact_up_to):
        index = quantised_index(rows)
        kind = chosen_kind(index, rows, questions)
    if kind.name == "exact":
        index = exact_index(rows)
    else:
        write_array(vectors_path, rows)
    # Through a file of Python's: faiss's own writing only prints when a full disk refuses its last bytes.
    with path.open("wb") as file:
        writer = faiss.PyCallbackIOWriter(file.write)  # type: ignore[attr-defined] # its stubs do not know it
        faiss.write_index(index, writer)
    return kind


_OFF_UNIT = 1e-3
"""How far from 1 the squared length of a unit vector of floats may be, generously."""


_MOST = 0.9
"""The share of the rows that may be found from which on no more lists are looked through than for all of them."""


class DenseIndex:
    """An opened dense index: mapped, so that only what is asked for is read."""

    def __init__(self, path: Path, vectors_path: Path, kind: DenseKind) -> None:
        """Open it. Raises `IndexDamaged` when the files are not such an index."""
        import faiss
        import numpy

        faiss.omp_set_num_threads(1)  # one query is searched on one thread, and others would only spin: 2.2 ms, not 3.2
        try:
            self._index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            self.size = int(self._index.ntotal)
            self.dimensions = int(self._index.d)
            self._kind = kind
            if kind.name == "exact":
                if not isinstance(self._index, faiss.IndexFlat):
                    raise ValueError("it is of another kind")
                self._vectors = None
            else:
                if not isinstance(self._index, faiss.IndexIVFRaBitQ) or self._index.nlist != kind.lists:
                    raise ValueError("it is of another kind")
                self._vectors = numpy.asarray(numpy.load(vectors_path, mmap_mode="r", allow_pickle=False))
                if self._vectors.shape != (self.size, self.dimensions) or self._vectors.dtype != numpy.float32:
                    raise ValueError("codes and vectors do not belong together")
        except (RuntimeError, OSError, ValueError, EOFError, MemoryError) as error:
            raise IndexDamaged(f"The dense index {path.name} cannot be opened.") from error

    def search(
        self, vector: numpy.ndarray, limit: int, allowed: numpy.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """Return the rows nearest to a unit vector with their cosines, best first, ties by row.

        `allowed` says of each row, as a boolean, whether it may be found; None allows all. In a quantised index a few
        of the rows that an exact search would return may be missing; those that are returned have their own cosines.
        """
        import numpy

        size = self.size if allowed is None else int(numpy.count_nonzero(allowed))
        if not size:
            return []
        rescored = self._kind.rescored
        candidates = min(max(rescored, 2 * limit) if rescored else limit, size)
        rows, cosines = self._candidates(vector, candidates, allowed)
        if rescored:
            rows = numpy.sort(rows)  # as they lie in the file
            cosines = products(self.rows(rows), vector)
        best = numpy.lexsort((rows, -cosines))[:limit]
        return list(zip(rows[best].tolist(), cosines[best].tolist(), strict=True))

    def _candidates(
        self, vector: numpy.ndarray, limit: int, allowed: numpy.ndarray | None
    ) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return rows and their cosines, or what the codes take for them, in no order that holds."""
        import faiss
        import numpy

        only: Any = None
        if allowed is not None:
            selector: Any = faiss.IDSelectorBitmap  # its stubs know the C++ signature alone
            only = selector(numpy.packbits(allowed, bitorder="little"))
        if self._vectors is not None:
            # Few rows may all lie in other lists than those nearest to the question.
            most = allowed is None or numpy.count_nonzero(allowed) >= _MOST * self.size
            parameters = searched_lists(self._kind.probed if most else self._kind.lists, only)
        else:
            exact: Any = faiss.SearchParameters
            parameters = only and exact(sel=only)
        cosines, rows = self._index.search(vector.reshape(1, -1), limit, params=parameters)
        if rows.max(initial=-1) >= self.size:
            raise IndexDamaged("The dense index was altered.")
        there = rows[0] >= 0
        return rows[0][there], cosines[0][there]

    def rows(self, rows: numpy.ndarray) -> numpy.ndarray:
        """Return some rows' vectors, shape (len(rows), dimensions), float32.

        Raises `IndexDamaged` where one is no unit vector: it would be found first, or never, whatever was asked.
        """
        import numpy

        found: numpy.ndarray = self._index.reconstruct_batch(rows) if self._vectors is None else self._vectors[rows]
        if not numpy.all(numpy.abs(numpy.einsum("ij,ij->i", found, found) - 1) < _OFF_UNIT):
            raise IndexDamaged("A vector of the index was altered.")
        return found

    def vectors(self) -> numpy.ndarray:
        """Return all rows, shape (size, dimensions), float32; those of a quantised index are mapped."""
        rows: numpy.ndarray = self._index.reconstruct_n(0, self.size) if self._vectors is None else self._vectors
        return rows


def products(vectors: numpy.ndarray, vector: numpy.ndarray) -> numpy.ndarray:
    """Return inner products, each to the same last bit whatever else was found; a matrix product's are not."""
    import numpy

    found: numpy.ndarray = numpy.einsum("ij,j->i", vectors, vector)
    return found
