"""Show the Document view: one document, opened at a passage."""

from __future__ import annotations

import streamlit as st

from rag.core.types.answers import Quote
from rag.core.types.documents import Document
from rag.page import document_text
from rag.page.found_places import Opened, OpenedPassage, hits_in, last_answered
from rag.page.html import page_html as page
from rag.page.html.document_html import MARKED, HitSpan, arrival_script, hit_line
from rag.page.shared import engine_or_reason, go_to, sources
from rag.text.characters import one_line


def view() -> None:
    """One document with the passage that was opened marked, and what else was found in it."""
    opened: Opened | OpenedPassage | None = st.session_state.get("opened")
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
    listed = kept if isinstance(kept, OpenedPassage) else None
    found = kept if isinstance(kept, Opened) else last_answered(st.session_state.get("turns", []))
    hits = hits_in(shown, found.answer) if found else []
    marked = next((hit for quote, hit in hits if found is kept and found and quote == found.quote), None)
    if listed:
        marked = listed.hit
        if st.button("Back to the map" if listed.view == "map" else "Back to the answer"):
            st.session_state.scroll_to = listed.place
            go_to(listed.view)
    elif found and hits:
        go_through(found, hits, marked)
    document_text.show(engine, shown, marked, [hit for _, hit in hits if hit is not marked])
    arrive(shown)


def go_through(found: Opened, hits: list[tuple[Quote, HitSpan]], marked: HitSpan | None) -> None:
    """Say which hit is shown, and let the ones before and after it be opened, and the answer gone back to."""
    every = len(found.answer.quotes)
    here = "all" if len(hits) == every else f"{len(hits)} of them"
    said = f"The last answer has {every} hit{'' if every == 1 else 's'}; {here} in this document"
    if marked:
        said = f"{marked.name} (quote {found.quote.rank} of the answer)" + (f"; {here} in this document" * (every > 1))

    def go(to: Opened) -> None:
        st.session_state.opened, st.session_state.scroll_to = to, MARKED

    before, after = (found.moved(-1), found.moved(1)) if marked else (found.at(hits[-1][0]), found.at(hits[0][0]))
    with st.container(horizontal=True, key="hits"):
        st.html(hit_line(f"{said}."))
        if every > 1 or not marked:
            st.button("Previous hit", shortcut="Alt+P", on_click=go, args=(before,))
            st.button("Next hit", shortcut="Alt+N", on_click=go, args=(after,))
        if marked and st.button("Back to the answer"):
            st.session_state.scroll_to = found.place
            go_to("ask")


def arrive(document: Document) -> None:
    """Bring what was gone to into view, once, and unfold the outline of another document where there is room."""
    name = st.session_state.pop("scroll_to", None)
    if name or st.session_state.get("arrived_in") != document.id:
        st.session_state.arrived_in = document.id
        # The same script a second time would not run: Streamlit sees that nothing changed.
        st.session_state.arrivals = st.session_state.get("arrivals", 0) + 1
        st.html(arrival_script(name, st.session_state.arrivals), unsafe_allow_javascript=True)
