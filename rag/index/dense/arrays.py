"""Write .npy through Python's file object, so that a full disk surfaces as `OSError`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import numpy


def write_array(path: Path, array: numpy.ndarray) -> None:
    """Write an array as .npy. Raises `OSError` when the disk refuses.

    Given a file, numpy writes on its own and reports of a full disk only a short write.
    """
    import numpy

    with path.open("wb") as file:
        numpy.save(_Written(file), array, allow_pickle=False)  # it needs `write` alone


class _Written:
    """A writer that numpy does not recognise as a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        """Write to the file."""
        return self._file.write(data)
