"""Show the About view: what a quote is worth, the error rates, the model, what is kept."""

from __future__ import annotations

import streamlit as st

from rag.core.config import load_settings
from rag.core.version import __version__
from rag.corpus.records.records_folder import records_folder
from rag.page.html import about_html as about
from rag.page.html import page_html as page
from rag.page.shared import engine_or_reason


def view() -> None:
    """Show what a quote is worth, what the program runs on, and what it keeps."""
    st.html(page.top_html("About"))
    st.html(about.verbatim_html())
    engine = engine_or_reason()
    if engine is not None:
        manifest = engine.index.manifest
        st.html(about.errors_html(engine.operating_point))
        st.html(about.index_html(engine.info, manifest.model, manifest.encoder))
    folder = records_folder(load_settings())
    st.html(
        about.privacy_html(
            folder.path,
            kept=folder.file.exists(),
            statistics=bool(st.get_option("browser.gatherUsageStats")),
            address=st.get_option("server.address"),
        )
    )
    st.html(about.command_line_html())
    st.html(about.licence_html(__version__))
