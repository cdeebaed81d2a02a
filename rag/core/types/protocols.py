"""Define protocols at the expensive seams: encoding, both searches, sentence vectors, reading, progress.

A row is a passage's number in an index, from 0 on. Vectors are float32 and of unit length, so that inner products are
cosines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy

    from rag.core.types.passage_readings import PassageReading, PassageText


class TextEncoder(Protocol):
    """Turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> numpy.ndarray:
        """Return float32 rows of unit length, one a text, shape (len(texts), dimensions)."""
        ...


class Spelling(Protocol):
    """Knows the words that people write often, and spell so."""

    @property
    def words(self) -> Sequence[str]:
        """All of them, in lower case and in alphabetical order."""
        ...

    def is_word(self, text: str) -> bool:
        """Say whether a text is one of them."""
        ...


class QuestionEncoder(TextEncoder, Spelling, Protocol):
    """Turns questions into unit vectors, and knows the words that people write."""


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

    def contains_together(self, terms: Collection[str]) -> bool:
        """Say whether any one passage, with its title and headings, holds all of some terms."""
        ...


class CorpusNames(Protocol):
    """The words of a corpus as its documents spell them, and what they call things."""

    def spellings(self, shortest: int, longest: int) -> tuple[Sequence[str], Sequence[int]]:
        """Return the words of some lengths, in lower case, and how many passages hold each."""
        ...

    def called(self, names: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return those of some names, as they are compared, that are known, with what else is called the same."""
        ...


RankedRows = list[tuple[int, float]]
"""Rows with their scores, best first, ties by row."""


class DenseSearch(Protocol):
    """Finds the passages whose vectors are nearest to a question's."""

    def search(self, vector: numpy.ndarray, limit: int, allowed: numpy.ndarray | None = None) -> RankedRows:
        """Return at most `limit` rows with their cosines, of those that are `allowed`, one boolean a row."""
        ...

    def rows(self, rows: numpy.ndarray) -> numpy.ndarray:
        """Return the vectors of some rows, shape (len(rows), dimensions)."""
        ...


class LexicalSearch(Vocabulary, Protocol):
    """Finds the passages that hold the words of a question."""

    def search(self, text: str, limit: int, allowed: numpy.ndarray | None = None, *, synonyms: str = "") -> RankedRows:
        """Return at most `limit` rows that hold words of a text or of its synonyms, with their BM25 scores."""
        ...

    def scores(self, text: str, rows: Sequence[int], *, synonyms: str = "") -> RankedRows:
        """Return those of some rows that hold any of the words, with the scores that `search` would give them."""
        ...

    def matched_weights(
        self, weights: Mapping[str, float], alternatives: Mapping[str, Sequence[Collection[str]]], rows: Sequence[int]
    ) -> dict[int, float]:
        """Return the weight of the terms that each of some rows holds, itself or by an alternative; none for 0."""
        ...


class SentenceVectors(Protocol):
    """Compares the sentences of some passages with a question."""

    def count(self, passages: numpy.ndarray) -> numpy.ndarray:
        """Return how many sentences each of some rows has."""
        ...

    def nearest(self, vector: numpy.ndarray, passages: numpy.ndarray) -> numpy.ndarray:
        """Return the cosine of the nearest sentence of each of some rows, which must have one."""
        ...


class SearchedIndex(Protocol):
    """What a search reads of an index."""

    @property
    def dense(self) -> DenseSearch:
        """The search by meaning."""
        ...

    @property
    def lexical(self) -> LexicalSearch:
        """The search by words."""
        ...

    @property
    def sentences(self) -> SentenceVectors:
        """The vectors of the sentences."""
        ...


class PassageReader(Protocol):
    """Reads a question with each of some passages, as a cross-encoder does."""

    @property
    def fingerprint(self) -> str:
        """What identifies the model."""
        ...

    def read(self, question: str, passages: Sequence[PassageText]) -> list[PassageReading]:
        """Return what was read in each passage."""
        ...


class Progress(Protocol):
    """Is told how far long work has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` units of a stage are finished."""
        ...


TokenCounter = Callable[[str], int]


def no_progress(stage: str, done: int, total: int) -> None:
    """Ignore progress."""
