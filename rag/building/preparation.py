"""Turn sources into documents, passages and vectors, taking over from the index before what did not change.

Documents whose source, catalogue entry and making are as they were are taken over with their passages and vectors; of
the others only passages whose embedded text is new are encoded. The order is that of the sources, so that the result is
the one of a build from nothing.
"""

from __future__ import annotations

import gc
import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from pathlib import Path

import numpy

from rag.building.versions import making
from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import Document, SkippedSource, Source
from rag.core.types.passages import Passage, PassageWords
from rag.core.types.protocols import Progress
from rag.corpus.scan import read_listed
from rag.encoder.bulk import BulkEncoder
from rag.encoder.onnx import Encoder
from rag.index.dense.sentences import SentenceRows, directions
from rag.index.manifest import DocumentRecord
from rag.index.opening import OpenIndex
from rag.index.publishing import IndexedDocument
from rag.index.store.values import StoredPassage
from rag.readers.apart import ReadingApart
from rag.text.analysis import analyzer
from rag.text.labels.cues import Labels, labels
from rag.text.labels.statements import statement
from rag.text.search_key import SearchKey
from rag.text.splitter_settings import SPLITTER
from rag.text.splitting import context, split

_ANALYZER = analyzer()
_SLICE = 4096  # passages
_TIDIED_AFTER = 256  # documents


@dataclass(frozen=True, slots=True)
class Vectors:
    """A vector for each passage and each of its sentences; how many passages had to be encoded; in which precisions."""

    passages: numpy.ndarray
    sentences: SentenceRows
    encoded: int
    precisions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Preparation:
    """One build's reading, splitting and encoding, with what may be taken over from the index before."""

    corpus: Path
    encoder: Encoder
    previous: OpenIndex | None
    progress: Progress
    limits: Limits = Limits()
    precision: str = "float32"
    _embedded: dict[str, list[str]] = field(default_factory=dict)

    def documents(self, sources: Sequence[Source]) -> tuple[list[IndexedDocument], list[SkippedSource]]:
        """Read and split every source that is new or changed; take the others over."""
        made: list[IndexedDocument] = []
        skipped: list[SkippedSource] = []
        unchanged = self._unchanged()
        with ReadingApart(self.limits) as reader:
            for done, source in enumerate(sources):
                self.progress("reading", done, len(sources))
                taken = unchanged.get(source.path)
                if taken is not None and taken.source == source:
                    made.append(IndexedDocument(taken, None))
                    continue
                if not done % _TIDIED_AFTER:
                    _tidy()
                try:
                    made.append(self._read(source, reader))
                except UnreadableDocument as error:
                    skipped.append(SkippedSource(source.path, error.message, error.advice, source.sha256))
        self.progress("reading", len(sources), len(sources))
        return _each_once(made, skipped), skipped

    def vectors(self, documents: Sequence[IndexedDocument]) -> Vectors:
        """Return the vectors of documents, encoding what the index before does not have.

        Equal passages are encoded once, and equal sentences of a slice of them: no more than a slice's vectors are held
        twice.
        """
        places = _Places(documents, self.previous)
        sentence_counts = numpy.zeros(places.passages, dtype=numpy.int64)
        for here, there in places.taken_over:
            bounds = self._before.sentences.rows.bounds
            sentence_counts[here] = numpy.diff(bounds[there.start : there.stop + 1])
        for place, stored in places.made.items():
            sentence_counts[place] = len(stored.passage.sentences)
        bounds = numpy.concatenate([[0], numpy.cumsum(sentence_counts)]).astype(numpy.int64)
        rows = numpy.empty((places.passages, self.encoder.dimensions), dtype=numpy.float32)
        sentences = SentenceRows(numpy.empty((bounds[-1], self.encoder.dimensions), dtype=numpy.int8), bounds)
        for here, there in places.taken_over:
            self._copy(here, there, rows, sentences)
        wanted = self._known(places.made, rows, sentences)
        precisions = self._encode(places.made, wanted, rows, sentences)
        if sum(map(len, wanted)) < places.passages:
            precisions |= self._before.manifest.precisions
        return Vectors(rows, sentences, len(wanted), precisions)

    def _encode(
        self,
        passages: Mapping[int, StoredPassage],
        wanted: Sequence[Sequence[int]],
        rows: numpy.ndarray,
        sentences: SentenceRows,
    ) -> frozenset[str]:
        """Encode what is wanted, given as the places of equal passages, a slice of them after the other.

        Returns the precisions in which that was done.
        """
        total = sum(1 + len(passages[places[0]].passage.sentences) for places in wanted)
        before = 0

        def told(done: int) -> None:
            self.progress("encoding", before + done, total)

        with BulkEncoder(self.encoder, total, self.precision) as encoder:
            for start in range(0, len(wanted), _SLICE):
                together = wanted[start : start + _SLICE]
                texts_of = [self._embedded.pop(passages[places[0]].embedding_key) for places in together]
                place_of = {text: place for place, text in enumerate(dict.fromkeys(chain.from_iterable(texts_of)))}
                new = encoder.encode(list(place_of), told)
                for places, texts in zip(together, texts_of, strict=True):
                    whole, *parts = (place_of[text] for text in texts)
                    for place in places:
                        rows[place] = new[whole]
                        sentences.of(place)[:] = directions(new[parts])
                before += sum(map(len, texts_of))
                told(0)
            return encoder.precisions

    def _copy(self, here: slice, there: slice, rows: numpy.ndarray, sentences: SentenceRows) -> None:
        """Copy the vectors of passages that lie together, and those of their sentences, from the index before."""
        before, new = self._before.sentences.rows, sentences.bounds
        rows[here] = self._before.dense.vectors()[there]
        copied = before.directions[before.bounds[there.start] : before.bounds[there.stop]]
        sentences.directions[new[here.start] : new[here.stop]] = copied

    def _known(
        self, made: Mapping[int, StoredPassage], rows: numpy.ndarray, sentences: SentenceRows
    ) -> list[list[int]]:
        """Copy the vectors of what the index before has embedded; return the others' places, equal ones together."""
        wanted: dict[str, list[int]] = {}
        for place, stored in made.items():
            wanted.setdefault(stored.embedding_key, []).append(place)
        if self.previous is not None:
            for key, row in self.previous.store.rows_of_embedded(list(wanted)).items():
                for place in wanted.pop(key):
                    self._copy(slice(place, place + 1), slice(row, row + 1), rows, sentences)
        return list(wanted.values())

    @property
    def _before(self) -> OpenIndex:
        assert self.previous is not None, "what is taken over comes from somewhere"
        return self.previous

    def _unchanged(self) -> dict[str, DocumentRecord]:
        if self.previous is None or dict(self.previous.manifest.making) != making():
            return {}
        return {record.path: record for record in self.previous.manifest.documents}

    def _read(self, source: Source, reader: ReadingApart) -> IndexedDocument:
        data = read_listed(self.corpus, source.path)
        sha256 = hashlib.sha256(data).hexdigest()
        source = Source(source.path, sha256, source.entry)  # it may have changed since the scan
        document = reader.read(source, data)
        count = self.encoder.count_tokens
        stored = []
        key_of = SearchKey(document.text)
        for passage in split(document, count, SPLITTER):
            above = context(document.title, passage.section, count, SPLITTER)
            # The passage under its title and headings, its sentences by themselves: with those above each sentence,
            # answers were told from near misses less well (by nearness and coverage alone, AUROC 0.68 against 0.74 on
            # the starter corpus's questions).
            embedded = [f"{above}\n{key_of(passage.start, passage.end)}"]
            embedded += [key_of(start, end) for start, end in passage.sentences]
            key = hashlib.sha256("\0".join(embedded).encode("utf-8", "surrogatepass")).hexdigest()[:32]
            labelled = labels(document, passage)
            words = _words(document, passage, labelled, key_of)
            stored.append(StoredPassage(passage, above, key, words, labelled.cues))
            self._embedded[key] = embedded
        return IndexedDocument.of(document, stored, source.entry)


def _tidy() -> None:
    """Collect reference cycles where the collector is off, and leave what survives out of later collections."""
    if not gc.isenabled():
        gc.collect()
        gc.freeze()


class _Places:
    """The rows of documents' passages in the new index, and in the one before of those that are taken over.

    `made` has the others by their places; `taken_over` has stretches that lie together in both indexes.
    """

    def __init__(self, documents: Sequence[IndexedDocument], previous: OpenIndex | None) -> None:
        before = {}
        if previous is not None:
            records = previous.manifest.documents
            firsts = accumulate((record.passages for record in records), initial=0)
            before = {record.id: first for record, first in zip(records, firsts, strict=False)}
        self.passages = 0
        self.made: dict[int, StoredPassage] = {}
        self.taken_over: list[tuple[slice, slice]] = []
        for each in documents:
            start, count = self.passages, each.record.passages
            self.passages += count
            if each.made is not None:
                self.made.update(enumerate(each.made[1], start))
            elif count:
                self._take(start, before[each.record.id], count)

    def _take(self, here: int, there: int, count: int) -> None:
        if self.taken_over:
            last_here, last_there = self.taken_over[-1]
            if (last_here.stop, last_there.stop) == (here, there):
                here, there, count = last_here.start, last_there.start, count + last_here.stop - last_here.start
                self.taken_over.pop()
        self.taken_over.append((slice(here, here + count), slice(there, there + count)))


def _each_once(made: list[IndexedDocument], skipped: list[SkippedSource]) -> list[IndexedDocument]:
    """Leave out what became a copy of another document after the scan, which lists each content once."""
    first: dict[str, str] = {}
    for each in made:
        record = each.record
        if first.setdefault(record.id, record.path) != record.path:
            reason = f"It became a copy of {first[record.id]} while the index was built."
            skipped.append(SkippedSource(record.path, reason, "Build again."))
    return [each for each in made if first[each.record.id] == each.record.path]


def _words(document: Document, passage: Passage, labelled: Labels, key_of: SearchKey) -> PassageWords:
    """Return the words of a passage's sentences, so that a question need not analyse what it found."""
    sentences = [document.text[start:end] for start, end in passage.sentences]
    return PassageWords(
        # The same few words, a million times: each is kept once.
        sentences=tuple(tuple(map(sys.intern, _ANALYZER.analyze(key_of(*span)))) for span in passage.sentences),
        statements=tuple(map(statement, sentences)),
        sides=labelled.sides,
    )


def reusable(previous: OpenIndex | None, encoder: Encoder) -> OpenIndex | None:
    """Return the previous index if its vectors are this encoder's and its files are what was published."""
    if previous is None or previous.manifest.encoder != encoder.fingerprint or previous.damaged_files():
        return None
    return previous
