"""Sources → documents, passages and vectors, with what may be taken over from the index before.

Documents whose source, catalogue entry and making are as they were are taken over with their passages and vectors; of
the others only passages whose embedded text is new are encoded. The order is that of the sources, so that the result is
the one of a build from nothing.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy

from rag.encoder.onnx import Encoder
from rag.errors import UnreadableDocument
from rag.evidence.cues import side
from rag.index import DocumentRecord, OpenIndex, SentenceRows, StoredPassage
from rag.index.lexical import analyzer
from rag.index.sentences import directions
from rag.making import SPLITTER, making
from rag.passages import context, split
from rag.readers.apart import ReadingApart
from rag.readers.folder import read_listed
from rag.readers.limits import Limits
from rag.search_key import SearchKey
from rag.statements import statement
from rag.types import CatalogueEntry, Document, Passage, PassageWords, Progress, SkippedSource, Source

_ANALYZER = analyzer()
_SLICE = 4096  # passages


@dataclass(frozen=True, slots=True)
class Preparation:
    """One build's reading, splitting and encoding, with what may be taken over from the index before."""

    corpus: Path
    encoder: Encoder
    previous: OpenIndex | None
    progress: Progress
    limits: Limits = Limits()
    _embedded: dict[str, list[str]] = field(default_factory=dict)

    def documents(
        self, sources: Sequence[Source]
    ) -> tuple[list[tuple[Document, list[StoredPassage], CatalogueEntry]], list[SkippedSource]]:
        """Read and split every source that is new or changed; take the others over."""
        made: list[tuple[Document, list[StoredPassage], CatalogueEntry]] = []
        skipped: list[SkippedSource] = []
        unchanged = self._unchanged()
        with ReadingApart(self.limits) as reader:
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
                    made.append(self._read(source, reader))
                except UnreadableDocument as error:
                    skipped.append(SkippedSource(source.path, error.message, error.advice, source.sha256))
        self.progress("reading", len(sources), len(sources))
        return _each_once(made, skipped), skipped

    def vectors(self, passages: Sequence[StoredPassage]) -> tuple[numpy.ndarray, SentenceRows, int]:
        """Return a vector for each passage and each of its sentences, and how many passages had to be encoded.

        Equal passages are encoded once, and equal sentences of a slice of them: no more than a slice's vectors are held
        twice.
        """
        counts = [len(stored.passage.sentences) for stored in passages]
        bounds = numpy.concatenate([[0], numpy.cumsum(counts, dtype=numpy.int64)]).astype(numpy.int64)
        rows = numpy.empty((len(passages), self.encoder.dimensions), dtype=numpy.float32)
        sentences = SentenceRows(numpy.empty((bounds[-1], self.encoder.dimensions), dtype=numpy.int8), bounds)
        wanted = self._take_over(passages, rows, sentences)
        self._encode(passages, wanted, rows, sentences)
        return rows, sentences, len(wanted)

    def _encode(
        self,
        passages: Sequence[StoredPassage],
        wanted: Sequence[Sequence[int]],
        rows: numpy.ndarray,
        sentences: SentenceRows,
    ) -> None:
        """Encode what is wanted, given as the places of equal passages, a slice of them after the other."""
        total = sum(1 + len(passages[places[0]].passage.sentences) for places in wanted)
        before = 0

        def told(done: int) -> None:
            self.progress("encoding", before + done, total)

        for start in range(0, len(wanted), _SLICE):
            together = wanted[start : start + _SLICE]
            texts_of = [self._embedded.pop(passages[places[0]].embedding_key) for places in together]
            place_of = {text: place for place, text in enumerate(dict.fromkeys(chain.from_iterable(texts_of)))}
            new = self.encoder.encode(list(place_of), told)
            for places, texts in zip(together, texts_of, strict=True):
                whole, *parts = (place_of[text] for text in texts)
                for place in places:
                    rows[place] = new[whole]
                    sentences.of(place)[:] = directions(new[parts])
            before += sum(map(len, texts_of))
            told(0)

    def _take_over(
        self, passages: Sequence[StoredPassage], rows: numpy.ndarray, sentences: SentenceRows
    ) -> list[list[int]]:
        """Copy the vectors that the index before has; return the places of the others, equal ones together."""
        known = self.previous.store.embedding_keys() if self.previous else {}
        wanted: dict[str, list[int]] = {}
        here: list[int] = []
        there: list[int] = []
        for place, stored in enumerate(passages):
            row = known.get(stored.embedding_key)
            if row is None:
                wanted.setdefault(stored.embedding_key, []).append(place)
            else:
                here.append(place)
                there.append(row)
        if self.previous is not None and here:
            old, before = self.previous.dense.vectors(), self.previous.sentences.rows
            for start in range(0, len(here), _SLICE):
                new_places, old_places = (
                    numpy.array(places[start : start + _SLICE], dtype=numpy.int64) for places in (here, there)
                )
                rows[new_places] = old[old_places]
                sentences.directions[sentences.places(new_places)] = before.directions[before.places(old_places)]
        return list(wanted.values())

    def _unchanged(self) -> dict[str, DocumentRecord]:
        if self.previous is None or dict(self.previous.manifest.making) != making():
            return {}
        return {record.path: record for record in self.previous.manifest.documents}

    def _read(self, source: Source, reader: ReadingApart) -> tuple[Document, list[StoredPassage], CatalogueEntry]:
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
            stored.append(StoredPassage(passage, above, key, _words(document, passage, key_of)))
            self._embedded[key] = embedded
        return document, stored, source.entry


def _each_once(
    made: list[tuple[Document, list[StoredPassage], CatalogueEntry]], skipped: list[SkippedSource]
) -> list[tuple[Document, list[StoredPassage], CatalogueEntry]]:
    """Leave out what became a copy of another document after the scan, which lists each content once."""
    first: dict[str, str] = {}
    for document, _, _ in made:
        if first.setdefault(document.id, document.path) != document.path:
            reason = f"It became a copy of {first[document.id]} while the index was built."
            skipped.append(SkippedSource(document.path, reason, "Build again."))
    return [each for each in made if first[each[0].id] == each[0].path]


def _words(document: Document, passage: Passage, key_of: SearchKey) -> PassageWords:
    """Return the words of a passage's sentences, so that a question need not analyse what it found."""
    sentences = [document.text[start:end] for start, end in passage.sentences]
    return PassageWords(
        # The same few words, a million times: each is kept once.
        sentences=tuple(tuple(map(sys.intern, _ANALYZER.analyze(key_of(*span)))) for span in passage.sentences),
        statements=tuple(map(statement, sentences)),
        sides=tuple(map(side, sentences)),
    )


def reusable(previous: OpenIndex | None, encoder: Encoder) -> OpenIndex | None:
    """Return the previous index if its vectors are this encoder's and its files are what was published."""
    if previous is None or previous.manifest.encoder != encoder.fingerprint or previous.damaged_files():
        return None
    return previous
