"""Share among the views: the engine, one for all sessions, the list of sources, going from view to view."""

from __future__ import annotations

import streamlit as st

from rag.answer.engine import Engine, open_index
from rag.core.config import load_settings
from rag.core.errors import IndexDamaged, IndexMismatch, IndexMissing, RagError
from rag.core.types.documents import Document
from rag.page.access import may_curate
from rag.page.examples import examples
from rag.page.html import page_html as page
from rag.page.rebuilding import building, start_build, watch


def engine_or_reason() -> Engine | None:
    """Return the engine, or show why there is none and, where building helps, offer to build."""
    try:
        settings = load_settings()
        here = settings.corpus.is_dir()
        engine = shared_engine(
            str(settings.index),
            str(settings.corpus) if here else None,
            settings.may_refuse,
            settings.may_mislead,
            settings.country,
        )
        sources(engine, str(engine.index.path))  # a torn store shows here and not halfway down a view
    except RagError as error:
        st.html(page.error_html(error))
        if isinstance(error, (IndexMissing, IndexDamaged, IndexMismatch)):
            if not here:
                st.html(page.notice_html(f"There is no corpus folder {settings.corpus} to build one from either."))
            else:
                watch(settings, "build")
                if not building(settings) and may_curate(settings) and st.button("Build the index"):
                    start_build(settings, rebuild=not isinstance(error, IndexMissing))
        return None
    return engine


@st.cache_resource(show_spinner=False, validate=lambda engine: not engine.superseded())
def shared_engine(
    index: str, corpus: str | None, may_refuse: float | None, may_mislead: float | None, country: str | None
) -> Engine:
    """Open the published index, once for all sessions; again when another one is published."""
    return open_index(index, corpus, may_refuse=may_refuse, may_mislead=may_mislead, country=country)


@st.cache_resource(show_spinner=False, max_entries=1)
def sources(_engine: Engine, generation: str) -> list[tuple[Document, int]]:
    """Return an index's documents, without their texts, each with its number of passages."""
    counts = {record.id: record.passages for record in _engine.index.manifest.documents}
    return [(each, counts[each.id]) for each in _engine.index.store.described().values()]


@st.cache_resource(show_spinner=False, max_entries=1)
def examples_of(_engine: Engine, generation: str) -> tuple[str, ...]:
    """Return questions to begin with on an index."""
    return examples(_engine.index)


def scroll(name: str | None) -> None:
    """Bring an element of ours into view, once."""
    if name:
        st.html(page.scroll_script(name), unsafe_allow_javascript=True)


def go_to(view: str) -> None:
    """Show another view, by the name that `app.py` gives it."""
    st.switch_page(st.session_state.views[view])
