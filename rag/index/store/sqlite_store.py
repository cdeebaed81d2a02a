"""Read documents, passages and spellings from one SQLite file, row by row; it is never written once published."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.core.types.documents import CatalogueEntry, Document
from rag.core.types.passages import CueSpan, Passage, PassageWords
from rag.index.store.entries import catalogue_entry
from rag.index.store.numbering import Numbering, PassagePlace
from rag.index.store.spellings import spellings_in_rows
from rag.index.store.values import (
    DESCRIBED,
    PASSAGE,
    damaged,
    described_document,
    stored_cues,
    stored_passage,
    stored_words,
    whole_document,
)

_AT_A_TIME = 500
_NO_ROWS = Numbering(())
_DESCRIBED = 1024  # descriptions of documents that are kept: some megabytes


class Store:
    """An opened store. May be used from several threads."""

    def __init__(self, path: Path, numbering: Numbering = _NO_ROWS) -> None:
        """Open it; `numbering` says which rows its passages are, where they are asked for by row.

        Raises `IndexDamaged` when the file is not a store.
        """
        self._numbering = numbering
        self._described: dict[str, Document] = {}
        try:
            self._connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise damaged(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Return the passages at some rows."""
        return {row: stored_passage(values) for row, values in self._at(PASSAGE, rows).items()}

    def passages_beside(self, row: int) -> list[Passage]:
        """Return the passages before and after the one at a row, where its document has them."""
        document_id, number = self._numbering.place(row)
        found = self._query(
            f"SELECT {PASSAGE} FROM passage WHERE document_id = ? AND number IN (?, ?) ORDER BY number",
            (document_id, number - 1, number + 1),
        )
        return [stored_passage(values) for values in found]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return a document's passages, in order."""
        found = self._query(f"SELECT {PASSAGE} FROM passage WHERE document_id = ? ORDER BY number", (document_id,))
        return [stored_passage(values) for values in found]

    def words(self, rows: Sequence[int]) -> dict[int, PassageWords]:
        """Return the words of the passages at some rows."""
        found = self._at("words, words_checksum", rows)
        return {row: stored_words(*values) for row, values in found.items()}

    def cues(self, rows: Sequence[int]) -> dict[int, tuple[CueSpan, ...]]:
        """Return the cues of the passages at some rows."""
        found = self._at("id, cues, cues_checksum", rows)
        return {row: stored_cues(*values) for row, values in found.items()}

    def sentences_text(self, passage: Passage) -> str:
        """Return the text from a passage's first sentence to the end of its last; nothing where it has none."""
        if not passage.sentences:
            return ""
        start, end = passage.sentences[0][0], passage.sentences[-1][1]
        found = self._query(
            "SELECT substr(text, ?, ?) FROM document WHERE id = ?", (start + 1, end - start, passage.document_id)
        )
        return str(found[0][0]) if found else ""

    def contexts(self, rows: Sequence[int]) -> dict[int, str]:
        """Return what the passages at some rows stand under: the document's title and the headings above them."""
        return {row: context for row, (context,) in self._at("context", rows).items()}

    def rows_of_embedded(self, keys: Sequence[str]) -> dict[str, int]:
        """Return a row for each embedded text that is here, of those asked for by their keys."""
        rows: dict[str, int] = {}
        for start in range(0, len(keys), _AT_A_TIME):
            some = keys[start : start + _AT_A_TIME]
            found = self._query(
                "SELECT embedding_key, document_id, number FROM passage "
                f"WHERE embedding_key IN ({','.join('?' * len(some))})",
                some,
            )
            rows.update((key, self._row(place)) for key, *place in found)
        return rows

    def searched(self, document_id: str) -> tuple[str, list[tuple[int, int, str]]]:
        """Return a document's text and, of its passages in order, their spans and what they stand under."""
        texts = self._query("SELECT text FROM document WHERE id = ?", (document_id,))
        if not texts:
            raise damaged(ValueError(f"it lacks the document {document_id}"))
        spans = 'SELECT start, "end", context FROM passage WHERE document_id = ? ORDER BY number'
        return texts[0][0], self._query(spans, (document_id,))

    def find_passages(self, prefix: str) -> list[Passage]:
        """Return the passages whose identity begins so; two are enough to know that it is not one."""
        found = self._query(
            f"SELECT {PASSAGE} FROM passage WHERE id >= ? AND id < ? ORDER BY id LIMIT 2",
            (prefix, prefix + "g"),
        )
        return [stored_passage(values) for values in found]

    def rows_of(self, passage_ids: Sequence[str]) -> list[int]:
        """Return the rows of some passages by their ids, in the order of the rows; ids that are not here have none."""
        marks = ",".join("?" * len(passage_ids))
        found = self._query(f"SELECT document_id, number FROM passage WHERE id IN ({marks})", passage_ids)
        return sorted(map(self._row, found))

    def document(self, document_id: str) -> Document | None:
        """Return a document, or None. Raises `IndexDamaged` when its text is not what was stored."""
        for values in self._query("SELECT * FROM document WHERE id = ?", (document_id,)):
            return whole_document(values)
        return None

    def documents(self) -> Iterator[Document]:
        """Return all documents in the order of their paths."""
        for values in self._query("SELECT * FROM document ORDER BY path", ()):
            yield whole_document(values)

    def described(self, document_ids: Sequence[str] | None = None) -> dict[str, Document]:
        """Return documents by id, all or some of them, in the order of their paths: all but their texts and blocks.

        So it takes as long for large documents as for small ones.
        """
        if document_ids is None:
            every = self._query(f"SELECT {DESCRIBED} FROM document ORDER BY path", ())
            return {values[0]: described_document(values) for values in every}
        known = self._described
        new = [id_ for id_ in document_ids if id_ not in known]
        marks = ",".join("?" * len(new))
        found = self._query(f"SELECT {DESCRIBED} FROM document WHERE id IN ({marks})", new) if new else []
        read = {values[0]: described_document(values) for values in found}
        documents = [known.get(id_) or read[id_] for id_ in document_ids if id_ in known or id_ in read]
        if len(known) + len(read) <= _DESCRIBED:
            known.update(read)
        return {document.id: document for document in sorted(documents, key=lambda document: document.path)}

    def sections(self, document_ids: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
        """Return the headings above the passages that are searched of some documents, with their ids, in order."""
        marks = ",".join("?" * len(document_ids))
        found = self._query(
            "SELECT document_id, section FROM (SELECT document_id, section, min(number) AS first FROM passage "
            f"WHERE document_id IN ({marks}) AND sentences != '[]' GROUP BY document_id, section) "
            "JOIN document ON document.id = document_id ORDER BY path, first",
            document_ids,
        )
        try:
            return [(document_id, tuple(json.loads(section))) for document_id, section in found]
        except (ValueError, TypeError, RecursionError) as error:
            raise damaged(error) from error

    def entries(self) -> list[CatalogueEntry]:
        """Return what is known of each document, in the order of their paths; their texts are not read."""
        found = self._query("SELECT entry FROM document ORDER BY path", ())
        try:
            return [catalogue_entry(json.loads(entry)) for (entry,) in found]
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise damaged(error) from error

    def spellings(self, shortest: int, longest: int) -> tuple[list[str], list[int]]:
        """Return the corpus's words of some lengths, in lower case, and how many passages hold each."""
        rows = self._query(
            "SELECT words, passages FROM spellings WHERE length BETWEEN ? AND ? ORDER BY length", (shortest, longest)
        )
        try:
            return spellings_in_rows(rows)
        except (ValueError, TypeError, AttributeError) as error:
            raise damaged(error) from error

    def called(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Return those of some names, as they are compared, that documents define or are titled by.

        Each has what else the documents call the same: the long form of an abbreviation, or the short one.
        """
        marks = ",".join("?" * len(names))
        found: dict[str, list[str]] = {}
        for name, also in self._query(
            f"SELECT DISTINCT key, also FROM called WHERE key IN ({marks}) ORDER BY key, also", names
        ):
            found.setdefault(name, []).extend([also] if also else [])
        return found

    def _at(self, columns: str, rows: Sequence[int]) -> dict[int, list[Any]]:
        """Return some columns of the passages at some rows."""
        found: dict[int, list[Any]] = {}
        for start in range(0, len(rows), _AT_A_TIME):
            some = rows[start : start + _AT_A_TIME]
            try:
                places = [value for row in some for value in (row, *self._numbering.place(row))]
            except IndexError as error:
                raise damaged(ValueError("it lacks passages")) from error
            # Joined, for SQLite would look through all passages for those whose pair of values is in a list of pairs.
            statement = (
                f"WITH wanted (row, of, place) AS (VALUES {','.join(['(?, ?, ?)'] * len(some))}) "
                f"SELECT row, {columns} FROM wanted CROSS JOIN passage ON document_id = of AND number = place"
            )
            found.update((row, values) for row, *values in self._query(statement, places))
        if len(found) != len(set(rows)):
            raise damaged(ValueError("it lacks passages"))
        return found

    def _row(self, place: PassagePlace) -> int:
        try:
            return self._numbering.row((place[0], place[1]))
        except KeyError as error:
            raise damaged(error) from error

    def _query(self, statement: str, values: Sequence[Any]) -> list[Any]:
        try:
            return self._connection.execute(statement, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise damaged(error) from error
