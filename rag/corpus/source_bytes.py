"""Read a file's bytes, all from one moment; a pipe makes nobody wait, and a device is not read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from rag.core.errors import UnreadableDocument

LARGEST_SOURCE = 512 * 2**20  # bytes: what is hashed; how much is read as a document is a setting
_TRIES = 3


def read_source(corpus: Path, path: str) -> bytes:
    """Return a source's bytes, all from one moment.

    Raises `UnreadableDocument` when the file cannot be read, or kept changing while it was read.
    """
    for _ in range(_TRIES):
        try:
            with open(corpus / path, "rb", opener=_open_at_once) as file:
                before = os.fstat(file.fileno())
                if not stat.S_ISREG(before.st_mode):
                    raise UnreadableDocument("It is not a regular file.", "Remove it from the corpus folder.")
                data = file.read(LARGEST_SOURCE + 1)
                after = os.fstat(file.fileno())
        except OSError as error:
            raise UnreadableDocument(
                f"It cannot be opened ({error.strerror or error}).",
                "Check that it is there and its permissions.",
            ) from error
        if len(data) > LARGEST_SOURCE:
            raise UnreadableDocument(
                f"It has more than {LARGEST_SOURCE // 2**20} MiB.", "Split it into smaller documents."
            )
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(data) == after.st_size:
            return data
    raise UnreadableDocument("It kept changing while it was read.", "Build again when it is finished.")


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting: a pipe that nobody writes to would hold the program up for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
