"""Write a store: from nothing, or as the one before with some documents exchanged.

A store that is brought up to date says what one that is written from nothing says. It is a copy of the file before:
what a build has to make is in proportion to what changed. What is removed is overwritten, and once much of the file is
empty it is written anew.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from contextlib import closing
from pathlib import Path

from rag.core.types.documents import Document
from rag.core.types.passages import Passage
from rag.index.store.called import CALLED_TABLE, called_in
from rag.index.store.spellings import SPELLINGS_TABLE, passage_spellings, read_spellings, write_spellings
from rag.index.store.sqlite_store import Store
from rag.index.store.values import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    TABLES,
    StoredPassage,
    document_values,
    passage_values,
)
from rag.text.search_key import SearchKey

_MOST_EMPTY = 0.25
"""The share of a file that may be empty."""


def write_store(path: Path, documents: Iterable[tuple[Document, Sequence[StoredPassage]]]) -> None:
    """Write documents, passages, spellings and what things are called. Raises `OSError` when the disk refuses."""
    with _Writing(path) as writing:
        writing.create()
        writing.add(documents)


def update_store(
    path: Path, before: Path, kept: Set[str], documents: Iterable[tuple[Document, Sequence[StoredPassage]]]
) -> None:
    """Write the store `before` with only those documents that are `kept`, by their ids, and further ones.

    Raises `OSError` when the disk refuses.
    """
    shutil.copyfile(before, path)
    with closing(Store(before)) as store, _Writing(path) as writing:
        writing.remove_others(store, kept)
        writing.add(documents)
        writing.tidy()


class _Writing:
    """A store while it is written."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._spellings: Counter[str] = Counter()

    def __enter__(self) -> _Writing:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Finish it. What SQLite says of a disk that refuses is raised as `OSError`."""
        try:
            if error is None:
                write_spellings(self._connection, self._spellings)
                self._connection.execute("COMMIT")
        except sqlite3.OperationalError as refused:
            raise OSError(f"the store cannot be written ({refused})") from refused
        finally:
            self._connection.close()
        if isinstance(error, sqlite3.OperationalError):
            raise OSError(f"the store cannot be written ({error})") from error

    def create(self) -> None:
        """Make the tables."""
        self._begin()
        for statement in (TABLES + SPELLINGS_TABLE + CALLED_TABLE).split(";"):
            self._connection.execute(statement)

    def add(self, documents: Iterable[tuple[Document, Sequence[StoredPassage]]]) -> None:
        """Write documents with their passages, in order."""
        for document, passages in documents:
            self._connection.execute(_insert("document", DOCUMENT_COLUMNS), document_values(document))
            self._connection.executemany(
                _insert("passage", PASSAGE_COLUMNS),
                (passage_values(number, stored) for number, stored in enumerate(passages)),
            )
            self._connection.executemany(
                "INSERT OR IGNORE INTO called VALUES (?,?,?)",
                ((key, also, document.id) for key, also in called_in(document)),
            )
            for words in _spellings_of(document, [stored.passage for stored in passages]):
                self._spellings.update(words)

    def remove_others(self, before: Store, kept: Set[str]) -> None:
        """Remove the documents that are not kept, of a copy of a store."""
        self._connection.execute("PRAGMA secure_delete = ON")  # nothing of them may stay in the file
        self._begin()
        self._spellings = read_spellings(self._connection)
        removed = [id_ for (id_,) in self._connection.execute("SELECT id FROM document") if id_ not in kept]
        for id_ in removed:
            document = before.document(id_)
            if document is not None:
                for words in _spellings_of(document, before.passages_of(id_)):
                    self._spellings.subtract(words)
            self._connection.execute("DELETE FROM passage WHERE document_id = ?", (id_,))
            self._connection.execute("DELETE FROM called WHERE document_id = ?", (id_,))
            self._connection.execute("DELETE FROM document WHERE id = ?", (id_,))
        self._spellings = +self._spellings  # words that are not there any more go
        self._connection.execute("DELETE FROM spellings")

    def tidy(self) -> None:
        """Write the file anew if much of it is empty."""
        empty, pages = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count")
        )
        if empty > _MOST_EMPTY * pages:
            self._connection.execute("COMMIT")
            self._connection.execute("VACUUM")
            self._begin()

    def _begin(self) -> None:
        # A file that is not finished is thrown away: it needs neither a journal nor the disk's word for each page.
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("BEGIN")


def _spellings_of(document: Document, passages: Sequence[Passage]) -> Iterable[Set[str]]:
    key_of = SearchKey(document.text)
    return (passage_spellings(document, passage, key_of) for passage in passages)


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({','.join('?' * columns)})"
