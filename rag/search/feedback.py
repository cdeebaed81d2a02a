"""Apply pseudo-relevance feedback: move the question's vector towards the best passages of the fused list."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

PASSAGES = 2
"""How many of the best passages lend their vectors."""

WEIGHT = 0.8
"""What their mean counts beside the question's own vector."""


def with_feedback(vector: numpy.ndarray, best: numpy.ndarray) -> numpy.ndarray:
    """Return the unit vector of question + WEIGHT · mean(best); `best` has shape (passages, dimensions).

    Rocchio's method on dense vectors: Li et al., "Pseudo relevance feedback with deep language models and dense
    retrievers: successes and pitfalls", TOIS 2022. The passages are the fused list's: feedback from the dense list
    alone only confirms it.
    """
    import numpy

    moved = vector + WEIGHT * best.mean(axis=0)
    unit: numpy.ndarray = (moved / numpy.linalg.norm(moved)).astype(numpy.float32)
    return unit
