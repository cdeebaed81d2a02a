"""The page. Start it with: python -m streamlit run app.py

Its views are in `rag/page/`, what they show is made, and escaped, in `rag/render/`.
"""

from __future__ import annotations

import streamlit as st

from rag.errors import RagError
from rag.page import about, asking, corpus, documents
from rag.page import map as mapped
from rag.render import page

st.set_page_config(page_title="Ask the corpus")
st.html(page.STYLE)
views = {
    "ask": st.Page(asking.view, title="Ask", default=True),
    "document": st.Page(documents.view, title="Document", url_path="document"),
    "corpus": st.Page(corpus.view, title="Corpus", url_path="corpus"),
    "map": st.Page(mapped.view, title="Map", url_path="map"),
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
    st.html(page.error_html(trouble))
