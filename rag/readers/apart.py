"""Reading in a process of its own: a library that crashes, hangs or devours memory takes down one document.

The process is started for the first document that needs it, reads one after the other, and is started anew after one
that it did not survive. What goes to and fro is pickled: it is this package that speaks on both sides.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from rag.errors import UnreadableDocument
from rag.readers.limits import Limits
from rag.readers.registry import is_plain, read_document
from rag.types import Document, Source

_SIZE = struct.Struct(">Q")

_SMALL = 16 * 2**10
"""Bytes of plain text or Markdown that cannot take long, whatever they are: 20,000 "[" take markdown-it 4 seconds."""


class DidNotSurviveError(Exception):
    """A process ended over a request, `late` because it was given no more time; `how` else."""

    def __init__(self, *, late: bool, how: str) -> None:
        super().__init__(late, how)
        self.late = late
        self.how = how


class Apart:
    """A process of its own that answers one request at a time, within limits.

    A context manager; the process ends with it. `worker` is the module that is run: see `rag/readers/worker.py`.
    """

    def __init__(self, worker: str, limits: Limits) -> None:
        self.worker = worker
        self.limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def ask(self, request: Any) -> Any:
        """Return what the process answers to a request. Raises `DidNotSurviveError`; the next one is asked anew."""
        process = self._process = self._process or _started(self.worker, self.limits)
        assert process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.limits.seconds, end)
        timer.start()
        try:
            send(process.stdin, request)
            return receive(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            with suppress(subprocess.TimeoutExpired):
                process.wait(1)  # so that it is known how it ended
            self.close()
            raise DidNotSurviveError(late=late.is_set(), how=_how(process.returncode)) from None
        finally:
            timer.cancel()

    def close(self) -> None:
        """End the process, if there is one."""
        if (process := self._process) is None:
            return
        self._process = None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


class ReadingApart(Apart):
    """Reads documents one at a time: a small plain text here, everything else in a process of its own."""

    def __init__(self, limits: Limits = Limits()) -> None:
        super().__init__("rag.readers.worker", limits)

    def read(self, source: Source, data: bytes) -> Document:
        """Read a source from its bytes. Raises `UnreadableDocument`, also where the process did not survive it."""
        if len(data) <= _SMALL and is_plain(source, data):
            return read_document(source, data, self.limits)
        try:
            answer = self.ask((source, data))
        except DidNotSurviveError as ended:
            raise _unreadable(ended, self.limits) from None
        if isinstance(answer, Document):
            return answer
        raise UnreadableDocument(*answer)


def send(pipe: IO[bytes], value: Any) -> None:
    """Write a value to a pipe, its size first."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_SIZE.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read a value from a pipe. Raises `EOFError` when there is none."""
    head = pipe.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError
    (size,) = _SIZE.unpack(head)
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)


def _started(worker: str, limits: Limits) -> subprocess.Popen[bytes]:
    import rag

    path = os.pathsep.join([str(Path(rag.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        [sys.executable, "-m", worker],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert process.stdin is not None
    with suppress(OSError):  # if it could not start, reading from it says so
        send(process.stdin, limits)
    return process


def _how(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 and -code in set(signal.Signals) else "an error"


def _unreadable(ended: DidNotSurviveError, limits: Limits) -> UnreadableDocument:
    if ended.late:
        return UnreadableDocument(
            f"Reading it took longer than {limits.seconds} seconds.",
            "Split it, save it in another format, or raise seconds under [reading] in rag.toml.",
        )
    return UnreadableDocument(
        f"The program that reads such files ended over it ({ended.how}).", "Save it in another format."
    )
