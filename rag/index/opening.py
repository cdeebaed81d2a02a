"""Open what is published: cheap checks at once, files only when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from rag.core.errors import IndexDamaged, IndexReplaced, IndexUnusable
from rag.core.types.answers import IndexInfo
from rag.core.types.documents import Document, Withdrawal
from rag.index.dense.dense_index import DenseIndex
from rag.index.dense.sentences import SentenceIndex
from rag.index.folder import IndexFolder, Pointer
from rag.index.lexical.lexical_index import LexicalIndex
from rag.index.manifest import Manifest, manifest_from_json
from rag.index.store.numbering import Numbering
from rag.index.store.sqlite_store import Store
from rag.index.stored_synonyms import open_synonyms
from rag.text.synonyms import Synonyms

MANIFEST_FILE = "manifest.json"
DENSE_FILE = "dense.faiss"
VECTORS_FILE = "vectors.npy"
SENTENCES_FILE = "sentences.npy"
SENTENCE_BOUNDS_FILE = "sentence-bounds.npy"
LEXICAL_FOLDER = "lexical"
STORE_FILE = "store.sqlite"
SYNONYMS_FILE = "synonyms.json"

Opened = TypeVar("Opened")


class OpenIndex:
    """One generation of an index, opened for reading. It stays what it is when another is published."""

    def __init__(self, folder: IndexFolder, generation: str, pinned: bool = False) -> None:
        """Open a generation. Raises `IndexDamaged` or `IndexMismatch`."""
        self.folder = folder
        self.generation = generation
        self.pinned = pinned
        self.path = folder.generations / generation
        try:
            self.manifest: Manifest = manifest_from_json((self.path / MANIFEST_FILE).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged(
                f"The index's manifest is not there ({self.path.name}).",
                "Build again: python -m rag build --rebuild",
            ) from error
        for name, record in self.manifest.files.items():
            if not record.has_size(self.path / name):
                raise _damaged(name, "is missing or torn")

    @cached_property
    def store(self) -> Store:
        """Documents and passages."""
        numbering = Numbering((record.id, record.passages) for record in self.manifest.documents)
        return self._opened(lambda: Store(self._file(STORE_FILE, plain=True), numbering))

    @cached_property
    def dense(self) -> DenseIndex:
        """The vectors."""

        def opened() -> DenseIndex:
            if VECTORS_FILE in self.manifest.files:
                self._file(VECTORS_FILE, plain=True)
            return DenseIndex(self._file(DENSE_FILE, plain=True), self.path / VECTORS_FILE, self.manifest.dense)

        return self._opened(opened)

    @cached_property
    def sentences(self) -> SentenceIndex:
        """The sentences' vectors."""
        return self._opened(
            lambda: SentenceIndex(self._file(SENTENCES_FILE, plain=True), self._file(SENTENCE_BOUNDS_FILE))
        )

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The words."""

        def opened() -> LexicalIndex:
            for name in self.manifest.files:
                if name.startswith(f"{LEXICAL_FOLDER}/"):
                    self._file(name)
            return LexicalIndex(self.path / LEXICAL_FOLDER, [record.passages for record in self.manifest.documents])

        return self._opened(opened)

    @cached_property
    def synonyms(self) -> Synonyms:
        """What people call things that the documents call by another name."""
        return self._opened(lambda: open_synonyms(self._file(SYNONYMS_FILE)))

    @cached_property
    def withdrawn(self) -> Mapping[int, Withdrawal]:
        """Which documents are withdrawn, and how, by their numbers in the order of the manifest."""
        numbered = enumerate(self.manifest.documents)
        return {number: record.withdrawn for number, record in numbered if record.withdrawn is not None}

    def document(self, name: str) -> Document:
        """Return the document with an id, a beginning of one, or a path. Raises `NotFound`."""
        found = self.store.document(self.manifest.document(name).id)
        if found is None:
            raise IndexDamaged(f"The store lacks the document {name!r}.")
        return found

    def open_files(self) -> None:
        """Open all files now, and not when they are needed: from then on it answers, whatever is published.

        Raises `IndexDamaged`, or `IndexReplaced` when it has been removed meanwhile.
        """
        _ = self.store, self.dense, self.sentences, self.lexical, self.synonyms

    def _file(self, name: str, *, plain: bool = False) -> Path:
        """Return a file that a library may be given. Raises `IndexDamaged`."""
        path = self.path / name
        if name not in self.manifest.files or not self.manifest.files[name].may_be_opened(path, plain=plain):
            raise _damaged(name, "was altered")
        return path

    def _opened(self, opening: Callable[[], Opened]) -> Opened:
        """Open something; where that fails because newer indexes have replaced this one, raise `IndexReplaced`."""
        try:
            return opening()
        except (IndexDamaged, OSError) as error:
            if self.removed():
                raise IndexReplaced(
                    f"The index {self.generation} was replaced by newer ones while it was being opened.",
                    "Do it again, with the newer one; if there is none: python -m rag build",
                ) from error
            raise

    def removed(self) -> bool:
        """Say whether two newer indexes have been published: then the files of this one are removed."""
        try:
            pointer = self.folder.read_pointer()
        except IndexUnusable:
            return False
        return self.generation not in (pointer.generation, pointer.previous) and not self.generation.startswith(".")

    @property
    def encoder_folder(self) -> Path:
        """Where the encoder that made the vectors is."""
        return self.folder.encoders / self.manifest.encoder

    @property
    def corpus(self) -> Path:
        """The corpus folder that this index was built from."""
        return Path(self.folder.path.resolve(), self.manifest.corpus)

    @cached_property
    def info(self) -> IndexInfo:
        """What an answer says of the index."""
        manifest = self.manifest
        return IndexInfo(manifest.fingerprint, len(manifest.documents), manifest.passages, manifest.published)

    def damaged_files(self) -> list[str]:
        """Return the names of files whose bytes are not those that were published; reads all of them."""
        return [name for name, record in self.manifest.files.items() if not record.is_of(self.path / name)]


def _damaged(name: str, how: str) -> IndexDamaged:
    return IndexDamaged(f"The index file {name} {how}.")


def open_published(path: Path) -> OpenIndex:
    """Open the index that is published in a folder.

    Raises `IndexMissing`, `IndexForeign`, `IndexDamaged` or `IndexMismatch`, each saying what to do.
    """
    folder = IndexFolder(path)
    pointer: Pointer = folder.read_pointer()
    try:
        return OpenIndex(folder, pointer.generation, pointer.pinned)
    except IndexDamaged:
        # A reader may have held the old pointer while two builds published: look once more.
        again = folder.read_pointer()
        if again == pointer:
            raise
        return OpenIndex(folder, again.generation, again.pinned)
