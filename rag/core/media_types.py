"""Name the media types of documents, as `Document.media_type` states them."""

from __future__ import annotations

PLAIN_TEXT = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EPUB = "application/epub+zip"
JATS = "application/jats+xml"
