"""One absolute score from meaning and words: no minimum or maximum of a query's own results enters it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

LEXICAL = 0.5
"""What the words count beside the meaning."""

SENTENCE = 0.5
"""What the nearest sentence's cosine counts within the meaning, beside the whole passage's."""


def fuse(
    cosines: numpy.ndarray, nearest_sentences: numpy.ndarray | None, bm25: numpy.ndarray, best_possible: float
) -> numpy.ndarray:
    """Return the convex combination of cosine and BM25, shape (candidates,).

    Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", TOIS 2023. BM25 is divided by the
    most that any passage could score for the question's words (`best_possible`) rather than by what the best one found
    does: a score then means the same for every question, and can be held against a threshold.
    """
    meaning = cosines if nearest_sentences is None else (1 - SENTENCE) * cosines + SENTENCE * nearest_sentences
    words = bm25 / best_possible if best_possible else bm25 * 0
    fused: numpy.ndarray = (1 - LEXICAL) * meaning + LEXICAL * words
    return fused
