"""Work on another thread while this one goes on: for libraries that let go of Python's lock while they work."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Result = TypeVar("Result")


def on_thread(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin some work, and return what waits for it and gives its result, or raises what it raised.

    It must not begin such work itself: all threads could then be waiting for others.
    """
    return _threads().submit(work).result


@cache
def _threads() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="rag")
