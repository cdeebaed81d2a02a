"""Verify that files are what was written: JSON that carries its own checksum, and records of files' bytes.

A native library believes what a file says of itself, which stands at its beginning or its end, and may end the process
over what it does not expect there. So files are looked at before such a library is given them: as a whole, or at both
ends where they are large or the rest of them is checked as it is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ENDS = 2**16  # bytes
_WHOLE_UP_TO = 2**24  # bytes: 12 ms; it is paid by every cold question
_BEGINNING = 2**21
"""Bytes of a larger file's beginning: what a dense index says of its lists, of which a wrong length takes gigabytes."""

_OPENING = '{"checksum": "'


def sealed(record: Mapping[str, Any]) -> str:
    """Return a record that is not empty as JSON, the checksum of the rest first."""
    rest = json.dumps(record)[1:]
    return f'{_OPENING}{_sha256(rest)}",{rest}'


def seal_holds(text: str) -> bool:
    """Say whether a sealed record is, to the character, as it was written."""
    end = len(_OPENING) + 64
    return (
        text.startswith(_OPENING) and text[end : end + 2] == '",' and _sha256(text[end + 2 :]) == text[end - 64 : end]
    )


def unsealed(text: str) -> dict[str, Any]:
    """Return a sealed record. Raises `ValueError` when it is not as it was written."""
    if not seal_holds(text):
        raise ValueError("its checksum is not that of its content")
    record: dict[str, Any] = json.loads(text)
    del record["checksum"]
    return record


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file's size, the SHA-256 of its bytes, that of those at its two ends, and of a large one's whole beginning."""

    size: int
    sha256: str
    ends: str
    beginning: str = ""

    def has_size(self, path: Path) -> bool:
        """Say whether there is a file of this size."""
        return path.is_file() and path.stat().st_size == self.size

    def is_of(self, path: Path) -> bool:
        """Say whether a file has these bytes; reads all of them."""
        try:
            return self.has_size(path) and _digest(path) == self.sha256
        except OSError:
            return False

    def may_be_opened(self, path: Path, *, plain: bool = False) -> bool:
        """Say whether a file may be given to a library; one that is `plain` is looked at only at its ends.

        Plain is what consists of numbers, or of rows with checksums of their own.
        """
        if not plain and self.size <= _WHOLE_UP_TO:
            return self.is_of(path)
        try:
            if not plain and self.beginning and _beginning(path) != self.beginning:
                return False
            return self.has_size(path) and _ends(path, self.size) == self.ends
        except OSError:
            return False


def file_record(path: Path) -> FileRecord:
    """Return the record of a file as it is. Raises `OSError` when it cannot be read."""
    size = path.stat().st_size
    return FileRecord(size, _digest(path), _ends(path, size), _beginning(path) if size > _WHOLE_UP_TO else "")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ends(path: Path, size: int) -> str:
    with path.open("rb") as file:
        digest = hashlib.sha256(file.read(_ENDS))
        file.seek(max(0, size - _ENDS))
        digest.update(file.read())
    return digest.hexdigest()


def _beginning(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.sha256(file.read(_BEGINNING)).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
