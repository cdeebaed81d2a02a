"""Do the task of a `Work` in a process of its own: `python -m rag.page.jobs.job_worker`."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

from rag.core.errors import RagError
from rag.core.system.processes import receive, send

TASKS = {"build": "rag.building.build:build", "check": "rag.corpus.lint.check:check", "reading": "rag.page.intake:look"}
"""What can be done here, by name: module and function, which takes `progress`."""

_OFTEN = 0.2  # seconds between two words on progress


def main() -> None:
    """Do one task, saying how far it has come; what libraries print goes to standard error."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    sys.stdin.close()
    os.dup2(2, 1)
    task, arguments, named, niceness = receive(requests)
    with suppress(AttributeError, OSError):  # not every system knows how
        os.nice(niceness)
    threading.Thread(target=_end_with, args=(requests,), daemon=True).start()
    try:
        module, name = TASKS[task].split(":")
        result = getattr(import_module(module), name)(*arguments, **named, progress=_Telling(answers))
        said: tuple[str, Any] = ("done", result)
    except RagError as error:
        said = ("failed", error)
    except Exception as error:  # noqa: BLE001 # whoever waits must hear of it
        traceback.print_exc()
        advice = "What went wrong is printed where the server runs."
        said = ("failed", RagError(f"The {task} failed ({type(error).__name__}).", advice))
    with suppress(BrokenPipeError):
        send(answers, said)
    os._exit(0)  # taking down the libraries would take longer


class _Telling:
    """Progress that is told now and then, and at the beginning and the end of each stage."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._stage = ""
        self._told = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage or done >= total or now - self._told >= _OFTEN:
            self._stage, self._told = stage, now
            send(self._pipe, ("progress", (stage, done, total)))


def _end_with(requests: IO[bytes]) -> None:
    """End this process when nobody is there any more to hear of it."""
    requests.read(1)
    os._exit(1)


if __name__ == "__main__":
    main()
