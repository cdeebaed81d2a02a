"""Find the candidates of both searches, and score them through fusion and feedback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.core.system.threads import on_thread
from rag.core.types.protocols import SearchedIndex
from rag.index.dense.dense_index import products
from rag.search.feedback import PASSAGES, with_feedback
from rag.search.fusion import fuse
from rag.search.lookup import LookedUpOnce
from rag.search.terms import Asked

if TYPE_CHECKING:
    import numpy

SHORTLIST = 30
"""How many passages are scored in full to find those that lend their vectors as feedback."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages besides the two searches and their fusion; each can be left out to see what it brings."""

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


def search(
    asked: Asked,
    vector: numpy.ndarray,
    index: SearchedIndex,
    depth: int,
    *,
    allowed: numpy.ndarray | None = None,
    stages: Stages = ALL_STAGES,
) -> Candidates:
    """Rank the passages that either search finds for a question, given as its terms and its unit vector.

    Each search contributes at most `depth` passages, and only such as are `allowed`, given as a boolean for each row.
    Passages without a sentence (bare headings) are no answer and are passed over.
    """
    lexical = dict(index.lexical.search(asked.words, depth, allowed=allowed, synonyms=asked.synonyms))
    candidates = [*lexical, *(row for row, _ in index.dense.search(vector, depth, allowed=allowed))]
    work = _Work(asked, vector, index, stages, lexical)
    moved = vector
    if stages.feedback:
        best = work.ranked(work.shortlist(candidates), vector).rows[:PASSAGES]
        if len(best):
            moved = with_feedback(vector, work.vectors(best)[0])
            candidates += [row for row, _ in index.dense.search(moved, depth, allowed=allowed)]
    return work.ranked(work.answerable(candidates), moved)


class _Work:
    """One question's scoring; `lexical` holds the BM25 scores that its search has found."""

    def __init__(
        self, asked: Asked, vector: numpy.ndarray, index: SearchedIndex, stages: Stages, lexical: Mapping[int, float]
    ) -> None:
        self.asked, self.vector, self.index, self.stages, self.lexical = asked, vector, index, stages, lexical
        self.vectors = LookedUpOnce(lambda rows: (index.dense.rows(rows),))
        self.signals = LookedUpOnce(self._signals)

    def answerable(self, found: Sequence[int]) -> numpy.ndarray:
        """Return the rows that have a sentence, each once."""
        import numpy

        rows = numpy.array(list(dict.fromkeys(found)), dtype=numpy.int64)
        return rows[self.index.sentences.count(rows) > 0]

    def shortlist(self, found: Sequence[int]) -> numpy.ndarray:
        """Return the rows that are best by what is known of them already: scoring all of them twice takes long."""
        import numpy

        rows = self.answerable(found)
        cosines = products(self.vectors(rows)[0], self.vector)
        known = fuse(cosines, None, _in_order(rows, self.lexical), None, self.asked.weight)
        return rows[numpy.lexsort((rows, -known))[:SHORTLIST]]

    def ranked(self, rows: numpy.ndarray, moved: numpy.ndarray) -> Candidates:
        """Score rows and put them in order; `moved` is the question's vector, after feedback where there was."""
        import numpy

        cosines, nearest, bm25, coverage = self.signals(rows)
        sentences, covered = nearest if self.stages.sentences else None, coverage if self.stages.coverage else None
        seen = (sentences, bm25, covered, self.asked.weight)
        absolute, fused = fuse(cosines, *seen), fuse(products(self.vectors(rows)[0], moved), *seen)
        order = numpy.lexsort((rows, -fused))
        return Candidates(*(array[order] for array in (rows, cosines, nearest, bm25, coverage, absolute, fused)))

    def _signals(self, rows: numpy.ndarray) -> tuple[numpy.ndarray, ...]:
        """Return cosines, nearest sentences' cosines, BM25 scores and coverage of some rows."""
        asked, lexical = self.asked, self.index.lexical
        matched = on_thread(lambda: lexical.matched_weights(asked.weights, asked.alternatives, rows.tolist()))
        unknown = [row for row in rows.tolist() if row not in self.lexical]
        looked_up = dict(lexical.scores(asked.words, unknown, synonyms=asked.synonyms))
        bm25 = _in_order(rows, {**self.lexical, **looked_up})
        cosines, nearest = products(self.vectors(rows)[0], self.vector), self.index.sentences.nearest(self.vector, rows)
        coverage = _in_order(rows, matched())
        return cosines, nearest, bm25, coverage / asked.weight if asked.weight else coverage


def _in_order(rows: numpy.ndarray, scores: Mapping[int, float]) -> numpy.ndarray:
    import numpy

    return numpy.array([scores.get(row, 0.0) for row in rows.tolist()], dtype=numpy.float32)
