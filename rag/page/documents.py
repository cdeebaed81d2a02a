"""The view of one document."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from rag.page.shared import engine_or_reason, go_to, scroll, sources
from rag.render import page
from rag.render.characters import one_line
from rag.types import Document, Passage


class Opened(NamedTuple):
    """The document that a quote was opened in, and where to come back to."""

    document: Document
    passage: Passage
    quote: str


def view() -> None:
    """One document, whole, with the passage that was opened marked."""
    opened: Opened | None = st.session_state.get("opened")
    heading = st.container()
    engine = engine_or_reason()
    if engine is None:
        heading.html(page.top_html("Documents"))
        return
    there = [each for each, _ in sources(engine, str(engine.index.path))]
    titles = {each.id: f"{one_line(each.title)} ({one_line(each.path)})" for each in there}
    ids = list(titles)
    at = ids.index(opened.document.id) if opened and opened.document.id in titles else None
    chosen = st.selectbox("Document", ids, index=at, format_func=titles.__getitem__, placeholder="Choose a document")
    kept = opened if opened and chosen in (None, opened.document.id) else None
    if kept:
        shown = kept.document
    elif chosen:
        shown = engine.document(chosen)
    else:
        heading.html(page.top_html("Documents"))
        return
    heading.html(page.top_html(shown.title))
    st.html(page.source_html(shown, engine.standing(shown)))
    if shown.id not in titles:
        st.html(page.notice_html("This document is no longer in the index; this is its text as it was quoted."))
    elif engine.has_corpus and not engine.is_unchanged(shown):
        st.html(page.notice_html("The file has changed since the index was built; this is its text as it was then."))
    if kept and st.button("Back to the answer"):
        st.session_state.scroll_to = kept.quote
        go_to("ask")
    st.html(page.document_html(shown, kept.passage if kept else None))
    scroll(st.session_state.pop("scroll_to", None))
