"""Read the bytes of one file into a `Document`, with the reader of its format.

A reader is imported when the first source needs it: their libraries take longer to load than a question takes to
answer.
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
from rag.core.media_types import MARKDOWN, PLAIN_TEXT
from rag.core.types.documents import Block, CatalogueEntry, Document, Source
from rag.readers.formats import Format, binary_format, text_format
from rag.readers.reading import Reading, SourceText
from rag.readers.text.decoding import decode
from rag.readers.text.front_matter import split_front_matter

BINARY = "binary"
"""What stands for the encoding of a document whose format sees to that itself."""

_PLAIN = frozenset({PLAIN_TEXT, MARKDOWN})
_TITLE_WORDS = 10


def is_plain(source: Source, data: bytes) -> bool:
    """Say whether a source is text that no library of others' reads, or nothing that could be read at all."""
    if binary_format(data, _suffix(source)) is not None:
        return False
    try:
        body = split_front_matter(decode(data)[0])[1]
        return text_format(body, _suffix(source)).media_type in _PLAIN
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
        if found := binary_format(data, _suffix(source)):
            encoding = BINARY
            reading = _reader(found)(data, limits)
        else:
            text, encoding = decode(data)
            own, body, first_line = split_front_matter(text)
            found = text_format(body, _suffix(source))
            reading = _reader(found)(SourceText(body, first_line))
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
        media_type=found.media_type,
        encoding=encoding,
        title=entry.title or reading.title or _first_words(reading.text, reading.blocks),
        text=reading.text,
        blocks=reading.blocks,
        entry=entry,
    )


def _suffix(source: Source) -> str:
    return PurePosixPath(source.path).suffix.lower()


def _reader(of: Format) -> Callable[..., Reading]:
    module, name = of.reader.split(":")
    reader: Callable[..., Reading] = getattr(import_module(f"rag.readers.{module}"), name)
    return reader


def _first_words(text: str, blocks: tuple[Block, ...]) -> str:
    first = next(block for block in blocks if block.furniture is None)
    words = text[first.start : first.end].split()
    return " ".join(words[:_TITLE_WORDS]) + ("…" if len(words) > _TITLE_WORDS else "")
