"""How much of what a question asks about a text holds: the one lexical measure of every judgement."""

from __future__ import annotations

from collections.abc import Sequence

from rag.questions import content_words
from rag.types import Vocabulary

UNKNOWN_WEIGHT = 1.5
"""What a word that no document holds weighs beside the rarest one that some document does."""


def asked_terms(question: str, vocabulary: Vocabulary) -> set[str]:
    """Return the search terms of a question's content words."""
    return {term for word in content_words(question) for term in vocabulary.terms(word)}


def coverage(asked: set[str], terms: Sequence[str], vocabulary: Vocabulary) -> float:
    """Return the share of the asked terms' weight that `terms` hold, 0 to 1; a term's weight is its idf.

    A word that no document holds weighs more than the rarest word can: on a small corpus it is the strongest sign that
    the question is about something else.
    """
    weight = {
        term: vocabulary.inverse_document_frequency(term) * (1 if vocabulary.contains(term) else UNKNOWN_WEIGHT)
        for term in asked
    }
    total = sum(weight.values())
    return sum(weight[term] for term in asked & set(terms)) / total if total else 0.0
