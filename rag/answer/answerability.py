"""Does what was found answer the question?

A first, plain judgement: half of it is how near the nearest quote is in meaning, half how much of the question's
words, weighed by how telling they are, one quote and what stands above it hold. A word that no document holds weighs
more than the rarest word can: on a small corpus it is the strongest sign that the question is about something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.questions import content_words
from rag.types import Vocabulary

THRESHOLD = 0.48
"""The confidence from which quotes are shown as an answer."""

UNKNOWN_WEIGHT = 1.5
"""What a word that no document holds weighs beside the rarest one that some document does."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`confidence` runs from 0 to 1; `missing_terms` are words of the question that no document holds."""

    confidence: float
    missing_terms: tuple[str, ...]

    @property
    def answered(self) -> bool:
        """Whether the quotes are shown as an answer."""
        return self.confidence >= THRESHOLD


def judge(question: str, found: Sequence[tuple[str, float]], vocabulary: Vocabulary) -> Judgement:
    """Judge what was found, given as (text with its headings, cosine) pairs."""
    words = content_words(question)
    missing = tuple(word for word in words if not all(map(vocabulary.contains, vocabulary.terms(word))))
    asked = {term for word in words for term in vocabulary.terms(word)}
    if not found or not asked:
        return Judgement(0.0, missing)
    nearest = max(cosine for _, cosine in found)
    covered = max(coverage(asked, vocabulary.terms(text), vocabulary) for text, _ in found)
    return Judgement(round(min(1.0, max(0.0, 0.5 * nearest + 0.5 * covered)), 4), missing)


def coverage(asked: set[str], terms: Sequence[str], vocabulary: Vocabulary) -> float:
    """Return the share of the asked terms' weight that `terms` hold, 0 to 1; a term's weight is its idf."""
    weight = {
        term: vocabulary.inverse_document_frequency(term) * (1 if vocabulary.contains(term) else UNKNOWN_WEIGHT)
        for term in asked
    }
    total = sum(weight.values())
    return sum(weight[term] for term in asked & set(terms)) / total if total else 0.0
