"""Define the error tree. Each class owns its exit code; each message says what to do next.

RagError                    1
├── UsageError              2   what was typed cannot be carried out as it stands
│   ├── QuestionError       2   an empty or oversized question
│   ├── ConfigError         2   a setting is not what it should be
│   └── NotFound            2   no such document, passage or file
├── IndexUnusable           3   the index cannot be used as it is
│   ├── IndexMissing        3   nothing is published in that folder
│   ├── IndexDamaged        3   files are missing, torn or altered
│   ├── IndexForeign        3   the folder holds something else
│   ├── IndexMismatch       3   made by another schema or another model
│   └── IndexReplaced       3   newer ones were published before all of it was opened
├── UnreadableDocument      1   one source cannot be read; the others go in
├── CorpusError             1   the corpus folder or its catalogue cannot be used
├── ModelError              1   the embedding model cannot be found or exported
├── StorageError            1   the disk refused
├── BuildBusy               1   another build holds the lock
└── NotAllowed              1   the page is read-only, or locked
"""

from __future__ import annotations


class RagError(Exception):
    """Anything that this program reports in one line instead of a traceback."""

    exit_code = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class UsageError(RagError):
    """A request cannot be carried out as it was typed."""

    exit_code = 2


class QuestionError(UsageError):
    """A question that cannot be asked: empty, or far too long."""


class ConfigError(UsageError):
    """A setting is not what it should be."""


class NotFound(UsageError):
    """No such document, passage or file."""


class IndexUnusable(RagError):
    """The index cannot be used as it is."""

    exit_code = 3


class IndexMissing(IndexUnusable):
    """Nothing is published in that folder."""


class IndexDamaged(IndexUnusable):
    """Files of the index are missing, torn or altered."""

    def __init__(self, message: str, advice: str = "Build it anew with: python -m rag build --rebuild") -> None:
        super().__init__(message, advice)


class IndexForeign(IndexUnusable):
    """The folder holds something that is not an index of this program."""


class IndexMismatch(IndexUnusable):
    """The index was made by another schema or another model."""


class IndexReplaced(IndexUnusable):
    """Newer indexes were published, and this one was removed, before all of its files were opened."""


class UnreadableDocument(RagError):
    """One source cannot be read: `message` is the reason, `advice` what to do."""


class CorpusError(RagError):
    """The corpus folder or its catalogue cannot be used."""


class ModelError(RagError):
    """The embedding model cannot be found or exported."""


class StorageError(RagError):
    """The disk refused to read or write."""


class BuildBusy(RagError):
    """Another build holds the lock."""


class NotAllowed(RagError):
    """The page is read-only, or locked for whoever does not know the curators' password."""
