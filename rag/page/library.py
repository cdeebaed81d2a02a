"""Show the Corpus view: the documents, how the index stands to them, and changing both."""

from __future__ import annotations

import streamlit as st

from rag.answer.engine import Engine
from rag.building.build import go_back
from rag.building.status import status
from rag.core.config import Settings, load_settings
from rag.core.errors import RagError
from rag.core.types.reports import CorpusStatus
from rag.index.previous_generation import kept_beside
from rag.page.access import locking, may_curate, require_curator
from rag.page.adding import adding
from rag.page.checking import checking, known_findings
from rag.page.html import library_html as corpus
from rag.page.html import page_html as page
from rag.page.listing import ListedDocument, ListingFilter, listed, narrowed
from rag.page.paging import paged
from rag.page.rebuilding import building, start_build, watch
from rag.page.removing import removing
from rag.page.shared import engine_or_reason, sources

_PAGE = 50
_ONLY = ("have something to mend", "are overdue for review", "are withdrawn")


def view() -> None:
    """Show what can be quoted, how the index stands to it, and what a curator can change."""
    st.html(page.top_html("Corpus") + corpus.WIDE)
    engine = engine_or_reason()
    if engine is None:
        return
    settings = load_settings()
    documents = sources(engine, str(engine.index.path))
    now = _standing(settings)
    locking(settings)
    if may_curate(settings):
        adding(settings)
        removing(settings, [document for document, _ in documents])
    st.html('<h2 class="rag-subtitle">Sources</h2>')
    _sources(listed(documents, engine.standing, known_findings(settings)))
    checking(settings, now.state if now else "")
    st.html('<h2 class="rag-subtitle">Left out</h2>')
    st.html(page.left_out_html(engine.index.manifest.skipped, engine.index.manifest.duplicates))
    _index(settings, engine)


def _standing(settings: Settings) -> CorpusStatus | None:
    """Say how the index stands to the corpus folder, and let it be brought up to date."""
    try:
        now = status(settings)
        st.html(page.status_html(now))
        behind = not now.current and not building(settings) and may_curate(settings)
        if behind and st.button("Bring the index up to date"):
            start_build(settings)
    except RagError as error:
        st.html(page.error_html(error))
        now = None
    watch(settings, "build")
    return now


@st.fragment
def _sources(rows: list[ListedDocument]) -> None:
    """Show the documents; a fragment, so that searching them draws nothing else."""
    if not rows:
        st.html(corpus.table_html(rows))
        return
    with st.expander("Search and narrow the sources"):
        choices = page.choices([row.document for row in rows])
        words = st.text_input("Title or file name holds", key="sources-words")
        chosen: dict[str, list[str]] = {}
        for name in ("kinds", "licences"):
            label, options = choices[name]
            if options:
                shown = options.__getitem__
                chosen[name] = st.multiselect(label, list(options), format_func=shown, key=f"sources-{name}")
        only = st.multiselect("Only those that", _ONLY, key="sources-only")
    asked = ListingFilter(
        words,
        tuple(chosen.get("kinds", ())),
        tuple(chosen.get("licences", ())),
        *(which in only for which in _ONLY),
    )
    found = narrowed(rows, asked)
    if asked != ListingFilter():
        st.html(page.notice_html(f"{len(found):,} of {len(rows):,} documents."))
    st.html(corpus.table_html(paged("sources", found, _PAGE)))


def _index(settings: Settings, engine: Engine) -> None:
    """Show which index answers, and let it be gone back from or built anew."""
    st.html('<h2 class="rag-subtitle">Index</h2>')
    st.html(page.index_html(engine.info, engine.operating_point, pinned=engine.index.pinned))
    if not may_curate(settings):
        return
    if kept := kept_beside(settings.index):
        st.html(corpus.kept_html(kept))
        if st.button("Go forward to the newer index" if kept.newer else "Go back to the index before"):
            _go(settings, follow=kept.newer)
    st.html(page.notice_html("If the index is damaged, make all of it again:"))
    if st.button("Build the index anew", disabled=building(settings)):
        start_build(settings, rebuild=True)


def _go(settings: Settings, *, follow: bool) -> None:
    try:
        require_curator(settings)
        go_back(settings, wait_seconds=1, follow=follow)
    except RagError as error:
        st.html(page.error_html(error))
        return
    st.rerun()
