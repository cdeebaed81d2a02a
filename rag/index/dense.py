"""The dense side: unit vectors in a FAISS index; row i is passage i. The only importer of faiss.

faiss and numpy are imported inside the functions: looking at an index's state needs neither, and on macOS faiss can
crash when torch is imported after it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import IndexDamaged

if TYPE_CHECKING:
    import numpy


def write_dense(path: Path, vectors: numpy.ndarray) -> None:
    """Write unit float32 rows, shape (passages, dimensions), as an exact inner-product index.

    Raises `OSError` when the disk refuses.
    """
    import faiss
    import numpy

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(numpy.ascontiguousarray(vectors, dtype=numpy.float32))
    # Through a file of Python's: faiss's own writing only prints when a full disk refuses its last bytes.
    with path.open("wb") as file:
        writer = faiss.PyCallbackIOWriter(file.write)  # type: ignore[attr-defined] # its stubs do not know it
        faiss.write_index(index, writer)


class DenseIndex:
    """An opened dense index."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises `IndexDamaged` when the file is not such an index."""
        import faiss

        faiss.omp_set_num_threads(1)  # one query is searched on one thread, and others would only spin: 2.2 ms, not 3.2
        try:
            self._index: Any = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexDamaged(
                f"The dense index {path.name} cannot be opened.",
                "Build it anew with: python -m rag build --rebuild",
            ) from error
        self.size = int(self._index.ntotal)
        self.dimensions = int(self._index.d)

    def search(
        self, vector: numpy.ndarray, limit: int, allowed: numpy.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """Return the rows nearest to a unit vector with their cosines, best first, ties by row.

        `allowed` says of each row, as a boolean, whether it may be found; None allows all.
        """
        import faiss
        import numpy

        size = self.size if allowed is None else int(numpy.count_nonzero(allowed))
        if not size:
            return []
        only = None
        if allowed is not None:
            selector: Any = faiss.IDSelectorBitmap  # its stubs know the C++ signature alone
            parameters: Any = faiss.SearchParameters
            only = parameters(sel=selector(numpy.packbits(allowed, bitorder="little")))
        cosines, rows = self._index.search(vector.reshape(1, -1), min(limit, size), params=only)
        found = zip(rows[0].tolist(), cosines[0].tolist(), strict=True)
        return sorted(((row, cosine) for row, cosine in found if row >= 0), key=lambda pair: (-pair[1], pair[0]))

    def rows(self, rows: numpy.ndarray) -> numpy.ndarray:
        """Return some rows' vectors, shape (len(rows), dimensions), float32."""
        found: numpy.ndarray = self._index.reconstruct_batch(rows)
        return found

    def vectors(self) -> numpy.ndarray:
        """Return all rows, shape (size, dimensions), float32."""
        rows: numpy.ndarray = self._index.reconstruct_n(0, self.size)
        return rows
