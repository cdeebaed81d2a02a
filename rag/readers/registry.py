"""Bytes → `Document`: one file a format, and one registry of them by media type."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import PurePosixPath

from rag.errors import UnreadableDocument
from rag.identity import document_id
from rag.readers.catalogue import merged
from rag.readers.decoding import decode, media_type
from rag.readers.docx import read_docx
from rag.readers.front_matter import split_front_matter
from rag.readers.html import read_html
from rag.readers.markdown import read_markdown
from rag.readers.plain_text import read_plain_text
from rag.readers.reading import Reading, SourceText
from rag.types import Block, CatalogueEntry, Document, Source

READERS: dict[str, Callable[[SourceText], Reading]] = {
    "text/plain": read_plain_text,
    "text/markdown": read_markdown,
    "text/html": read_html,
}

BINARY_READERS: dict[str, Callable[[bytes], Reading]] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": read_docx,
}
_BINARY_SUFFIXES = {suffix: next(iter(BINARY_READERS)) for suffix in (".docx", ".docm")}

_TITLE_WORDS = 10


def read_document(source: Source, data: bytes) -> Document:
    """Read one source from its bytes.

    Raises `UnreadableDocument`, with the reason and what to do, when that cannot be done faithfully;
    `ValueError` when `data` is not what `source.sha256` says.
    """
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise ValueError(f"{source.path}: these bytes are not the source's")
    try:
        suffix = PurePosixPath(source.path).suffix.lower()
        if suffix in _BINARY_SUFFIXES:
            kind, encoding, own = _BINARY_SUFFIXES[suffix], "binary", CatalogueEntry()
            reading = BINARY_READERS[kind](data)
        else:
            text, encoding = decode(data)
            own, body, first_line = split_front_matter(text)
            kind = media_type(body, suffix)
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
