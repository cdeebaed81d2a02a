"""Keep the pictures of pages that a session has at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import streamlit as st

from rag.answer.engine import Engine
from rag.core.config import load_settings
from rag.core.errors import RagError, UnreadableDocument
from rag.core.types.documents import Document
from rag.corpus.source_bytes import read_source
from rag.readers.pdf.pictures.drawing_apart import draw_apart
from rag.readers.pdf.pictures.picture import PagePicture, PictureRequest, Span

KEPT = 8
"""How many pictures a session keeps."""


def picture_of(engine: Engine, document: Document, page: int, spans: Sequence[Span]) -> PagePicture | str:
    """Return the picture of a page with spans of the document outlined; or why there is none, in a sentence."""
    if not engine.has_corpus:
        return "There is no picture of the page: the corpus folder is not here."
    if not engine.is_unchanged(document):
        return "There is no picture of the page: the file has changed since the index was built."
    kept: OrderedDict[object, PagePicture] = st.session_state.setdefault("pictures", OrderedDict())
    key = (document.id, page, tuple(spans))
    if key not in kept:
        try:
            data = read_source(engine.corpus, document.path)
            with st.spinner("Drawing the page…"):
                kept[key] = draw_apart(PictureRequest(data, document, page, tuple(spans)), load_settings().reading)
        except UnreadableDocument as error:
            return f"There is no picture of the page. {error}"
        except (RagError, OSError):
            return "There is no picture of the page: it cannot be drawn here."
        while len(kept) > KEPT:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]
