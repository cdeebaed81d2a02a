"""Bytes → `Document`: one file a format, and one registry of them by media type.

What a source is, its bytes tell, helped by its suffix among the kinds of text. A reader is imported when the first
source needs it: their libraries take longer to load than a question takes to answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePosixPath

from rag.core.catalogue_fields import merged
from rag.core.errors import UnreadableDocument
from rag.core.identity import document_id
from rag.core.limits import Limits
from rag.core.types.documents import Block, CatalogueEntry, Document, Source
from rag.readers.reading import Reading, SourceText
from rag.readers.sniffing import EPUB, JATS, PDF, WORD, binary_type
from rag.readers.text.decoding import decode, media_type
from rag.readers.text.front_matter import split_front_matter

TEXT_READERS = {
    "text/plain": "text.plain_text_reader:read_plain_text",
    "text/markdown": "text.markdown_reader:read_markdown",
    "text/html": "html.html_reader:read_html",
}
"""The readers of decoded text, by media type: module and function. Front matter may stand before any of these."""

BINARY_READERS = {
    PDF: "pdf.pdf_reader:read_pdf",
    WORD: "word.docx_reader:read_docx",
    EPUB: "epub.epub_reader:read_epub",
    JATS: "jats.jats_reader:read_jats",
}
"""The readers of bytes, within limits."""

BINARY = "binary"
"""What stands for the encoding of a document whose format sees to that itself."""

_PLAIN = frozenset({"text/plain", "text/markdown"})
_TITLE_WORDS = 10


def is_plain(source: Source, data: bytes) -> bool:
    """Say whether a source is text that no library of others' reads, or nothing that could be read at all."""
    if binary_type(data, _suffix(source)) is not None:
        return False
    try:
        return _text_type(split_front_matter(decode(data)[0])[1], source) in _PLAIN
    except (UnreadableDocument, RecursionError, ValueError, LookupError):
        return True  # reading it says why


def read_document(source: Source, data: bytes, limits: Limits = Limits()) -> Document:
    """Read one source from its bytes.

    Raises `UnreadableDocument`, with the reason and what to do, when that cannot be done faithfully;
    `ValueError` when `data` is not what `source.sha256` says.
    """
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise ValueError(f"{source.path}: these bytes are not the source's")
    if len(data) > limits.file * 2**20:
        raise UnreadableDocument(
            f"It has more than {limits.file} MiB.", "Split it, or raise file under [reading] in rag.toml."
        )
    own = CatalogueEntry()
    try:
        if kind := binary_type(data, _suffix(source)):
            encoding = BINARY
            reading = _reader(BINARY_READERS[kind])(data, limits)
        else:
            text, encoding = decode(data)
            own, body, first_line = split_front_matter(text)
            kind = _text_type(body, source)
            reading = _reader(TEXT_READERS[kind])(SourceText(body, first_line))
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


def _suffix(source: Source) -> str:
    return PurePosixPath(source.path).suffix.lower()


def _text_type(body: str, source: Source) -> str:
    return media_type(body, _suffix(source))


def _reader(where: str) -> Callable[..., Reading]:
    module, name = where.split(":")
    reader: Callable[..., Reading] = getattr(import_module(f"rag.readers.{module}"), name)
    return reader


def _first_words(text: str, blocks: tuple[Block, ...]) -> str:
    first = next(block for block in blocks if block.furniture is None)
    words = text[first.start : first.end].split()
    return " ".join(words[:_TITLE_WORDS]) + ("…" if len(words) > _TITLE_WORDS else "")
