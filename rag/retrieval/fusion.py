"""One absolute score from meaning and words: no minimum or maximum of a query's own results enters it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.index.lexical import MOST_PER_IDF

if TYPE_CHECKING:
    import numpy

LEXICAL = 0.5
"""What the words count beside the meaning."""

SENTENCE = 0.5
"""What the nearest sentence's cosine counts within the meaning, beside the whole passage's."""


def fuse(
    cosines: numpy.ndarray, nearest_sentences: numpy.ndarray | None, bm25: numpy.ndarray, weight: float
) -> numpy.ndarray:
    """Return the convex combination of cosine and BM25, shape (candidates,).

    Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", TOIS 2023. BM25 is divided by the
    most that any passage could score for the question's words, the sum of whose idf is `weight`, rather than by what
    the best one found does: a score then means the same for every question, and can be held against a threshold.
    """
    meaning = cosines if nearest_sentences is None else (1 - SENTENCE) * cosines + SENTENCE * nearest_sentences
    # A passage that holds a word and its synonym, in its text and in its title, may have more than the most.
    words = (bm25 / (weight * MOST_PER_IDF)).clip(0, 1) if weight else bm25 * 0
    fused: numpy.ndarray = (1 - LEXICAL) * meaning + LEXICAL * words
    return fused
