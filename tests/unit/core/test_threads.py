"""Work on another thread: its result, its error, and that this thread goes on meanwhile."""

from __future__ import annotations

import threading

import pytest

from rag.core.system.threads import on_thread


def test_this_thread_goes_on_and_gets_the_result() -> None:
    gone_on = threading.Event()
    result = on_thread(lambda: (gone_on.wait(60), threading.get_ident()))
    gone_on.set()  # which would never be reached, had the work been done here
    assert result()[0]
    assert result()[1] != threading.get_ident()


def test_what_it_raises_is_raised_where_it_is_waited_for() -> None:
    def failing() -> int:
        raise ValueError("no salt")

    result = on_thread(failing)
    with pytest.raises(ValueError, match="no salt"):
        result()
