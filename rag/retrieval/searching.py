"""The candidates of both searches, and their scores through every stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.coverage import Asked
from rag.index import OpenIndex
from rag.retrieval.feedback import PASSAGES, with_feedback
from rag.retrieval.fusion import fuse

if TYPE_CHECKING:
    import numpy

LOOKED_UP = 1_000
"""How many lexical results are fetched: enough to know the BM25 score of nearly every dense result, for little time."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Which of the stages run besides the two searches and their fusion; each can be left out to see what it brings."""

    sentences: bool = True
    feedback: bool = True


ALL_STAGES = Stages()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that were found, best first; every array has one entry a passage.

    `cosines` and `nearest`, those of the nearest sentence, are with the question's own vector; `bm25` is as the lexical
    index gives it; `absolute` is their fusion without feedback, which means the same for every question; `fused` is
    what the ranking used.
    """

    rows: numpy.ndarray
    cosines: numpy.ndarray
    nearest: numpy.ndarray
    bm25: numpy.ndarray
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
    most = max(LOOKED_UP, depth)
    lexical = dict(index.lexical.search(asked.words, most, allowed=allowed, synonyms=asked.synonyms))
    found = [*list(lexical)[:depth], *(row for row, _ in index.dense.search(vector, depth, allowed=allowed))]
    scored = _scored(found, asked, vector, lexical, index, stages)
    if stages.feedback and len(scored):
        moved = with_feedback(vector, index.dense.rows(scored.rows[:PASSAGES]))
        further = [row for row, _ in index.dense.search(moved, depth, allowed=allowed)]
        scored = _scored([*found, *further], asked, vector, lexical, index, stages, moved=moved)
    return scored


def _scored(
    found: list[int],
    asked: Asked,
    vector: numpy.ndarray,
    lexical: dict[int, float],
    index: OpenIndex,
    stages: Stages,
    moved: numpy.ndarray | None = None,
) -> Candidates:
    """Score what was found, each passage once; `moved` is the question's vector after feedback."""
    import numpy

    rows = numpy.array(list(dict.fromkeys(found)), dtype=numpy.int64)
    rows = rows[index.sentences.count(rows) > 0]
    if len(lexical) >= LOOKED_UP:  # otherwise it holds every passage that has a word of the query
        unknown = [row for row in rows.tolist() if row not in lexical]
        lexical.update(index.lexical.scores(asked.words, unknown, synonyms=asked.synonyms))
    bm25 = numpy.array([lexical.get(row, 0.0) for row in rows.tolist()], dtype=numpy.float32)
    vectors = index.dense.rows(rows)
    cosines, nearest = vectors @ vector, index.sentences.nearest(vector, rows)
    second_look = nearest if stages.sentences else None
    absolute = fuse(cosines, second_look, bm25, asked.weight)
    fused = absolute if moved is None else fuse(vectors @ moved, second_look, bm25, asked.weight)
    order = numpy.lexsort((rows, -fused))
    return Candidates(
        rows[order], cosines[order], nearest[order], bm25[order], absolute=absolute[order], fused=fused[order]
    )
