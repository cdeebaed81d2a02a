"""Writing an array so that a disk that refuses is named as it names itself."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import numpy


def write_array(path: Path, array: numpy.ndarray) -> None:
    """Write an array as .npy. Raises `OSError` when the disk refuses.

    Through Python's own writing: given a file, numpy writes on its own and says of a full disk only how much it wrote.
    """
    import numpy

    with path.open("wb") as file:
        numpy.save(_Written(file), array, allow_pickle=False)  # it needs `write` alone


class _Written:
    """What numpy does not recognise as a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        """Write to the file."""
        return self._file.write(data)
