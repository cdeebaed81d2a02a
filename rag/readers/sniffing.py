"""Recognise a file's format by its bytes or its text, helped by its suffix."""

from __future__ import annotations

import re

PDF_HEAD = 1024
"""How far from its beginning a PDF file may say that it is one: what stands before is skipped, as by other programs."""

WORD_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")

_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ANY_ZIP = b"PK"
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")

_HTML_HEAD = 200_000
"""Characters from the beginning of a text in which tags are looked for."""

_NAMES = (
    r"(?:html|head|body|div|p|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|td|th|blockquote|pre|article|section|details|span"
    r"|a|strong|em|b|i|u|sup|sub|br|hr|img)"
)
_HTML_TAG = re.compile(rf"<!doctype html|<{_NAMES}\b[^<>]*>", re.IGNORECASE)
_CLOSING_TAG = re.compile(rf"</{_NAMES}\s*>", re.IGNORECASE)
_OPENS_AS_HTML = re.compile(r"<(?:!doctype html|html|body|p|div|h[1-6]|ul|ol|dl|table|blockquote)\b", re.IGNORECASE)


def is_html(text: str, suffix: str) -> bool:
    """Say whether a text opens as a page of HTML does, or has some of its tags."""
    head = text[:_HTML_HEAD].lstrip()
    tags, closing = len(_HTML_TAG.findall(head)), len(_CLOSING_TAG.findall(head))
    return bool(_OPENS_AS_HTML.match(head) and tags) or (tags >= 3 and closing >= 2)


def is_pdf(data: bytes, suffix: str) -> bool:
    """Say whether bytes say of themselves that they are a PDF file."""
    return b"%PDF-" in data[:PDF_HEAD]


def is_word(data: bytes, suffix: str) -> bool:
    """Say whether bytes are a Word file, by its suffix or by what its archive holds.

    One that is damaged or locked looks like one by its suffix alone: it is for its reader to say what is wrong.
    """
    if data.startswith((_ZIP, _OLD_OFFICE)) and suffix in WORD_SUFFIXES:
        return True
    return data.startswith(_ANY_ZIP) and b"word/document" in data and not is_epub(data, suffix)


def is_epub(data: bytes, suffix: str) -> bool:
    """Say whether bytes are an e-book, by its suffix or by what its archive holds."""
    if not data.startswith(_ANY_ZIP):
        return False
    from rag.readers.epub.container import looks_like_epub  # with lxml, which not every corpus needs

    return looks_like_epub(data) or suffix == ".epub"


def is_jats(data: bytes, suffix: str) -> bool:
    """Say whether bytes begin as a journal article in JATS does."""
    if not (data.lstrip()[:1] == b"<" or data.startswith(_BYTE_ORDER_MARKS)):
        return False
    from rag.readers.jats.jats_reader import looks_like_jats  # with lxml

    return looks_like_jats(data)
