"""Let curators unlock the page: the gate that all sessions share, and the password form."""

from __future__ import annotations

import streamlit as st

from rag.core.config import Settings
from rag.core.errors import NotAllowed
from rag.page.gate import Gate
from rag.page.html import page_html as page


@st.cache_resource(show_spinner=False)
def gate() -> Gate:
    """Return the gate, one for all sessions: wrong tries slow everybody down."""
    return Gate()


def may_curate(settings: Settings) -> bool:
    """Say whether this session may change the corpus and the index."""
    return gate().may_curate(settings, st.session_state.get("curator"))


def require_curator(settings: Settings) -> None:
    """Raise `NotAllowed` unless this session may. Whatever changes anything calls this itself."""
    gate().require(settings, st.session_state.get("curator"))


def locking(settings: Settings) -> None:
    """Say whether this session may curate, and let it be unlocked and locked."""
    if settings.read_only:
        st.html(page.notice_html("This page is read-only: the corpus is kept elsewhere."))
    elif settings.curator_password is None:
        return
    elif may_curate(settings):
        if st.button("Lock the page again", on_click=lambda: st.session_state.pop("curator", None)):
            st.rerun()
    else:
        with st.expander("Unlock for curators"), st.form("unlocking", border=False, clear_on_submit=True):
            typed = st.text_input("Curators’ password", type="password", autocomplete="current-password")
            if st.form_submit_button("Unlock"):
                _unlock(settings, typed)


def _unlock(settings: Settings, typed: str) -> None:
    try:
        st.session_state.curator = gate().unlock(settings, typed)
    except NotAllowed as refusal:
        st.html(page.error_html(refusal))
        return
    st.rerun()
