"""Read documents for `ReadingApart`, in a process of its own: `python -m rag.readers.reading_worker`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.system.processes import serve
from rag.readers.registry import read_document


def serve_within_limits(respond: Callable[[Any, Limits], Any]) -> None:
    """Answer the requests of an `Apart` that is opened with limits.

    What is `UnreadableDocument` is answered as its message and its advice.
    """

    def opened(limits: Limits) -> Callable[[Any], Any]:
        _bound(limits.memory)

        def answer(request: Any) -> Any:
            try:
                return respond(request, limits)
            except UnreadableDocument as error:
                return error.message, error.advice
            except MemoryError:
                advice = "Split it, or raise memory under [reading] in rag.toml."
                return f"Reading it takes more than {limits.memory} MiB of memory.", advice

        return answer

    serve(opened)


def _bound(memory: int) -> None:
    """Let this process take no more than so many MiB, where the system can see to that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory * 2**20, memory * 2**20))


if __name__ == "__main__":
    serve_within_limits(lambda request, limits: read_document(request[0], request[1], limits))
