"""A disk that fails, at Python's level: the n-th thing that is asked of it below a folder is refused.

What is asked: opening for writing, writing, flushing, renaming, making a folder. What native libraries write on their
own is not seen here.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Faults:
    """Counts what is asked of the disk below a folder, and refuses one of it."""

    ERRORS = (errno.ENOSPC, errno.EIO)

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.seen: list[str] = []
        self.failed = False
        self._count = 0
        self._fails_at = -1
        self._error = 0

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Only write down what is asked."""
        with self.failing(-1, 0):
            yield
        self.seen = list(self._asked)

    @contextmanager
    def failing(self, place: int, error: int) -> Iterator[None]:
        """Refuse what is asked at a place with an error, once."""
        self._asked: list[str] = []
        self._fails_at, self._error, self.failed = place, error, False
        real = {(module, name): getattr(module, name) for module, name in _REPLACED}
        opened = self._opening(io.open)
        for module, name in _REPLACED:
            replaced = opened if name == "open" and module is not os else self._asking(name, real[module, name])
            setattr(module, name, replaced)
        try:
            yield
        finally:
            for (module, name), function in real.items():
                setattr(module, name, function)

    def ask(self, what: str, path: Any) -> None:
        """Count something that is asked, and refuse it if it is its turn."""
        name = str(Path(f"/proc/self/fd/{path}").readlink()) if isinstance(path, int) else os.fspath(path)
        if not isinstance(name, str) or not os.path.abspath(name).startswith(self.folder):  # noqa: PTH100
            return
        self._asked.append(f"{what} {Path(name).name}")
        if len(self._asked) - 1 == self._fails_at:
            self.failed = True
            raise OSError(self._error, os.strerror(self._error), name)

    def _asking(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def ask(path: Any, *rest: Any, **named: Any) -> Any:
            if name != "open" or (rest and rest[0] & (os.O_WRONLY | os.O_RDWR)):
                self.ask(name, path)
            return function(path, *rest, **named)

        return ask

    def _opening(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def ask(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            writes = isinstance(file, str | os.PathLike) and not set(mode).isdisjoint("wax+")
            if writes:
                self.ask("open", file)
            opened = function(file, mode, *rest, **named)
            return _Refusing(opened, self, file) if writes and str(file).startswith(self.folder) else opened

        return ask


class _Refusing:
    """A file whose writing may be refused."""

    def __init__(self, file: Any, faults: Faults, path: Any) -> None:
        self._file, self._faults, self._path = file, faults, path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Refusing:
        return self

    def __exit__(self, *about: object) -> None:
        self._file.close()

    def write(self, data: Any) -> Any:
        """Write, or be refused."""
        self._faults.ask("write", self._path)
        return self._file.write(data)


_REPLACED = (
    (builtins, "open"), (io, "open"), (os, "open"), (os, "fsync"), (os, "mkdir"), (os, "rename"), (os, "replace"),
)  # fmt: skip
