"""Start processes of this package, and hand work to them, so that what crashes or hangs costs one request.

An `Apart` starts its process for the first request, has it answer one after the other, and starts it anew after one
that it did not survive. What goes to and fro is pickled, over pipes that only the two processes have: it is this
package that speaks on both sides. No file is ever unpickled, of an index or of anything else.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

_SIZE = struct.Struct(">Q")


class DidNotSurviveError(Exception):
    """A process ended over a request, `late` because it was given no more time; `how` else."""

    def __init__(self, *, late: bool, how: str) -> None:
        super().__init__(late, how)
        self.late = late
        self.how = how


class Apart:
    """A process of its own that answers one request at a time, each in so many seconds; None is all the time it takes.

    A context manager; the process ends with it. `worker` is the module that is run: it calls `serve`, whose `opened` is
    given `opening`.
    """

    def __init__(self, worker: str, opening: Any, seconds: float | None = None) -> None:
        self.worker = worker
        self.opening = opening
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def ask(self, request: Any) -> Any:
        """Return what the process answers to a request. Raises `DidNotSurviveError`; the next one is asked anew."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(threading.TIMEOUT_MAX if self.seconds is None else self.seconds, end)
        timer.start()
        try:
            send(process.stdin, request)
            return receive(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            with suppress(subprocess.TimeoutExpired):
                process.wait(1)  # so that it is known how it ended
            self.close()
            raise DidNotSurviveError(late=late.is_set(), how=how_it_ended(process.returncode)) from None
        finally:
            timer.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        process = start_module(self.worker, quiet=True)
        assert process.stdin is not None
        with suppress(OSError):  # if it could not start, reading from it says so
            send(process.stdin, self.opening)
        return process

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


def serve(opened: Callable[[Any], Callable[[Any], Any]]) -> None:
    """Answer the requests of an `Apart` until there are no more; what libraries print goes nowhere.

    `opened` is given what the process is opened with, and returns what answers a request.
    """
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    sys.stdin.close()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        respond = opened(receive(requests))
        while True:
            send(answers, respond(receive(requests)))


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


def start_module(module: str, *, own_group: bool = False, quiet: bool = False) -> subprocess.Popen[bytes]:
    """Start `python -m module` with this package on its path, its standard input and output being pipes.

    `own_group` makes it the head of a process group, so that what it starts can be ended with it; `quiet` drops what
    goes to its standard error.
    """
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if quiet else None,
        env=_environment(),
        start_new_session=own_group,
    )


def run_module(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m module` to its end; return its exit code and what it printed.

    Its standard input ends when this process does, so that it need not go on alone even when we are killed.
    """
    reading, writing = os.pipe()
    try:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            stdin=reading,
            env=_environment(),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    finally:
        os.close(reading)
        os.close(writing)


def how_it_ended(code: int | None) -> str:
    """Name the signal that ended a process, or say "an error"."""
    return signal.Signals(-code).name if code is not None and code < 0 and -code in set(signal.Signals) else "an error"


def _environment() -> dict[str, str]:
    package = str(Path(__file__).parents[3])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))}
