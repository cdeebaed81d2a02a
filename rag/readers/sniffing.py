"""Which kind of file some bytes are, where they are not simply text."""

from __future__ import annotations

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EPUB = "application/epub+zip"
JATS = "application/jats+xml"

PDF_HEAD = 1024
"""How far from its beginning a PDF file may say that it is one: what stands before is skipped, as by other programs."""

_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORD_SUFFIXES = frozenset({".docx", ".docm", ".dotx", ".dotm"})


def binary_type(data: bytes, suffix: str) -> str | None:
    """Return the media type of a file that is read from its bytes; None for text and for what cannot be read.

    A Word file that is damaged or locked looks like one by its suffix alone: it is for its reader to say what is wrong.
    """
    if b"%PDF-" in data[:PDF_HEAD]:
        return PDF
    if data.startswith((_ZIP, _OLD_OFFICE)) and suffix in _WORD_SUFFIXES:
        return WORD
    if data.startswith(b"PK"):
        from rag.readers.epub.container import looks_like_epub  # with lxml, which not every corpus needs

        if looks_like_epub(data) or suffix == ".epub":
            return EPUB
        return WORD if b"word/document" in data else None
    if data.lstrip()[:1] == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:3] == b"\xef\xbb\xbf":
        from rag.readers.jats.jats_reader import looks_like_jats

        return JATS if looks_like_jats(data) else None
    return None
