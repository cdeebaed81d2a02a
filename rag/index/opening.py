"""Opening what is published: cheap checks at once, files only when they are needed."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from rag.errors import IndexDamaged
from rag.index.dense import DenseIndex
from rag.index.folder import IndexFolder, Pointer
from rag.index.lexical import LexicalIndex
from rag.index.manifest import Manifest, manifest_from_json
from rag.index.sentences import SentenceIndex
from rag.index.store import Store
from rag.index.synonyms import open_synonyms
from rag.synonyms import Synonyms
from rag.types import IndexInfo

MANIFEST_FILE = "manifest.json"
DENSE_FILE = "dense.faiss"
VECTORS_FILE = "vectors.npy"
SENTENCES_FILE = "sentences.npy"
SENTENCE_BOUNDS_FILE = "sentence-bounds.npy"
LEXICAL_FOLDER = "lexical"
STORE_FILE = "store.sqlite"
SYNONYMS_FILE = "synonyms.json"


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
        for name, (size, _) in self.manifest.files.items():
            file = self.path / name
            if not file.is_file() or file.stat().st_size != size:
                raise IndexDamaged(
                    f"The index file {name} is missing or torn.",
                    "Build it anew with: python -m rag build --rebuild",
                )

    @cached_property
    def store(self) -> Store:
        """Documents and passages."""
        return Store(self.path / STORE_FILE)

    @cached_property
    def dense(self) -> DenseIndex:
        """The vectors."""
        return DenseIndex(self.path / DENSE_FILE, self.path / VECTORS_FILE, self.manifest.dense)

    @cached_property
    def sentences(self) -> SentenceIndex:
        """The sentences' vectors."""
        return SentenceIndex(self.path / SENTENCES_FILE, self.path / SENTENCE_BOUNDS_FILE)

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The words."""
        return LexicalIndex(self.path / LEXICAL_FOLDER, [record.passages for record in self.manifest.documents])

    @cached_property
    def synonyms(self) -> Synonyms:
        """What people call things that the documents call by another name."""
        return open_synonyms(self.path / SYNONYMS_FILE)

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
        damaged = []
        for name, (_, sha256) in self.manifest.files.items():
            with (self.path / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    damaged.append(name)
        return damaged


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
