"""Which sentences of a passage answer: those that hold most of what the question asks about."""

from __future__ import annotations

from rag.answer.answerability import coverage
from rag.questions import content_words
from rag.types import Passage, Vocabulary

AS_GOOD = 0.85
"""The share of the best sentence's coverage from which another one is highlighted as well."""

MOST = 2


def highlights(question: str, text: str, passage: Passage, vocabulary: Vocabulary) -> tuple[tuple[int, int], ...]:
    """Return the spans of at most two sentences of a passage of `text`, in order; none if none shares a word.

    A passage of a single sentence is that sentence.
    """
    if len(passage.sentences) == 1:
        return passage.sentences
    asked = {term for word in content_words(question) for term in vocabulary.terms(word)}
    scored = [
        (coverage(asked, vocabulary.terms(text[start:end]), vocabulary), (start, end))
        for start, end in passage.sentences
    ]
    best = max((score for score, _ in scored), default=0.0)
    if best <= 0:
        return ()
    ranked = sorted((pair for pair in scored if pair[0] >= AS_GOOD * best), key=lambda pair: (-pair[0], pair[1]))
    return tuple(sorted(span for _, span in ranked[:MOST]))
