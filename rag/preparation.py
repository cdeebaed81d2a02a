"""Sources → documents, passages and vectors, with what may be taken over from the index before.

Documents whose source, catalogue entry and making are as they were are taken over with their passages and vectors; of
the others only passages whose embedded text is new are encoded. The order is that of the sources, so that the result is
the one of a build from nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy

from rag.encoder.onnx import Encoder
from rag.errors import UnreadableDocument
from rag.index import DocumentRecord, OpenIndex, StoredPassage
from rag.making import SPLITTER, making
from rag.passages import context, split
from rag.readers.folder import read_source
from rag.readers.registry import read_document
from rag.types import CatalogueEntry, Document, Progress, SkippedSource, Source


@dataclass(frozen=True, slots=True)
class Preparation:
    """One build's reading, splitting and encoding, with what may be taken over from the index before."""

    corpus: Path
    encoder: Encoder
    previous: OpenIndex | None
    progress: Progress
    _embedded: dict[str, str] = field(default_factory=dict)

    def documents(
        self, sources: Sequence[Source]
    ) -> tuple[list[tuple[Document, list[StoredPassage], CatalogueEntry]], list[SkippedSource]]:
        """Read and split every source that is new or changed; take the others over."""
        made: list[tuple[Document, list[StoredPassage], CatalogueEntry]] = []
        skipped: list[SkippedSource] = []
        unchanged = self._unchanged()
        for done, source in enumerate(sources):
            self.progress("reading", done, len(sources))
            taken = unchanged.get(source.path)
            if self.previous is not None and taken is not None and taken.source == source:
                document = self.previous.store.document(taken.id)
                if document is not None:
                    stored = self.previous.store.stored_passages_of(taken.id)
                    made.append((document, [passage for _, passage in stored], source.entry))
                    continue
            try:
                made.append(self._read(source))
            except UnreadableDocument as error:
                skipped.append(SkippedSource(source.path, error.message, error.advice, source.sha256))
        self.progress("reading", len(sources), len(sources))
        return made, skipped

    def vectors(self, passages: Sequence[StoredPassage]) -> tuple[numpy.ndarray, int]:
        """Return a vector for each passage, and how many had to be encoded; equal texts are encoded once."""
        known = self.previous.store.embedding_keys() if self.previous else {}
        old = self.previous.dense.vectors() if self.previous else None
        rows = numpy.empty((len(passages), self.encoder.dimensions), dtype=numpy.float32)
        wanted: dict[str, list[int]] = {}
        for row, stored in enumerate(passages):
            if old is not None and stored.embedding_key in known:
                rows[row] = old[known[stored.embedding_key]]
            else:
                wanted.setdefault(stored.embedding_key, []).append(row)
        if wanted:
            texts = [self._embedded[passages[places[0]].embedding_key] for places in wanted.values()]
            new = self.encoder.encode(texts, lambda done: self.progress("encoding", done, len(texts)))
            for vector, places in zip(new, wanted.values(), strict=True):
                rows[places] = vector
        return rows, len(wanted)

    def _unchanged(self) -> dict[str, DocumentRecord]:
        if self.previous is None or dict(self.previous.manifest.making) != making():
            return {}
        return {record.path: record for record in self.previous.manifest.documents}

    def _read(self, source: Source) -> tuple[Document, list[StoredPassage], CatalogueEntry]:
        data = read_source(self.corpus, source.path)
        sha256 = hashlib.sha256(data).hexdigest()
        source = Source(source.path, sha256, source.entry)  # it may have changed since the scan
        document = read_document(source, data)
        count = self.encoder.count_tokens
        stored = []
        for passage in split(document, count, SPLITTER):
            above = context(document.title, passage.section, count, SPLITTER)
            embedded = f"{above}\n{document.text[passage.start : passage.end]}"
            key = hashlib.sha256(embedded.encode("utf-8", "surrogatepass")).hexdigest()[:32]
            stored.append(StoredPassage(passage, above, key))
            self._embedded[key] = embedded
        return document, stored, source.entry


def reusable(previous: OpenIndex | None, encoder: Encoder) -> OpenIndex | None:
    """Return the previous index if its vectors are this encoder's and its files are what was published."""
    if previous is None or previous.manifest.encoder != encoder.fingerprint or previous.damaged_files():
        return None
    return previous
