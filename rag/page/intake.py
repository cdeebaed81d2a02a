"""Look at files before they go into the corpus: what is read of each, set aside, or to be mended."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from rag.core.catalogue_fields import entry_from
from rag.core.config import Settings
from rag.core.errors import IndexUnusable, UnreadableDocument
from rag.core.types.documents import CatalogueEntry, Document, Source
from rag.core.types.protocols import Progress, no_progress
from rag.core.types.reports import Finding
from rag.corpus.lint.check import of_the_document
from rag.corpus.lint.copies import copies_among
from rag.corpus.lint.lengths import Lengths
from rag.corpus.names import safe_name
from rag.index.opening import OpenIndex, open_published
from rag.readers.apart import ReadingApart

BEGINNING = 700
"""Characters of a text's beginning that are shown."""

MOST = 60
"""Headings, and blocks that were set aside, that are listed of one file."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody hands over, by the name that it came with, and what is known of it."""

    name: str
    data: bytes = field(repr=False)
    known: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a file: enough to judge it by, whatever its size.

    `blocks` are numbers by kind, `outline` headings with their level, `set_aside` texts with the reason. Of the last
    two there may be more than are listed: `headings` and `furniture` count all.
    """

    title: str
    media_type: str
    entry: CatalogueEntry
    pages: int | None
    words: int
    blocks: tuple[tuple[str, int], ...]
    beginning: str
    outline: tuple[tuple[int, str], ...]
    headings: int
    set_aside: tuple[tuple[str, str], ...]
    furniture: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at: `seen`, or why it cannot go in and what to do (`refused`).

    `path` is its place in the corpus folder, `remark` why that is not the name that it came with. `taken` says that the
    corpus has another file there.
    """

    name: str
    sha256: str
    path: str = ""
    remark: str | None = None
    taken: bool = False
    seen: Seen | None = None
    refused: tuple[str, str] | None = None


def look(
    settings: Settings, uploads: Sequence[Upload], today: datetime.date, *, progress: Progress = no_progress
) -> list[Looked]:
    """Read files as a build would, and change nothing. One that cannot be read says why; the others go on."""
    index = _usable(settings.index)
    there = {record.path for record in index.manifest.documents} if index else set()
    hashes = {record.sha256: record.path for record in index.manifest.documents} if index else {}
    lengths = Lengths(settings.model)
    looked: list[Looked] = []
    documents: dict[int, Document] = {}
    names: set[str] = set()
    with ReadingApart(settings.reading) as reader:
        for number, upload in enumerate(uploads):
            progress("reading", number, len(uploads))
            sha256 = hashlib.sha256(upload.data).hexdigest()
            try:
                path, remark = safe_name(upload.name)
                if path.casefold() in names:
                    raise UnreadableDocument(f"Another of these files is called {path} as well.", "Rename one.")
                document = reader.read(Source(path, sha256, entry_from(upload.known)), upload.data)
            except UnreadableDocument as error:
                looked.append(Looked(upload.name, sha256, refused=(error.message, error.advice)))
                continue
            names.add(path.casefold())
            documents[number] = document
            findings = [
                *_same_bytes(document, hashes),
                *of_the_document(document, today, there, lengths, settings.model),
            ]
            seen = _seen(document, findings)
            looked.append(
                Looked(upload.name, sha256, path, remark, _is_taken(settings.corpus, path, upload.data), seen)
            )
    progress("comparing", 0, 1)
    new = list(documents.values())
    copies = list(copies_among(new, chain(index.store.documents() if index else (), new)))
    for number, document in documents.items():
        if found := [finding for finding in copies if finding.path == document.path]:
            seen_before = looked[number].seen
            assert seen_before is not None
            looked[number] = replace(
                looked[number], seen=replace(seen_before, findings=(*found, *seen_before.findings))
            )
    progress("comparing", 1, 1)
    return looked


def _seen(document: Document, findings: Iterable[Finding]) -> Seen:
    text = [block for block in document.blocks if block.furniture is None]
    headings = [block for block in text if block.kind == "heading"]
    aside = [(block, block.furniture) for block in document.blocks if block.furniture is not None]

    def words(start: int, end: int) -> str:
        return " ".join(document.text[start:end].split())

    pieces, length = [], 0
    for block in text:
        if length >= BEGINNING:
            break
        pieces.append(document.text[block.start : block.end][: BEGINNING - length])
        length += len(pieces[-1])
    return Seen(
        title=document.title,
        media_type=document.media_type,
        entry=document.entry,
        pages=max((block.page for block in document.blocks if block.page is not None), default=None),
        words=sum(len(document.text[block.start : block.end].split()) for block in text),
        blocks=tuple(Counter(block.kind for block in text).most_common()),
        beginning="\n".join(pieces) + ("…" if length >= BEGINNING else ""),
        outline=tuple((len(block.section), words(block.start, block.end)) for block in headings[:MOST]),
        headings=len(headings),
        set_aside=tuple((reason, words(block.start, block.end)) for block, reason in aside[:MOST]),
        furniture=len(aside),
        findings=tuple(finding for finding in findings if finding.kind != "furniture"),  # it is listed in full
    )


def _same_bytes(document: Document, hashes: Mapping[str, str]) -> Iterable[Finding]:
    path = hashes.get(document.sha256)
    if path is not None and path != document.path:
        message = f"It has the same bytes as {path}, which is there already; it would not be indexed twice."
        yield Finding(document.path, "warning", "same content", message)


def _is_taken(corpus: Path, path: str, data: bytes) -> bool:
    target = corpus / path
    return target.is_dir() or (target.exists() and target.read_bytes() != data)


def _usable(path: Path) -> OpenIndex | None:
    with suppress(IndexUnusable):
        return open_published(path)
    return None
