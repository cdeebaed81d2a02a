"""Write a generation and publish it: one writer at a time, and readers see the old one or the new one, whole."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.core.errors import BuildBusy, IndexUnusable, NotFound
from rag.core.standing import withdrawal
from rag.core.system.checksums import FileRecord, file_record
from rag.core.system.files import UNFINISHED, flush_file, flush_folder, locked, storage_errors
from rag.core.types.documents import CatalogueEntry, Document
from rag.core.types.reports import Calibration
from rag.index.dense.dense_index import write_dense
from rag.index.dense.sentences import SentenceRows, write_sentences
from rag.index.folder import IndexFolder, Pointer
from rag.index.lexical.parts import Before, Passages, write_parts
from rag.index.manifest import DocumentRecord, Manifest, Recipe, manifest_to_json
from rag.index.opening import (
    DENSE_FILE,
    LEXICAL_FOLDER,
    MANIFEST_FILE,
    SENTENCE_BOUNDS_FILE,
    SENTENCES_FILE,
    STORE_FILE,
    SYNONYMS_FILE,
    VECTORS_FILE,
    OpenIndex,
)
from rag.index.store.values import StoredPassage
from rag.index.store.writing import update_store, write_store
from rag.index.stored_synonyms import write_synonyms
from rag.text.search_key import SearchKey
from rag.text.synonyms import SynonymRule

if TYPE_CHECKING:
    import numpy


Calibrate = Callable[[OpenIndex], Calibration | None]
"""Asks an index that is written, and not published yet, its corpus's own questions."""


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document of a new generation: made anew, with its passages, or taken over from the generation before."""

    record: DocumentRecord
    made: tuple[Document, Sequence[StoredPassage]] | None

    @staticmethod
    def of(document: Document, passages: Sequence[StoredPassage], catalogue: CatalogueEntry) -> IndexedDocument:
        """Return one that was made, of a source with this catalogue entry."""
        count, withdrawn = len(passages), withdrawal(document.entry)
        record = DocumentRecord(document.id, document.path, document.sha256, count, catalogue, withdrawn)
        return IndexedDocument(record, (document, passages))


@dataclass(frozen=True, slots=True)
class Generation:
    """All that a new generation holds; `vectors` and `sentences` have the passages in the order of the documents.

    `previous` is the index that documents are taken over from, which must be as it was published; without one all are
    made. `calibrate` is None where there is nothing to calibrate by.
    """

    recipe: Recipe
    documents: Sequence[IndexedDocument]
    previous: OpenIndex | None
    vectors: numpy.ndarray
    sentences: SentenceRows
    corpus: Path
    calibrate: Calibrate | None
    synonyms: Sequence[SynonymRule]


class IndexWriter:
    """The one writer of an index folder while it is held."""

    def __init__(self, folder: IndexFolder) -> None:
        self.folder = folder

    @classmethod
    @contextlib.contextmanager
    def holding(cls, folder: IndexFolder, wait_seconds: float) -> Iterator[IndexWriter]:
        """Hold the folder for writing, making it if need be.

        Raises `BuildBusy` when another writer holds it for longer than `wait_seconds`, `IndexForeign` when the
        folder is somebody else's, `StorageError` when it cannot be written.
        """
        folder.refuse_foreign()
        with storage_errors(folder.path):
            folder.generations.mkdir(parents=True, exist_ok=True)
            ignore = folder.path / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n!.gitignore\n", encoding="utf-8")
        busy = BuildBusy(
            "Another build of this index is running.", "Wait for it to finish, then type the command again."
        )
        with locked(folder.lock, wait_seconds, busy):
            writer = cls(folder)
            writer._remove_unfinished()
            with contextlib.suppress(IndexUnusable):
                writer._remove_other_generations()
            yield writer

    def publish(self, generation: Generation) -> OpenIndex:
        """Write a generation, make it the published one, and return it opened.

        Whatever fails, what was published before stays published. Raises `StorageError` when the disk refuses.
        """
        with storage_errors(self.folder.path):
            unfinished = self.folder.generations / f"{UNFINISHED}{os.getpid()}"
            try:
                name = self._write(unfinished, generation)
                unfinished.rename(self.folder.generations / name)
                flush_folder(self.folder.generations)
                self.folder.write_pointer(Pointer(name, previous=self._published()))
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
            self._remove_unreferenced()
        return OpenIndex(self.folder, name)

    @contextlib.contextmanager
    def unpublished(self, generation: Generation) -> Iterator[OpenIndex]:
        """Write a generation, yield it opened, and remove it again; what is published stays published.

        A process that is killed meanwhile leaves it as unfinished, and the next writer clears it. Raises `StorageError`
        when the disk refuses.
        """
        unfinished = self.folder.generations / f"{UNFINISHED}{os.getpid()}"
        try:
            with storage_errors(self.folder.path):
                self._write(unfinished, generation)
            yield OpenIndex(self.folder, unfinished.name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def unpin(self) -> None:
        """Let the index follow the corpus again after going back."""
        pointer = self.folder.read_pointer()
        if pointer.pinned:
            with storage_errors(self.folder.path):
                self.folder.write_pointer(Pointer(pointer.generation, pointer.previous))

    def go_back(self) -> OpenIndex:
        """Publish the previous generation again and stay there until the next build. Raises `NotFound` without one."""
        pointer = self.folder.read_pointer()
        if pointer.previous is None or not (self.folder.generations / pointer.previous).is_dir():
            raise NotFound(
                "There is no previous index to go back to.",
                "The next build that changes something keeps one.",
            )
        opened = OpenIndex(self.folder, pointer.previous, pinned=True)
        with storage_errors(self.folder.path):
            self.folder.write_pointer(Pointer(pointer.previous, previous=pointer.generation, pinned=True))
        return opened

    def _write(self, target: Path, generation: Generation) -> str:
        """Write the files of a generation, the manifest last; return its name."""
        target.mkdir()
        # Side by side: much of either is not Python's. Whatever one raises is raised when both have ended.
        with ThreadPoolExecutor(2) as pool:
            lexical = pool.submit(_write_lexical, target / LEXICAL_FOLDER, generation)
            store = pool.submit(_write_store, target / STORE_FILE, generation)
            write_sentences(target / SENTENCES_FILE, target / SENTENCE_BOUNDS_FILE, generation.sentences)
            dense = write_dense(
                target / DENSE_FILE, target / VECTORS_FILE, generation.vectors, generation.sentences.directions
            )
            for written in (lexical, store):
                written.result()
        write_synonyms(target / SYNONYMS_FILE, generation.synonyms)
        manifest = Manifest.of(
            generation.recipe,
            published=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            corpus=os.path.relpath(generation.corpus.resolve(), self.folder.path.resolve()),
            documents=tuple(each.record for each in generation.documents),
            passages=len(generation.vectors),
            files=_records(target),
            dense=dense,
        )
        (target / MANIFEST_FILE).write_text(manifest_to_json(manifest), encoding="utf-8")
        if generation.calibrate is not None:
            manifest = replace(manifest, calibration=generation.calibrate(OpenIndex(self.folder, target.name)))
            (target / MANIFEST_FILE).write_text(manifest_to_json(manifest), encoding="utf-8")
        for file in (path for path in target.rglob("*") if path.is_file()):
            with file.open("rb") as opened:
                flush_file(opened.fileno())
        flush_folder(target / LEXICAL_FOLDER)
        flush_folder(target)
        numbers = (entry.name.split("-")[0] for entry in self.folder.generations.iterdir())
        number = max((int(number) for number in numbers if number.isdigit()), default=0) + 1
        return f"{number:06d}-{manifest.fingerprint}"

    def _published(self) -> str | None:
        try:
            generation = self.folder.read_pointer().generation
        except IndexUnusable:
            return None
        return generation if (self.folder.generations / generation).is_dir() else None

    def _remove_unfinished(self) -> None:
        """Clear what a killed build left; we hold the lock, so nobody is writing it."""
        for folder in (self.folder.generations, self.folder.encoders, self.folder.path):
            for entry in folder.glob(f"{UNFINISHED}*"):
                if entry.is_dir():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.unlink(missing_ok=True)

    def _remove_unreferenced(self) -> None:
        """Remove generations other than the published and the previous one, and encoders that neither uses."""
        kept = self._remove_other_generations()
        encoders = list(self.folder.encoders.iterdir())
        if len(encoders) == 1:
            return  # it is the published one's
        used = set()
        for entry in kept:
            with contextlib.suppress(IndexUnusable):
                used.add(OpenIndex(self.folder, entry.name).manifest.encoder)
        for entry in encoders:
            if entry.name not in used:
                shutil.rmtree(entry, ignore_errors=True)

    def _remove_other_generations(self) -> list[Path]:
        """Remove generations other than the published and the previous one; return those.

        There may be one more where a build was killed after naming its generation and before publishing it.
        """
        pointer = self.folder.read_pointer()
        kept: list[Path] = []
        others: list[Path] = []
        for entry in self.folder.generations.iterdir():
            (kept if entry.name in (pointer.generation, pointer.previous) else others).append(entry)
        if any(entry.name == pointer.generation for entry in kept):  # or else one of the others may be what is left
            for entry in others:
                shutil.rmtree(entry, ignore_errors=True)
        return kept


def _write_store(path: Path, generation: Generation) -> None:
    made = (each.made for each in generation.documents if each.made is not None)
    kept = {each.record.id for each in generation.documents if each.made is None}
    if generation.previous is not None and kept:
        update_store(path, generation.previous.path / STORE_FILE, kept, made)
    else:
        write_store(path, made)


def _write_lexical(folder: Path, generation: Generation) -> None:
    documents, previous = generation.documents, generation.previous
    before = None
    if previous is not None:
        before = Before(previous.path / LEXICAL_FOLDER, [record.id for record in previous.manifest.documents])

    def texts_of(place: int) -> Passages:
        each = documents[place]
        if each.made is not None:
            document, passages = each.made
            text = document.text
            spans = [(stored.passage.start, stored.passage.end, stored.context) for stored in passages]
        else:
            assert previous is not None, "what is taken over comes from somewhere"
            text, spans = previous.store.searched(each.record.id)
        key_of = SearchKey(text)
        return ((key_of(start, end), context) for start, end, context in spans)

    counts = [(each.record.id, each.record.passages) for each in documents]
    write_parts(folder, counts, texts_of, before, lambda place: documents[place].made is None)


def _records(folder: Path) -> dict[str, FileRecord]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with ThreadPoolExecutor(2) as pool:  # hashing leaves Python's lock to the other
        records = list(pool.map(file_record, files))
    return {file.relative_to(folder).as_posix(): record for file, record in zip(files, records, strict=True)}
