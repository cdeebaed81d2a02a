"""Keep what the corpus's documents call things: the abbreviations that they define, and their titles."""

from __future__ import annotations

from collections.abc import Iterator

from rag.core.types.documents import Document
from rag.text.abbreviations import abbreviations
from rag.text.names.name_words import MOST_NAME_WORDS, name_words

CALLED_TABLE = """
CREATE TABLE called (key TEXT, also TEXT, document_id TEXT, PRIMARY KEY (key, also, document_id)) STRICT, WITHOUT ROWID;
CREATE INDEX called_in ON called (document_id);
"""


def called_in(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what a document calls things: a name as it is compared, and what else it calls the same, or nothing."""
    if 1 < len(title := key_of(document.title).split()) <= MOST_NAME_WORDS:
        yield " ".join(title), ""
    for short, long in abbreviations(document.text):
        keys = key_of(short), key_of(long)
        if all(0 < len(key.split()) <= MOST_NAME_WORDS for key in keys):
            yield keys[0], long
            yield keys[1], short


def key_of(name: str) -> str:
    """Return a name as it is compared."""
    return " ".join(word.key for word in name_words(name))
