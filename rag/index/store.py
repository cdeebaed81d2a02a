"""The store: documents, passages and spellings in one SQLite file, read row by row and never written once published."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

from rag.errors import IndexDamaged
from rag.index.manifest import catalogue_entry
from rag.index.spellings import SPELLINGS_TABLE, count_spellings, spellings_in_rows, write_spellings
from rag.search_key import SearchKey
from rag.types import Attribution, Block, CatalogueEntry, Document, Passage, PassageWords, Side, Statement

_TABLES = """
CREATE TABLE document (
    id TEXT PRIMARY KEY, position INTEGER, path TEXT, sha256 TEXT, media_type TEXT, encoding TEXT,
    title TEXT, entry TEXT, described TEXT, text TEXT, blocks TEXT, checksum TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE passage (
    row INTEGER PRIMARY KEY, id TEXT, document_id TEXT, start INTEGER, "end" INTEGER, sentences TEXT,
    section TEXT, attribution TEXT, page INTEGER, lines TEXT, checksum TEXT,
    context TEXT, embedding_key TEXT, words TEXT, words_checksum TEXT
) STRICT;
CREATE INDEX passage_id ON passage (id);
CREATE INDEX passage_document ON passage (document_id);
CREATE INDEX document_position ON document (position);
"""
_PASSAGE = 'row, id, document_id, start, "end", sentences, section, attribution, page, lines, checksum'
_DESCRIBED = "id, path, sha256, media_type, encoding, title, entry, described"
_STATEMENTS: dict[str, Statement] = {"p": "plain", "a": "aim", "f": "finding"}
_SIDES: dict[str, Side | None] = {"+": "effect", "-": "no_effect", "=": None}
_SIDE_SIGNS = {side: sign for sign, side in _SIDES.items()}
_BLOCK_FIELDS = tuple(field.name for field in dataclasses.fields(Block))
_block_fields_of = attrgetter(*_BLOCK_FIELDS)
_ATTRIBUTION = _BLOCK_FIELDS.index("attribution")


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with what it was embedded and indexed under; `embedding_key` is the hash of the embedded text."""

    passage: Passage
    context: str
    embedding_key: str
    words: PassageWords


def write_store(path: Path, documents: Iterable[tuple[Document, Sequence[StoredPassage]]]) -> None:
    """Write documents, passages and spellings; a passage's row is its place in the order given.

    Raises `OSError` when the disk refuses.
    """
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES + SPELLINGS_TABLE)
        row = 0
        spellings: Counter[str] = Counter()
        for position, (document, passages) in enumerate(documents):
            connection.execute(
                f"INSERT INTO document VALUES ({','.join('?' * 12)})",
                (*_document_values(document, position),),
            )
            connection.executemany(
                f"INSERT INTO passage VALUES ({','.join('?' * 15)})",
                (_passage_values(row + index, stored) for index, stored in enumerate(passages)),
            )
            row += len(passages)
            key_of = SearchKey(document.text)
            for stored in passages:
                count_spellings(spellings, document, stored.passage, key_of)
        write_spellings(connection, spellings)
        connection.commit()
    except sqlite3.OperationalError as error:
        raise OSError(f"the store cannot be written ({error})") from error
    finally:
        connection.close()


class Store:
    """An opened store. May be used from several threads."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises `IndexDamaged` when the file is not a store."""
        try:
            self._connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise _damaged(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Return the passages at some rows."""
        marks = ",".join("?" * len(rows))
        found = self._query(f"SELECT {_PASSAGE} FROM passage WHERE row IN ({marks})", rows)
        passages = {values[0]: _passage(values) for values in found}
        if len(passages) != len(rows):
            raise _damaged(ValueError("it lacks passages"))
        return passages

    def passages_beside(self, row: int) -> list[Passage]:
        """Return the passages before and after the one at a row; at a document's ends they are another's."""
        found = self._query(f"SELECT {_PASSAGE} FROM passage WHERE row IN (?, ?) ORDER BY row", (row - 1, row + 1))
        return [_passage(values) for values in found]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return a document's passages, in order."""
        found = self._query(f"SELECT {_PASSAGE} FROM passage WHERE document_id = ? ORDER BY row", (document_id,))
        return [_passage(values) for values in found]

    def stored_passages_of(self, document_id: str) -> list[tuple[int, StoredPassage]]:
        """Return a document's passages, in order, with their rows and what they were embedded under."""
        found = self._query(
            f"SELECT context, embedding_key, words, words_checksum, {_PASSAGE} FROM passage WHERE document_id = ? "
            "ORDER BY row",
            (document_id,),
        )
        return [
            (values[0], StoredPassage(_passage(values), above, key, _words(words, checksum)))
            for above, key, words, checksum, *values in found
        ]

    def words(self, rows: Sequence[int]) -> dict[int, PassageWords]:
        """Return the words of the passages at some rows."""
        marks = ",".join("?" * len(rows))
        found = self._query(f"SELECT row, words, words_checksum FROM passage WHERE row IN ({marks})", rows)
        if len(found) != len(rows):
            raise _damaged(ValueError("it lacks passages"))
        return {row: _words(*values) for row, *values in found}

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
        marks = ",".join("?" * len(rows))
        return dict(self._query(f"SELECT row, context FROM passage WHERE row IN ({marks})", rows))

    def embedding_keys(self) -> dict[str, int]:
        """Return a row for each embedded text that is here, by its key."""
        return dict(self._query("SELECT embedding_key, min(row) FROM passage GROUP BY embedding_key", ()))

    def find_passages(self, prefix: str) -> list[Passage]:
        """Return the passages whose identity begins so; two are enough to know that it is not one."""
        found = self._query(
            f"SELECT {_PASSAGE} FROM passage WHERE id >= ? AND id < ? ORDER BY id LIMIT 2",
            (prefix, prefix + "g"),
        )
        return [_passage(values) for values in found]

    def rows_of(self, passage_ids: Sequence[str]) -> list[int]:
        """Return the rows of some passages by their ids, in the order of the rows; ids that are not here have none."""
        marks = ",".join("?" * len(passage_ids))
        found = self._query(f"SELECT row FROM passage WHERE id IN ({marks}) ORDER BY row", passage_ids)
        return [row for (row,) in found]

    def document(self, document_id: str) -> Document | None:
        """Return a document, or None. Raises `IndexDamaged` when its text is not what was stored."""
        for values in self._query("SELECT * FROM document WHERE id = ?", (document_id,)):
            return _document(values)
        return None

    def documents(self) -> Iterator[Document]:
        """Return all documents in the order of their paths."""
        for values in self._query("SELECT * FROM document ORDER BY position", ()):
            yield _document(values)

    def described(self, document_ids: Sequence[str] | None = None) -> dict[str, Document]:
        """Return documents by id, all or some of them, in the order of their paths: all but their texts and blocks.

        So it takes as long for large documents as for small ones.
        """
        marks = "" if document_ids is None else f"WHERE id IN ({','.join('?' * len(document_ids))})"
        found = self._query(f"SELECT {_DESCRIBED} FROM document {marks} ORDER BY position", document_ids or ())
        return {values[0]: _described(values) for values in found}

    def sections(self, document_ids: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
        """Return the headings above the passages that are searched of some documents, with their ids, in order."""
        marks = ",".join("?" * len(document_ids))
        found = self._query(
            f"SELECT document_id, section FROM passage WHERE document_id IN ({marks}) AND sentences != '[]' "
            "GROUP BY document_id, section ORDER BY min(row)",
            document_ids,
        )
        try:
            return [(document_id, tuple(json.loads(section))) for document_id, section in found]
        except (ValueError, TypeError, RecursionError) as error:
            raise _damaged(error) from error

    def entries(self) -> list[CatalogueEntry]:
        """Return what is known of each document, in the order of their paths; their texts are not read."""
        found = self._query("SELECT entry FROM document ORDER BY position", ())
        try:
            return [catalogue_entry(json.loads(entry)) for (entry,) in found]
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise _damaged(error) from error

    def spellings(self, shortest: int, longest: int) -> tuple[list[str], list[int]]:
        """Return the corpus's words of some lengths, in lower case, and how many passages hold each."""
        rows = self._query(
            "SELECT words, passages FROM spellings WHERE length BETWEEN ? AND ? ORDER BY length", (shortest, longest)
        )
        try:
            return spellings_in_rows(rows)
        except (ValueError, TypeError, AttributeError) as error:
            raise _damaged(error) from error

    def _query(self, statement: str, values: Sequence[Any]) -> list[Any]:
        try:
            return self._connection.execute(statement, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise _damaged(error) from error


def _damaged(error: Exception) -> IndexDamaged:
    return IndexDamaged(f"The store cannot be read ({error}).", "Build it anew with: python -m rag build --rebuild")


def _document_values(document: Document, position: int) -> tuple[Any, ...]:
    blocks = json.dumps([_block_values(block) for block in document.blocks])
    entry = json.dumps(asdict(document.entry))
    values = (document.path, document.sha256, document.media_type, document.encoding, document.title, entry)
    return (
        document.id,
        position,
        *values,
        _checksum(document.id, *values),  # with what it is of before the text, so that it is read without it
        document.text,
        blocks,
        _checksum(document.id, *values, document.text, blocks),
    )


def _described(values: Sequence[Any]) -> Document:
    *described, checksum = values
    id_, path, sha256, media_type, encoding, title, entry = described
    if _checksum(*described) != checksum:
        raise _damaged(ValueError(f"what it says of the document {id_} was altered"))
    return Document(
        id=id_,
        path=path,
        sha256=sha256,
        media_type=media_type,
        encoding=encoding,
        title=title,
        text="",
        blocks=(),
        entry=catalogue_entry(json.loads(entry)),
    )


def _document(values: Sequence[Any]) -> Document:
    id_, _, *described, text, blocks, checksum = values
    document = _described((id_, *described))
    if _checksum(id_, *described[:-1], text, blocks) != checksum:
        raise _damaged(ValueError(f"the text of {document.path} was altered"))
    return replace(document, text=text, blocks=tuple(_block(block) for block in json.loads(blocks)))


def _checksum(*values: Any) -> str:
    """Return a checksum of values of SQLite's types, in order."""
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _block_values(block: Block) -> list[Any]:
    values = list(_block_fields_of(block))  # dataclasses.asdict copies deeply, which takes ten times as long
    values[_ATTRIBUTION] = _attribution_values(block.attribution)
    return values


def _attribution_values(attribution: Attribution) -> dict[str, Any]:
    return {"kind": attribution.kind, "name": attribution.name, "url": attribution.url}


def _block(values: Sequence[Any]) -> Block:
    fields = dict(zip(_BLOCK_FIELDS, values, strict=True))
    fields["section"] = tuple(fields["section"])
    fields["attribution"] = Attribution(**fields["attribution"])
    fields["lines"] = _pair(fields["lines"])
    return Block(**fields)


def _passage_values(row: int, stored: StoredPassage) -> tuple[Any, ...]:
    passage = stored.passage
    values = (
        row,
        passage.id,
        passage.document_id,
        passage.start,
        passage.end,
        json.dumps(passage.sentences),
        json.dumps(passage.section),
        json.dumps(_attribution_values(passage.attribution)),
        passage.page,
        json.dumps(passage.lines),
    )
    words = _words_text(stored.words)
    return (*values, _checksum(*values), stored.context, stored.embedding_key, words, _checksum(words))


def _words_text(words: PassageWords) -> str:
    """Return a line a sentence: the first letter of its statement with the sign of its side, and its terms."""
    sentences = zip(words.statements, words.sides, words.sentences, strict=True)
    return "\n".join(" ".join((kind[0] + _SIDE_SIGNS[side], *terms)) for kind, side, terms in sentences)


def _words(text: str, checksum: str) -> PassageWords:
    if _checksum(text) != checksum:
        raise _damaged(ValueError("the words of a passage were altered"))
    try:
        lines = [tuple(map(sys.intern, line.split())) for line in text.split("\n")] if text else []
        statements = tuple(_STATEMENTS[line[0][:1]] for line in lines)
        sides = tuple(_SIDES[line[0][1:]] for line in lines)
    except (KeyError, IndexError, AttributeError) as error:
        raise _damaged(error) from error
    return PassageWords(tuple(line[1:] for line in lines), statements, sides)


def _passage(values: Sequence[Any]) -> Passage:
    *stated, checksum = values
    if _checksum(*stated) != checksum:
        raise _damaged(ValueError(f"what it says of passage {stated[1]} was altered"))
    try:
        return _passage_of(stated)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise _damaged(error) from error


def _passage_of(values: Sequence[Any]) -> Passage:
    _, id_, document_id, start, end, sentences, section, attribution, page, lines = values
    return Passage(
        id=id_,
        document_id=document_id,
        start=start,
        end=end,
        sentences=tuple((a, b) for a, b in json.loads(sentences)),
        section=tuple(json.loads(section)),
        attribution=Attribution(**json.loads(attribution)),
        page=page,
        lines=_pair(json.loads(lines)),
    )


def _pair(values: Sequence[int] | None) -> tuple[int, int] | None:
    return (values[0], values[1]) if values else None
