"""The candidates of both searches, and their scores through every stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.coverage import Asked
from rag.index import OpenIndex
from rag.retrieval.feedback import PASSAGES, with_feedback
from rag.retrieval.fusion import fuse

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, slots=True)
class Stages:
    """Which of the stages run besides the two searches and their fusion; each can be left out to see what it brings."""

    sentences: bool = True
    coverage: bool = True
    feedback: bool = True


ALL_STAGES = Stages()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that were found, best first; every array has one entry a passage.

    `cosines` and `nearest`, those of the nearest sentence, are with the question's own vector; `bm25` is as the lexical
    index gives it, `coverage` the share of the question's weight that the passage and what stands above it hold;
    `absolute` is their fusion without feedback, which means the same for every question; `fused` is what the ranking
    used.
    """

    rows: numpy.ndarray
    cosines: numpy.ndarray
    nearest: numpy.ndarray
    bm25: numpy.ndarray
    coverage: numpy.ndarray
    absolute: numpy.ndarray
    fused: numpy.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def search(
    asked: Asked,
    vector: numpy.ndarray,
    index: OpenIndex,
    depth: int,
    *,
    allowed: numpy.ndarray | None = None,
    stages: Stages = ALL_STAGES,
) -> Candidates:
    """Rank the passages that either search finds for a question, given as its terms and its unit vector.

    Each search contributes at most `depth` passages, and only such as are `allowed`, given as a boolean for each row.
    Passages without a sentence (bare headings) are no answer and are passed over.
    """
    lexical = index.lexical.search(asked.words, depth, allowed=allowed, synonyms=asked.synonyms)
    scored = _Scored(asked, vector, index, stages)
    scored.add([row for row, _ in (*lexical, *index.dense.search(vector, depth, allowed=allowed))], dict(lexical))
    if not stages.feedback:
        return scored.ranked(vector)
    best = scored.ranked(vector).rows[:PASSAGES]
    if not len(best):
        return scored.ranked(vector)
    moved = with_feedback(vector, index.dense.rows(best))
    scored.add([row for row, _ in index.dense.search(moved, depth, allowed=allowed)], {})
    return scored.ranked(moved)


class _Scored:
    """The scores of what was found for one question, each passage looked up once."""

    def __init__(self, asked: Asked, vector: numpy.ndarray, index: OpenIndex, stages: Stages) -> None:
        import numpy

        self._asked, self._vector, self._index, self._stages = asked, vector, index, stages
        self._rows = numpy.empty(0, dtype=numpy.int64)
        self._vectors = numpy.empty((0, index.dense.dimensions), dtype=numpy.float32)
        self._nearest, self._bm25, self._coverage = (numpy.empty(0, dtype=numpy.float32) for _ in range(3))

    def add(self, found: Sequence[int], bm25: Mapping[int, float]) -> None:
        """Score those passages that are new and have a sentence; `bm25` holds the BM25 scores that are known."""
        import numpy

        known = set(self._rows.tolist())
        rows = numpy.array([row for row in dict.fromkeys(found) if row not in known], dtype=numpy.int64)
        rows = rows[self._index.sentences.count(rows) > 0]
        self._rows = numpy.concatenate([self._rows, rows])
        self._vectors = numpy.concatenate([self._vectors, self._index.dense.rows(rows)])
        self._nearest = numpy.concatenate([self._nearest, self._index.sentences.nearest(self._vector, rows)])
        self._bm25 = numpy.concatenate([self._bm25, self._of(rows, self._bm25_of(rows.tolist(), bm25))])
        self._coverage = numpy.concatenate([self._coverage, self._of(rows, self._coverage_of(rows.tolist()))])

    def ranked(self, moved: numpy.ndarray) -> Candidates:
        """Return all that was added, best first; `moved` is the question's vector, after feedback where there was."""
        import numpy

        nearest = self._nearest if self._stages.sentences else None
        coverage = self._coverage if self._stages.coverage else None
        cosines = _products(self._vectors, self._vector)
        absolute = fuse(cosines, nearest, self._bm25, coverage, self._asked.weight)
        fused = fuse(_products(self._vectors, moved), nearest, self._bm25, coverage, self._asked.weight)
        order = numpy.lexsort((self._rows, -fused))
        arrays = (self._rows, cosines, self._nearest, self._bm25, self._coverage, absolute, fused)
        return Candidates(*(array[order] for array in arrays))

    def _bm25_of(self, rows: Sequence[int], known: Mapping[int, float]) -> dict[int, float]:
        unknown = [row for row in rows if row not in known]
        looked_up = self._index.lexical.scores(self._asked.words, unknown, synonyms=self._asked.synonyms)
        return {**known, **dict(looked_up)}

    def _coverage_of(self, rows: Sequence[int]) -> dict[int, float]:
        if not self._asked.weight:
            return {}
        held = self._index.lexical.held(self._asked.weights, self._asked.alternatives, rows)
        return {row: weight / self._asked.weight for row, weight in held.items()}

    @staticmethod
    def _of(rows: numpy.ndarray, scores: dict[int, float]) -> numpy.ndarray:
        import numpy

        return numpy.array([scores.get(row, 0.0) for row in rows.tolist()], dtype=numpy.float32)


def _products(vectors: numpy.ndarray, vector: numpy.ndarray) -> numpy.ndarray:
    """Return inner products, each to the same last bit whatever else was found; a matrix product's are not."""
    import numpy

    products: numpy.ndarray = numpy.einsum("ij,j->i", vectors, vector)
    return products
