"""Open what a question needs while the first one is still being typed."""

from __future__ import annotations

import contextlib
from threading import Thread

import streamlit as st

from rag.answer.engine import Engine
from rag.page.examples import examples

_ANYTHING = "What is there to ask about?"
"""Asked where the corpus's own headings make no question; one of those is answered, so that quoting is warm as well."""


@st.cache_resource(show_spinner=False, max_entries=1)
def warm(_engine: Engine, generation: str) -> None:
    """Ask an index something in the background, once, so that its model, files and rules are there."""
    # No daemon, as Streamlit's own threads are: cut off within a library at the process's end, it would abort it.
    Thread(target=_ask, args=(_engine,), name="warming", daemon=False).start()


def _ask(engine: Engine) -> None:
    with contextlib.suppress(Exception):  # whatever is wrong is said to the person who asks
        for question in (*examples(engine.index)[:3], _ANYTHING):
            engine.ask(question)
