"""Keep the corpus's own words as they are spelled, each with the number of passages that hold it.

Words of one length lie together in one row, their numbers in another column as four little-endian bytes each: whoever
looks for words like another one reads a few lengths whole, and seven rows are read faster than thousands.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from rag.core.types.documents import Document
from rag.core.types.passages import Passage
from rag.text.search_key import SearchKey

SPELLINGS_TABLE = """
CREATE TABLE spellings (length INTEGER PRIMARY KEY, words TEXT, passages BLOB) STRICT, WITHOUT ROWID;
"""

_WORD = re.compile(r"\w+")


def passage_spellings(document: Document, passage: Passage, key_of: SearchKey) -> set[str]:
    """Return a passage's words, and those of the title and the headings above it, in lower case."""
    text = " ".join((document.title, *passage.section, key_of(passage.start, passage.end)))
    return set(_WORD.findall(text.lower()))


def write_spellings(connection: sqlite3.Connection, spellings: Counter[str]) -> None:
    """Write all words that were counted, those of one length in alphabetical order."""
    import numpy

    for length, alike in groupby(sorted(spellings, key=lambda word: (len(word), word)), key=len):
        together = list(alike)
        counts = numpy.array([spellings[word] for word in together], dtype="<u4")
        connection.execute("INSERT INTO spellings VALUES (?,?,?)", (length, "\n".join(together), counts.tobytes()))


def read_spellings(connection: sqlite3.Connection) -> Counter[str]:
    """Return all words, each with how many passages hold it. Raises `ValueError` for rows that are torn."""
    words, passages = spellings_in_rows(connection.execute("SELECT words, passages FROM spellings").fetchall())
    return Counter(dict(zip(words, passages, strict=True)))


def spellings_in_rows(rows: Sequence[tuple[str, bytes]]) -> tuple[list[str], list[int]]:
    """Return the words of some rows and how many passages hold each. Raises `ValueError` for rows that are torn."""
    import numpy

    words = [word for row, _ in rows for word in row.split("\n")]
    passages = numpy.frombuffer(b"".join(row for _, row in rows), dtype="<u4").tolist()
    if len(words) != len(passages):
        raise ValueError("its words do not belong together")
    return words, passages
