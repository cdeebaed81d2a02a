"""List the file formats that can be read, a row each, and tell which of them a file is in.

A new format is one reader in a folder of its own, and one row of `FORMATS`: reading, linting and the page go by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rag.core import media_types
from rag.readers import sniffing

READERS_VERSION = 7
"""Raised when any reader may give another text, other blocks or another entry for the same bytes."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. `name` is what people call its files; `suffixes` are in lower case, with their dots.

    `reader` is "module:function" below `rag.readers`, imported when the first file needs it. The function of a binary
    format takes bytes and `Limits`, that of a text format a `SourceText`; either returns a `Reading`. Front matter may
    stand before any text.

    `looks_like` is given a file's bytes, or the text of a text format, and its suffix. A text that is named by one of
    the suffixes is in its format whatever it looks like.
    """

    media_type: str
    name: str
    suffixes: tuple[str, ...]
    reader: str
    is_binary: bool
    looks_like: Callable[[Any, str], bool]


def _never(text: str, suffix: str) -> bool:
    return False


FORMATS = (
    Format(media_types.PLAIN_TEXT, "text", (".txt",), "text.plain_text_reader:read_plain_text", False, _never),
    Format(media_types.MARKDOWN, "Markdown", (".md", ".markdown"), "text.markdown_reader:read_markdown", False, _never),
    Format(
        media_types.HTML,
        "web pages",
        (".html", ".htm", ".xhtml"),
        "html.html_reader:read_html",
        False,
        sniffing.is_html,
    ),
    Format(media_types.PDF, "PDF", (".pdf",), "pdf.pdf_reader:read_pdf", True, sniffing.is_pdf),
    Format(media_types.WORD, "Word", sniffing.WORD_SUFFIXES, "word.docx_reader:read_docx", True, sniffing.is_word),
    Format(media_types.EPUB, "e-books", (".epub",), "epub.epub_reader:read_epub", True, sniffing.is_epub),
    Format(media_types.JATS, "journal articles", (".xml",), "jats.jats_reader:read_jats", True, sniffing.is_jats),
)
"""All formats, in the order in which people are told of them; a file is in the first that it looks like."""

PLAIN_TEXT = FORMATS[0]
"""The format of a text that is in no other; its suffix says nothing: HTML is HTML in a `.txt` file, too."""

SUFFIXES = frozenset(suffix for each in FORMATS for suffix in each.suffixes)
"""What the name of a document ends in."""

_BINARY = tuple(each for each in FORMATS if each.is_binary)
_MARKED_UP = tuple(each for each in FORMATS if not each.is_binary and each is not PLAIN_TEXT)


def binary_format(data: bytes, suffix: str) -> Format | None:
    """Return the format of a file that is read from its bytes; None for text and for what cannot be read."""
    return next((each for each in _BINARY if each.looks_like(data, suffix)), None)


def text_format(text: str, suffix: str) -> Format:
    """Return the format of a text, by its suffix or else by its content."""
    for each in _MARKED_UP:
        if suffix in each.suffixes:
            return each
    return next((each for each in _MARKED_UP if each.looks_like(text, suffix)), PLAIN_TEXT)


def names_for_people() -> str:
    """Return the names of all formats as a sentence's beginning: "Text, Markdown, web pages… and journal articles"."""
    names = [each.name for each in FORMATS]
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return listed[0].upper() + listed[1:]
