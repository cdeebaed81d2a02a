"""Append, read, export and delete recorded questions, in a file that several sessions write at once."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.core.config import Settings
from rag.core.errors import ConfigError, StorageError
from rag.core.system.files import UNFINISHED, flush_file, flush_folder, locked, storage_errors
from rag.corpus.records.record import Helped, RecordedQuestion, line_of, read_line, together

_FILE = "questions.jsonl"
_WAIT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Records:
    """The questions of a file of records, oldest first, and its unreadable lines: their numbers, and why."""

    questions: tuple[RecordedQuestion, ...] = ()
    unreadable: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RecordsFolder:
    """A folder for kept questions by its path; it is made when the first one is kept."""

    path: Path

    @property
    def file(self) -> Path:
        """The file that holds them."""
        return self.path / _FILE

    def append(self, kept: RecordedQuestion | Helped) -> None:
        """Add a line: whole, or not at all. Raises `StorageError` when the disk refuses."""
        with self._writing():
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
            descriptor = os.open(self.file, flags, 0o600)
            try:
                size = os.fstat(descriptor).st_size
                line = line_of(kept)
                if size and _last_byte(descriptor, size) != b"\n":
                    line = b"\n" + line  # whoever wrote before was cut off; theirs stays a line of its own
                try:
                    if os.write(descriptor, line) != len(line):
                        raise OSError("there is no space left")
                    flush_file(descriptor)
                except OSError:
                    with contextlib.suppress(OSError):
                        os.ftruncate(descriptor, size)
                    raise
            finally:
                os.close(descriptor)

    def read(self) -> Records:
        """Return what was kept; a line that cannot be read stops nothing. Raises `StorageError`."""
        lines: list[RecordedQuestion | Helped] = []
        unreadable = []
        for number, line in enumerate(self.content().split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                lines.append(read_line(line))
            except ValueError as error:
                unreadable.append((number, str(error)))
        return Records(together(lines), tuple(unreadable))

    def content(self) -> bytes:
        """Return the file as it is, nothing where there is none. Raises `StorageError`."""
        try:
            return self.file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            raise StorageError(
                f"{self.file} cannot be read: {error.strerror or error}.", "Check its permissions."
            ) from error

    def content_of(self, session: str) -> bytes:
        """Return the lines of a session, torn ones included. Raises `StorageError`."""
        return b"".join(line for line in self.content().splitlines(keepends=True) if _is_of(line, session))

    def remove_all(self) -> None:
        """Delete all that was kept; other files in the folder stay. Raises `StorageError`."""
        with self._writing():
            self.file.unlink(missing_ok=True)
            flush_folder(self.path)

    def remove_session(self, session: str) -> None:
        """Delete what was kept of a session, torn lines of it included. Raises `StorageError`."""
        with self._writing():
            lines = self.content().splitlines(keepends=True)
            left = [line for line in lines if not _is_of(line, session)]
            if left == lines:
                return
            unfinished = self.path / f"{UNFINISHED}{os.getpid()}"
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
                with os.fdopen(os.open(unfinished, flags, 0o600), "wb") as file:
                    file.write(b"".join(left))
                    file.flush()
                    flush_file(file.fileno())
                unfinished.replace(self.file)
            finally:
                unfinished.unlink(missing_ok=True)
            flush_folder(self.path)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Be the one who writes, in a folder that is nobody else's to read and that no version control takes in."""
        with storage_errors(self.path):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            ignore = self.path / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            busy = StorageError(
                f"Another session is writing to {self.path}.", "Try again; what was there before is untouched."
            )
            with locked(self.path / "lock", _WAIT_SECONDS, busy):
                yield


def records_folder(settings: Settings) -> RecordsFolder:
    """Return where questions are kept. Raises `ConfigError` for a folder whose files would be read as documents."""
    path = settings.records or settings.index / "records"
    if path.resolve().is_relative_to(settings.corpus.resolve()):
        raise ConfigError(
            f"The folder {path} for kept questions lies in the corpus folder.", "Choose another with RAG_RECORDS."
        )
    return RecordsFolder(path)


def _last_byte(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1)


def _is_of(line: bytes, session: str) -> bool:
    try:
        return read_line(line).session == session
    except ValueError:
        return session.encode() in line
