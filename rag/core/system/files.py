"""Write files whole or not at all, one writer at a time, and report a disk that refuses as `StorageError`."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from rag.core.errors import RagError, StorageError

UNFINISHED = ".unfinished-"
"""How the names of files and folders begin that are being written; a killed process may leave them behind."""

FLUSHING = "RAG_FSYNC"
"""The environment variable that, set to `off`, leaves flushing to the system: for tests, in their processes as well."""


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what the disk says while something is written below `path` into `StorageError`."""
    try:
        yield
    except OSError as error:
        advice = "Check that you may write there"
        if error.errno in (errno.ENOSPC, errno.EDQUOT) or "space" in str(error) or "is full" in str(error):
            advice = "Free some space"
        elif error.errno is None:  # a library's own words, which do not always say what the disk said
            advice = "Free some space, or check that you may write there"
        raise StorageError(
            f"Writing to {path} failed: {error.strerror or error}.", f"{advice}; what was there before is untouched."
        ) from error


@contextlib.contextmanager
def locked(path: Path, wait_seconds: float, busy: RagError) -> Iterator[None]:
    """Hold a lock file against other processes and other threads of this one; it is made in its folder if need be.

    Who may write in the folder may hold it. The file stays: were it removed, one process could hold what is gone and
    another what is new. Raises `busy` when somebody else holds it for longer than `wait_seconds`, `StorageError` when
    it cannot be made, as in a folder that is read-only, or locked, as on some network drives.
    """
    from filelock import FileLock, Timeout  # asking needs none, and it takes a while to load

    with storage_errors(path.parent):
        lock = FileLock(path, mode=path.parent.stat().st_mode & 0o666)
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise busy from None
        except NotImplementedError as error:
            raise StorageError(
                f"Files in {path.parent} cannot be locked ({error}).", "Put the folder on another file system."
            ) from error
    try:
        yield
    finally:
        lock.release()


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace a file's content in one step, flushed to the disk before and after."""
    unfinished = path.with_name(f"{UNFINISHED}{os.getpid()}-{threading.get_ident()}")
    try:
        with unfinished.open("wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            flush_file(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    flush_folder(path.parent)


def flush_file(descriptor: int) -> None:
    """Make what was written to an open file survive a power cut. Raises `OSError` when the disk refuses."""
    if os.environ.get(FLUSHING) != "off":
        os.fsync(descriptor)


def flush_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            flush_file(descriptor)
        finally:
            os.close(descriptor)
