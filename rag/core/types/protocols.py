"""Define one-method protocols at the expensive seams.

All offsets are code points into `Document.text`, half-open (`start` included, `end` not).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy


class TextEncoder(Protocol):
    """Turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> numpy.ndarray:
        """Return float32 rows of unit length, one a text, shape (len(texts), dimensions)."""
        ...


class Vocabulary(Protocol):
    """The words of an index, as its lexical side knows them."""

    def terms(self, text: str) -> list[str]:
        """Return the search terms of a text: lower case, no stop words, stemmed."""
        ...

    def inverse_document_frequency(self, term: str) -> float:
        """Return BM25's idf of a term; the greatest there is for one that no passage holds."""
        ...

    def contains(self, term: str) -> bool:
        """Say whether any passage holds the term."""
        ...


class Progress(Protocol):
    """Is told how far long work has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` units of a stage are finished."""
        ...


TokenCounter = Callable[[str], int]


def no_progress(stage: str, done: int, total: int) -> None:
    """Ignore progress."""
