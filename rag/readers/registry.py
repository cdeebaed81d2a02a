"""Bytes → `Document`: one file a format, and one registry of them by media type."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import PurePosixPath

from rag.errors import UnreadableDocument
from rag.identity import document_id
from rag.readers.catalogue import merged
from rag.readers.decoding import decode, media_type
from rag.readers.epub import read_epub
from rag.readers.epub_container import looks_like_epub
from rag.readers.front_matter import split_front_matter
from rag.readers.html import read_html
from rag.readers.jats import looks_like_jats, read_jats
from rag.readers.markdown import read_markdown
from rag.readers.plain_text import read_plain_text
from rag.readers.reading import Reading, SourceText
from rag.types import Block, CatalogueEntry, Document, Source

READERS: dict[str, Callable[[SourceText], Reading]] = {
    "text/plain": read_plain_text,
    "text/markdown": read_markdown,
    "text/html": read_html,
}

_TITLE_WORDS = 10


def read_document(source: Source, data: bytes) -> Document:
    """Read one source from its bytes.

    Raises `UnreadableDocument`, with the reason and what to do, when that cannot be done faithfully;
    `ValueError` when `data` is not what `source.sha256` says.
    """
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise ValueError(f"{source.path}: these bytes are not the source's")
    own, encoding = CatalogueEntry(), "utf-8"  # XML states its encoding: nothing is guessed that `check` should warn of
    try:
        if looks_like_epub(data):
            kind, reading = "application/epub+zip", read_epub(data)
        elif looks_like_jats(data):
            kind, reading = "application/jats+xml", read_jats(data)
        else:
            text, encoding = decode(data)
            own, body, first_line = split_front_matter(text)
            kind = media_type(body, PurePosixPath(source.path).suffix.lower())
            reading = READERS[kind](SourceText(body, first_line))
    except (RecursionError, ValueError, LookupError) as error:  # whatever a parser meets: one document, not the build
        reason = type(error).__name__
        raise UnreadableDocument(f"Reading it failed ({reason}).", "Save it as plain text, and look at it.") from error
    if not any(block.furniture is None for block in reading.blocks):
        raise UnreadableDocument("There is no text in it.", "Put the text in, or remove the file.")
    entry = merged(merged(reading.entry, own), source.entry)
    return Document(
        id=document_id(source.sha256),
        path=source.path,
        sha256=source.sha256,
        media_type=kind,
        encoding=encoding,
        title=entry.title or reading.title or _first_words(reading.text, reading.blocks),
        text=reading.text,
        blocks=reading.blocks,
        entry=entry,
    )


def _first_words(text: str, blocks: tuple[Block, ...]) -> str:
    first = next(block for block in blocks if block.furniture is None)
    words = text[first.start : first.end].split()
    return " ".join(words[:_TITLE_WORDS]) + ("…" if len(words) > _TITLE_WORDS else "")
