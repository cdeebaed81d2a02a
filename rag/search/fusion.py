"""Fuse cosine, BM25 and coverage into one absolute score, without a minimum or maximum of a query's own results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.index.lexical.lexical_index import MOST_PER_IDF

if TYPE_CHECKING:
    import numpy

MEANING, LEXICAL, COVERAGE = 0.68, 0.12, 0.2
"""What cosine, BM25 and the coverage of the question's words count. Chosen together on scifact (train), nfcorpus (dev),
squad2 and medquad. Coverage takes most of what words count: among passages on one topic, how often each repeats its
name says nothing of which one answers, and BM25 would rank by that."""

SENTENCE = 0.25
"""What the nearest sentence's cosine counts within the meaning, beside the whole passage's."""


def fuse(
    cosines: numpy.ndarray,
    nearest_sentences: numpy.ndarray | None,
    bm25: numpy.ndarray,
    coverage: numpy.ndarray | None,
    weight: float,
) -> numpy.ndarray:
    """Return the convex combination of cosine, BM25 and coverage, shape (candidates,).

    After Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", TOIS 2023. BM25 is divided by
    the most that any passage could score for the question's words, the sum of whose idf is `weight`, rather than by
    what the best one found does: a score then means the same for every question, and can be held against a threshold.
    Coverage is the share of `weight` that a passage holds, however often. Without it BM25 counts for both.
    """
    meaning = cosines if nearest_sentences is None else (1 - SENTENCE) * cosines + SENTENCE * nearest_sentences
    # A passage that holds a word and its synonym, in its text and in its title, may have more than the most.
    words = (bm25 / (weight * MOST_PER_IDF)).clip(0, 1) if weight else bm25 * 0
    fused: numpy.ndarray = MEANING * meaning + LEXICAL * words + COVERAGE * (words if coverage is None else coverage)
    return fused
