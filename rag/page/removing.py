"""Remove a document, after it was named and asked for twice."""

from __future__ import annotations

import streamlit as st

from rag.core.config import Settings
from rag.core.errors import RagError
from rag.core.types.documents import Document
from rag.corpus.editing import remove
from rag.page.access import require_curator
from rag.page.html import library_html as corpus
from rag.page.html import page_html as page
from rag.text.characters import one_line


def removing(settings: Settings, documents: list[Document]) -> None:
    """Let one of the documents be removed from the corpus folder."""
    if done := st.session_state.pop("removed", None):
        st.html(corpus.done_html([("Removed", done)]))
    with st.expander("Remove a document"):
        there = {document.path: document for document in documents}
        key = f"removing-{st.session_state.setdefault('removals', 0)}"
        path = st.selectbox(
            "Document to remove",
            list(there),
            index=None,
            placeholder="Choose a document",
            format_func=lambda each: f"{one_line(there[each].title)} ({one_line(each)})",
            key=key,
        )
        if path is None:
            st.session_state.pop("to_remove", None)
        elif st.session_state.get("to_remove") != path:
            if st.button("Remove it"):
                st.session_state.to_remove = path
                st.rerun()
        else:
            st.html(corpus.removing_html(there[path]))
            with st.container(horizontal=True):
                if st.button("Yes, remove this document"):
                    _remove(settings, path)
                if st.button("Keep it"):
                    _forget()


def _remove(settings: Settings, path: str) -> None:
    try:
        require_curator(settings)
        st.session_state.removed = remove(settings.corpus, path)
    except RagError as error:
        st.html(page.error_html(error))
        return
    _forget()


def _forget() -> None:
    st.session_state.pop("to_remove", None)
    st.session_state.removals += 1
    st.rerun()
