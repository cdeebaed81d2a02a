"""Bringing the index up to date with the corpus: what changed, read, split, encode, publish.

Documents whose source, catalogue entry and making are as they were are taken over with their passages and vectors; of
the others only passages whose embedded text is new are encoded. The order is that of the documents' paths, so that the
result is the one of a build from nothing.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy

from rag.config import Settings
from rag.encoder import Encoder, ensure_exported, model_fingerprint
from rag.errors import IndexUnusable, UnreadableDocument
from rag.index import DocumentRecord, Generation, IndexFolder, IndexWriter, OpenIndex, StoredPassage, open_published
from rag.index.publishing import storage_errors
from rag.passages import SPLITTER_VERSION, SplitterSettings, context, split
from rag.readers import READERS_VERSION, read_document
from rag.readers.folder import Scan, read_source, scan
from rag.types import (
    BuildReport,
    CatalogueEntry,
    CorpusStatus,
    Document,
    Progress,
    SkippedSource,
    Source,
    no_progress,
)

SPLITTER = SplitterSettings()
WAIT_FOR_OTHER_BUILD = 600.0  # seconds


def build(
    settings: Settings,
    *,
    rebuild: bool = False,
    progress: Progress = no_progress,
    wait_seconds: float = WAIT_FOR_OTHER_BUILD,
) -> BuildReport:
    """Bring the index up to date with the corpus and publish it; `rebuild` takes nothing over.

    A source that cannot be read is left out and named in the report. Raises `NotFound` for a missing corpus folder,
    `IndexForeign`, `BuildBusy`, `ModelError`, `StorageError`; whatever is raised, the published index stays.
    """
    began = time.monotonic()
    folder = IndexFolder(settings.index)
    folder.refuse_foreign()
    found = _scan(settings, folder)
    with IndexWriter.holding(folder, wait_seconds) as writer:
        folder.write_fingerprints(found.fingerprints)
        previous = None if rebuild else _usable(settings.index)
        difference = _difference(previous, found, settings)
        if previous is not None and difference.current:
            writer.unpin()
            return _report(previous, difference, began, published=False, encoded=0)
        with storage_errors(settings.index):
            exported = ensure_exported(settings.model, folder.encoders, progress)
        encoder = Encoder(exported)
        making = _Making(settings.corpus, encoder, _reusable(previous, encoder), progress)
        documents, skipped = making.documents(found.sources)
        vectors, encoded = making.vectors([stored for _, passages, _ in documents for stored in passages])
        progress("publishing", 0, 1)
        published = writer.publish(
            Generation(
                documents=documents,
                vectors=vectors,
                corpus=settings.corpus,
                model=settings.model,
                encoder=encoder.fingerprint,
                making=_making_versions(),
                skipped=(*found.skipped, *skipped),
                duplicates=found.duplicates,
            )
        )
        progress("publishing", 1, 1)
    return _report(published, difference, began, published=True, encoded=encoded)


def status(settings: Settings) -> CorpusStatus:
    """Compare the published index with the corpus without changing either.

    Raises `IndexUnusable` when there is no index to compare, `NotFound` when there is no corpus.
    """
    opened = open_published(settings.index)
    folder = IndexFolder(settings.index)
    found = _scan(settings, folder)
    if dict(found.fingerprints) != folder.read_fingerprints():
        folder.write_fingerprints(found.fingerprints)
    return _difference(opened, found, settings)


def go_back(settings: Settings, wait_seconds: float = WAIT_FOR_OTHER_BUILD) -> OpenIndex:
    """Publish the previous index again; it stays until the next build. Raises `NotFound` when there is none."""
    with IndexWriter.holding(IndexFolder(settings.index), wait_seconds) as writer:
        return writer.go_back()


@dataclass(frozen=True, slots=True)
class _Making:
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
        if self.previous is None or dict(self.previous.manifest.making) != _making_versions():
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


def _scan(settings: Settings, folder: IndexFolder) -> Scan:
    return scan(settings.corpus, folder.read_fingerprints())


def _usable(index: Path) -> OpenIndex | None:
    """Return the published index, or None when there is none that can be used: then all is made anew."""
    try:
        return open_published(index)
    except IndexUnusable:
        return None


def _reusable(previous: OpenIndex | None, encoder: Encoder) -> OpenIndex | None:
    """Return the previous index if its vectors are this encoder's and its files are what was published."""
    if previous is None or previous.manifest.encoder != encoder.fingerprint or previous.damaged_files():
        return None
    return previous


def _making_versions() -> dict[str, int]:
    return {"readers": READERS_VERSION, "splitter": SPLITTER_VERSION, **asdict(SPLITTER)}


def _difference(previous: OpenIndex | None, found: Scan, settings: Settings) -> CorpusStatus:
    """Say what a build would change, and why."""
    manifest = previous.manifest if previous else None
    indexed = {record.path: record.source for record in manifest.documents} if manifest else {}
    left_out = {skipped.path: skipped for skipped in manifest.skipped} if manifest else {}
    here = {source.path: source for source in found.sources}

    def known_unreadable(source: Source) -> bool:
        return source.path in left_out and left_out[source.path].sha256 == source.sha256

    added = [path for path, source in here.items() if path not in indexed and not known_unreadable(source)]
    changed = [path for path, source in here.items() if path in indexed and indexed[path] != source]
    removed = [path for path in indexed if path not in here]
    reasons = []
    if manifest is not None:
        if manifest.encoder != model_fingerprint(settings.model):
            reasons.append(f"the model is {settings.model}, the index was made with {manifest.model} or another version")
        if dict(manifest.making) != _making_versions():
            reasons.append("this version reads or splits documents differently")
        if tuple(manifest.duplicates) != found.duplicates:
            reasons.append("other files have the same content as before")
    still_left_out = [
        skipped for skipped in left_out.values() if skipped.path in here and known_unreadable(here[skipped.path])
    ]
    return CorpusStatus(
        current=not (added or changed or removed or reasons),
        added=tuple(added),
        changed=tuple(changed),
        removed=tuple(removed),
        skipped=(*found.skipped, *still_left_out),
        duplicates=found.duplicates,
        reasons=tuple(reasons),
    )


def _report(opened: OpenIndex, was: CorpusStatus, began: float, *, published: bool, encoded: int) -> BuildReport:
    manifest = opened.manifest
    indexed = {record.path for record in manifest.documents}
    return BuildReport(
        fingerprint=manifest.fingerprint,
        published=published,
        added=tuple(path for path in was.added if path in indexed),
        changed=tuple(path for path in was.changed if path in indexed),
        removed=was.removed,
        documents=len(manifest.documents),
        passages=manifest.passages,
        encoded=encoded,
        skipped=manifest.skipped if published else was.skipped,
        duplicates=manifest.duplicates,
        seconds=time.monotonic() - began,
    )
