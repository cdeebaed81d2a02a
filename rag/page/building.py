"""Building from the page: with its progress, and what it did."""

from __future__ import annotations

import streamlit as st

from rag.build import build
from rag.config import Settings
from rag.errors import RagError
from rag.render import page


def bring_up_to_date(settings: Settings, *, rebuild: bool = False) -> None:
    """Build, showing how far it has come, and draw the page anew."""
    bar = st.progress(0.0, "Starting")
    st.html(page.notice_html("Leave this page as it is until that is done."))

    def progress(stage: str, done: int, total: int) -> None:
        bar.progress(done / total if total else 1.0, f"{stage.capitalize()}: {done} of {total}")

    try:
        st.session_state.report = build(settings, rebuild=rebuild, progress=progress, wait_seconds=1)
    except RagError as error:
        bar.empty()
        st.html(page.error_html(error))
        return
    st.rerun()
