"""Convert documents and passages to the values of the store's columns and back; each row has its own checksum."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from rag.core.errors import IndexDamaged
from rag.core.types.documents import Attribution, Block, Document
from rag.core.types.passages import CueSpan, Passage, PassageWords, Side, Statement
from rag.index.store.entries import catalogue_entry, stated_values
from rag.index.store.stored_blocks import StoredBlocks, attribution_of, pair

# A document's row is found by a number: were its id the key of the table itself, SQLite would read whole rows, with the
# texts, to compare it (0.2 ms each for texts of 60 KB).
TABLES = """
CREATE TABLE document (
    id TEXT, path TEXT, sha256 TEXT, media_type TEXT, encoding TEXT,
    title TEXT, entry TEXT, described TEXT, text TEXT, blocks TEXT, checksum TEXT
) STRICT;
CREATE TABLE passage (
    document_id TEXT, number INTEGER, id TEXT, start INTEGER, "end" INTEGER, sentences TEXT,
    section TEXT, attribution TEXT, page INTEGER, lines TEXT, checksum TEXT,
    context TEXT, embedding_key TEXT, words TEXT, words_checksum TEXT, cues TEXT, cues_checksum TEXT
) STRICT;
CREATE UNIQUE INDEX passage_place ON passage (document_id, number);
CREATE INDEX passage_id ON passage (id);
CREATE INDEX passage_embedding_key ON passage (embedding_key);
CREATE UNIQUE INDEX document_id ON document (id);
CREATE INDEX document_path ON document (path);
"""
DOCUMENT_COLUMNS = 11
PASSAGE_COLUMNS = 17
PASSAGE = 'document_id, number, id, start, "end", sentences, section, attribution, page, lines, checksum'
DESCRIBED = "id, path, sha256, media_type, encoding, title, entry, described"

_STATEMENTS: dict[str, Statement] = {"p": "plain", "a": "aim", "f": "finding"}
_SIDES: dict[str, Side | None] = {"+": "effect", "-": "no_effect", "=": None}
_SIDE_SIGNS = {side: sign for sign, side in _SIDES.items()}
_BLOCK_FIELDS = tuple(field.name for field in dataclasses.fields(Block))
_block_fields_of = attrgetter(*_BLOCK_FIELDS)
_ATTRIBUTION = _BLOCK_FIELDS.index("attribution")


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its cues and what it was embedded and indexed under; `embedding_key` hashes the embedded text."""

    passage: Passage
    context: str
    embedding_key: str
    words: PassageWords
    cues: tuple[CueSpan, ...]


def damaged(error: Exception) -> IndexDamaged:
    """Return what is raised when the store is not as it was written."""
    return IndexDamaged(f"The store cannot be read ({error}).")


def document_values(document: Document) -> tuple[Any, ...]:
    """Return a document's row."""
    blocks = json.dumps([_block_values(block) for block in document.blocks])
    entry = json.dumps(stated_values(document.entry))
    values = (document.path, document.sha256, document.media_type, document.encoding, document.title, entry)
    return (
        document.id,
        *values,
        _checksum(document.id, *values),  # with what it is of before the text, so that it is read without it
        document.text,
        blocks,
        _checksum(document.id, *values, document.text, blocks),
    )


def described_document(values: Sequence[Any]) -> Document:
    """Return a document without its text and blocks. Raises `IndexDamaged` when it is not what was stored."""
    *described, checksum = values
    id_, path, sha256, media_type, encoding, title, entry = described
    if _checksum(*described) != checksum:
        raise damaged(ValueError(f"what it says of the document {id_} was altered"))
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


def whole_document(values: Sequence[Any]) -> Document:
    """Return a document. Raises `IndexDamaged` when it is not what was stored."""
    *described, text, blocks, checksum = values
    document = described_document(described)
    if _checksum(*described[:-1], text, blocks) != checksum:
        raise damaged(ValueError(f"the text of {document.path} was altered"))
    return replace(document, text=text, blocks=StoredBlocks(blocks))


def passage_values(number: int, stored: StoredPassage) -> tuple[Any, ...]:
    """Return the row of a passage that is its document's number `number`."""
    passage = stored.passage
    values = (
        passage.document_id,
        number,
        passage.id,
        passage.start,
        passage.end,
        json.dumps(passage.sentences),
        json.dumps(passage.section),
        json.dumps(_attribution_values(passage.attribution)),
        passage.page,
        json.dumps(passage.lines),
    )
    words, cues = _words_text(stored.words), json.dumps(stored.cues)
    above = (stored.context, stored.embedding_key)
    return (*values, _checksum(*values), *above, words, _checksum(words), cues, _checksum(passage.id, cues))


def stored_passage(values: Sequence[Any]) -> Passage:
    """Return a passage. Raises `IndexDamaged` when it is not what was stored."""
    *stated, checksum = values
    if _checksum(*stated) != checksum:
        raise damaged(ValueError(f"what it says of passage {stated[2]} was altered"))
    try:
        return _passage_of(stated)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise damaged(error) from error


def stored_words(text: str, checksum: str) -> PassageWords:
    """Return a passage's words. Raises `IndexDamaged` when they are not what was stored."""
    if _checksum(text) != checksum:
        raise damaged(ValueError("the words of a passage were altered"))
    try:
        lines = [tuple(line.split()) for line in text.split("\n")] if text else []
        statements = tuple(_STATEMENTS[line[0][:1]] for line in lines)
        sides = tuple(_SIDES[line[0][1:]] for line in lines)
    except (KeyError, IndexError, AttributeError) as error:
        raise damaged(error) from error
    return PassageWords(tuple(line[1:] for line in lines), statements, sides)


def stored_cues(passage_id: str, text: str, checksum: str) -> tuple[CueSpan, ...]:
    """Return a passage's cues. Raises `IndexDamaged` when they are not what was stored."""
    if _checksum(passage_id, text) != checksum:
        raise damaged(ValueError(f"the cues of passage {passage_id} were altered"))
    return tuple((kind, start, end) for kind, start, end in json.loads(text))


def _checksum(*values: Any) -> str:
    """Return a checksum of values of SQLite's types, in order."""
    together = "\0".join([value if type(value) is str else repr(value) for value in values])  # repr of a text is slow
    return hashlib.sha256(together.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _block_values(block: Block) -> list[Any]:
    values = list(_block_fields_of(block))  # dataclasses.asdict copies deeply, which takes ten times as long
    values[_ATTRIBUTION] = _attribution_values(block.attribution)
    return values


def _attribution_values(attribution: Attribution) -> dict[str, Any]:
    return {"kind": attribution.kind, "name": attribution.name, "url": attribution.url}


def _words_text(words: PassageWords) -> str:
    """Return a line a sentence: the first letter of its statement with the sign of its side, and its terms."""
    sentences = zip(words.statements, words.sides, words.sentences, strict=True)
    return "\n".join(" ".join((kind[0] + _SIDE_SIGNS[side], *terms)) for kind, side, terms in sentences)


def _passage_of(values: Sequence[Any]) -> Passage:
    document_id, _, id_, start, end, *texts, page, lines = values
    # Parsed at once: four times one value takes twice as long.
    sentences, section, attribution, between = json.loads(f"[{','.join((*texts, lines))}]")
    return Passage(
        id=id_,
        document_id=document_id,
        start=start,
        end=end,
        sentences=tuple((a, b) for a, b in sentences),
        section=tuple(section),
        attribution=attribution_of(**attribution),
        page=page,
        lines=pair(between),
    )
