"""The process that reads documents for `ReadingApart`: `python -m rag.readers.worker`, not for people."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag.errors import UnreadableDocument
from rag.readers.apart import receive, send
from rag.readers.limits import Limits
from rag.readers.registry import read_document


def serve(respond: Callable[[Any, Limits], Any]) -> None:
    """Answer the requests of an `Apart` until there are no more; what libraries print goes nowhere.

    What is `UnreadableDocument` is answered as its message and its advice.
    """
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    sys.stdin.close()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        limits: Limits = receive(requests)
        _bound(limits.memory)
        while True:
            request = receive(requests)
            try:
                send(answers, respond(request, limits))
            except UnreadableDocument as error:
                send(answers, (error.message, error.advice))
            except MemoryError:
                advice = "Split it, or raise memory under [reading] in rag.toml."
                send(answers, (f"Reading it takes more than {limits.memory} MiB of memory.", advice))


def _bound(memory: int) -> None:
    """Let this process take no more than so many MiB, where the system can see to that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory * 2**20, memory * 2**20))


if __name__ == "__main__":
    serve(lambda request, limits: read_document(request[0], request[1], limits))
