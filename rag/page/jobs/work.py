"""Follow a task in a process of its own, for any number of sessions: its progress, its result, its end.

A build in the server's own process would compete with questions for Python's one lock, and could not be stopped. The
process ends with the server: it watches the pipe that leads to it.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from rag.core.errors import RagError
from rag.core.system.processes import how_it_ended, receive, send, start_module

State = Literal["running", "done", "failed", "stopped"]

GIVES_WAY = 19
"""How nice work is that nobody waits for: it has what questions leave."""


@dataclass(frozen=True, slots=True)
class Step:
    """The progress of work in its present step, which began at `since`, in seconds of `time.monotonic`."""

    stage: str
    done: int
    total: int
    since: float

    def seconds_left(self, now: float) -> float | None:
        """Return how long the rest of the step will take at the pace so far; None while that is not known."""
        gone = now - self.since
        return gone * (self.total - self.done) / self.done if self.done > 0 and gone >= 2 else None


class Work:
    """One task under way or finished; safe to share among threads.

    `task` is a name in `job_worker.TASKS`. `result` is what it returned, `error` why it failed; it ended at
    `finished_at`, in seconds since the epoch.
    """

    def __init__(self, task: str, *arguments: Any, niceness: int = GIVES_WAY, about: str = "", **named: Any) -> None:
        """Start the task with its arguments. `about` is kept, for whoever asks later what it was about."""
        self.task = task
        self.about = about
        self.state: State = "running"
        self.result: Any = None
        self.error: RagError | None = None
        self.finished_at: float | None = None
        self.step = Step("starting", 0, 0, time.monotonic())
        self._ended = threading.Event()
        self._process = start_module("rag.page.jobs.job_worker", own_group=True)
        message = (task, arguments, named, niceness)
        threading.Thread(target=self._follow, args=(message,), name=f"follows {task}", daemon=True).start()

    @property
    def running(self) -> bool:
        """Say whether it is still under way."""
        return not self._ended.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it has ended, or for so many seconds; say whether it has."""
        return self._ended.wait(seconds)

    def stop(self) -> None:
        """End the process, with those that it started. What it would have published is not; what was, stays."""
        if self.running:
            self.state = "stopped"
            _kill(self._process)
            self._ended.wait(10)

    def _follow(self, message: Any) -> None:
        """Hand the task over, then keep up with what its process says until it ends."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        said: tuple[str, Any] | None = None
        try:
            send(process.stdin, message)
            while said is None or said[0] == "progress":
                said = receive(process.stdout)
                if said is not None and said[0] == "progress":
                    self._keep(*said[1])
        except (OSError, EOFError, pickle.UnpicklingError):
            said = None
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        _kill(process)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                pipe.close()
        process.wait()
        if said is not None and said[0] == "done":
            self.state, self.result = "done", said[1]  # also when it was to be stopped and had been done before
        elif self.state == "running":
            self.error = said[1] if said else _ended_unexpectedly(self.task, process.returncode)
            self.state = "failed"
        self.finished_at = time.time()
        self._ended.set()

    def _keep(self, stage: str, done: int, total: int) -> None:
        if stage == self.step.stage:
            self.step = replace(self.step, done=done, total=total)
        else:
            self.step = Step(stage, done, total, time.monotonic())


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started; it may have ended by itself."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _ended_unexpectedly(task: str, code: int | None) -> RagError:
    return RagError(
        f"The {task} ended unexpectedly ({how_it_ended(code)}); what was published before stays.",
        "Try again; if memory ran out, run it where there is more.",
    )
