"""The view of the corpus: what there is to quote from, and how the index stands to it."""

from __future__ import annotations

import streamlit as st

from rag.config import load_settings
from rag.errors import RagError
from rag.page.building import bring_up_to_date
from rag.page.shared import engine_or_reason, sources
from rag.render import page
from rag.status import status

MOST_ROWS = 200


def view() -> None:
    """What there is to quote from, and how the index stands to it."""
    st.html(page.top_html("Corpus"))
    engine = engine_or_reason()
    if engine is None:
        return
    settings = load_settings()
    try:
        now = status(settings)
        st.html(page.status_html(now))
        if not now.current and st.button("Bring the index up to date"):
            bring_up_to_date(settings)
    except RagError as error:
        st.html(page.error_html(error))
    manifest = engine.index.manifest
    st.html('<h2 class="rag-subtitle">Sources</h2>')
    rows = sources(engine, str(engine.index.path))
    if len(rows) > MOST_ROWS:
        wanted = st.text_input("Show sources whose title or file name holds").casefold()
        rows = [row for row in rows if wanted in f"{row[0].title}\n{row[0].path}".casefold()]
        st.text(f"{min(len(rows), MOST_ROWS)} of {len(rows)} are shown.")
    st.html(page.sources_html(rows[:MOST_ROWS], engine.standing))
    st.html('<h2 class="rag-subtitle">Left out</h2>' + page.left_out_html(manifest.skipped, manifest.duplicates))
    st.html(
        '<h2 class="rag-subtitle">Index</h2>'
        + page.index_html(engine.info, engine.operating_point, pinned=engine.index.pinned)
    )
    st.html(page.notice_html("If the index is damaged, make all of it again:"))
    if st.button("Build the index anew"):
        bring_up_to_date(settings, rebuild=True)
