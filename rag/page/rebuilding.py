"""Build from the page: beside the server, watched by every session, while questions are answered as before."""

from __future__ import annotations

import streamlit as st

from rag.core.config import Settings
from rag.core.errors import RagError
from rag.page.access import may_curate, require_curator
from rag.page.html import library_html as corpus
from rag.page.html import page_html as page
from rag.page.jobs.desk import Desk
from rag.page.jobs.work import Work

_EVERY = 1.0  # seconds between two looks at work under way
_SELDOM = 5.0  # seconds between two looks whether somebody has started some
_STOPPED = {
    "build": "The build was stopped: the index is what it was before.",
    "check": "The check was stopped.",
}


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """Return the desk where the work of all sessions lies."""
    return Desk()


def start_build(settings: Settings, *, rebuild: bool = False) -> None:
    """Start a build, unless one is under way already, and draw the page anew."""
    require_curator(settings)
    desk().start(settings, "build", settings, rebuild=rebuild, wait_seconds=1.0)
    st.rerun()


def building(settings: Settings) -> bool:
    """Say whether a build is under way."""
    work = desk().latest(settings, "build")
    return work is not None and work.running


def watch(settings: Settings, task: str) -> None:
    """Show how far the task has come and what came of it; the page is drawn anew when that changes."""
    work = desk().latest(settings, task)
    running = work is not None and work.running
    st.fragment(_follow, run_every=_EVERY if running else _SELDOM)(settings, task, work, running)
    if work is None or running:
        return
    if isinstance(work.error, RagError):
        st.html(page.error_html(work.error))
    elif work.state == "stopped":
        st.html(page.notice_html(_STOPPED[task]))
    elif task == "build":
        st.html(corpus.outcome_html(work, page.report_html(work.result)))


def _follow(settings: Settings, task: str, drawn: Work | None, was_running: bool) -> None:
    """Show progress; draw the whole page anew when work has begun or ended since it was drawn."""
    work = desk().latest(settings, task)
    if work is not drawn or (was_running and work is not None and not work.running):
        st.rerun()
    if work is None or not work.running:
        return
    share, line = corpus.progress_line(work)
    st.progress(share, line)
    if task == "build":
        st.html(corpus.MEANWHILE)
    if may_curate(settings) and st.button("Stop it", key=f"stop-{task}"):
        require_curator(settings)
        work.stop()
        st.rerun()
