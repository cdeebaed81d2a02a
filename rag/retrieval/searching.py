"""The candidates of both searches, and their scores through every stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.index import OpenIndex
from rag.questions import content_words
from rag.retrieval.feedback import PASSAGES, with_feedback
from rag.retrieval.fusion import fuse

if TYPE_CHECKING:
    import numpy

LOOKED_UP = 1_000
"""How many lexical results are fetched: enough to know the BM25 score of nearly every dense result, for little time."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Which of the stages after the fusion run; each can be left out to measure what it brings."""

    sentences: bool = True
    feedback: bool = True


ALL_STAGES = Stages()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that were found, best first; every array has one entry a passage.

    `cosines` are with the question's own vector, as are `sentence_cosines`; `bm25` is as the lexical index gives it;
    `absolute` is their fusion without feedback, which means the same for every question; `fused` is what the ranking
    used.
    """

    rows: numpy.ndarray
    cosines: numpy.ndarray
    sentence_cosines: Sequence[numpy.ndarray]
    bm25: numpy.ndarray
    absolute: numpy.ndarray
    fused: numpy.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def search(query: str, vector: numpy.ndarray, index: OpenIndex, depth: int, stages: Stages = ALL_STAGES) -> Candidates:
    """Rank the passages that either search finds for a query, given with its unit vector.

    Each search contributes at most `depth` passages. Passages without a sentence (bare headings) are no answer and are
    passed over.
    """
    words = " ".join(content_words(query))
    lexical = index.lexical.search(words, max(LOOKED_UP, depth))
    found = [row for row, _ in lexical[:depth]] + [row for row, _ in index.dense.search(vector, depth)]
    candidates = _scored(found, vector, vector, words, dict(lexical), index, stages)
    if stages.feedback and len(candidates):
        moved = with_feedback(vector, index.dense.rows(candidates.rows[:PASSAGES]))
        found += [row for row, _ in index.dense.search(moved, depth)]
        candidates = _scored(found, vector, moved, words, dict(lexical), index, stages)
    return candidates


def _scored(
    found: Iterable[int],
    vector: numpy.ndarray,
    moved: numpy.ndarray,
    words: str,
    lexical: Mapping[int, float],
    index: OpenIndex,
    stages: Stages,
) -> Candidates:
    """Score what was found, each passage once; `moved` is the question's vector after feedback."""
    import numpy

    rows = numpy.array([row for row in dict.fromkeys(found) if index.sentences.count(row)], dtype=numpy.int64)
    vectors = index.dense.rows(rows)
    unknown = [row for row in rows.tolist() if row not in lexical] if len(lexical) >= LOOKED_UP else []
    known = {**lexical, **dict(index.lexical.scores(words, unknown))}
    bm25 = numpy.array([known.get(row, 0.0) for row in rows.tolist()], dtype=numpy.float32)
    best_possible = index.lexical.best_possible(words)
    sentences = index.sentences.cosines(vector, rows.tolist())
    nearest = numpy.array([cosines.max() for cosines in sentences], dtype=numpy.float32) if stages.sentences else None
    cosines = vectors @ vector
    fused = fuse(vectors @ moved, nearest, bm25, best_possible)
    order = numpy.lexsort((rows, -fused))
    return Candidates(
        rows=rows[order],
        cosines=cosines[order],
        sentence_cosines=[sentences[place] for place in order],
        bm25=bm25[order],
        absolute=fuse(cosines, nearest, bm25, best_possible)[order],
        fused=fused[order],
    )
