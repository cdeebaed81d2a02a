"""The page. Start it with: python -m streamlit run app.py

Its views are in `rag/page/`; what they show is made, and escaped, in `rag/page/html/`.
"""

from __future__ import annotations

import streamlit as st

from rag.core.errors import RagError
from rag.page import about, asking, document, library
from rag.page import map as corpus_map
from rag.page.html.page_html import error_html, page_style

st.set_page_config(page_title="Ask the corpus")
st.html(f"<style>{page_style()}</style>")
views = {
    "ask": st.Page(asking.view, title="Ask", default=True),
    "document": st.Page(document.view, title="Document", url_path="document"),
    "corpus": st.Page(library.view, title="Corpus", url_path="corpus"),
    "map": st.Page(corpus_map.view, title="Map", url_path="map"),
    "about": st.Page(about.view, title="About", url_path="about"),
}
st.session_state.views = views
chosen = st.navigation(list(views.values()), position="hidden")
with st.container(horizontal=True):
    for view in views.values():
        st.page_link(view)
try:
    chosen.run()
except RagError as trouble:
    st.html(error_html(trouble))
