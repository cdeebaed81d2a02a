"""How much of what a question asks about a text holds: the one lexical measure of every judgement."""

from __future__ import annotations

from collections.abc import Sequence

from rag.alternatives import NO_ALTERNATIVES, Alternatives
from rag.questions import content_words
from rag.types import Vocabulary

UNKNOWN_WEIGHT = 1.5
"""What a word that no document holds weighs beside the rarest one that some document does."""


def asked_terms(question: str, vocabulary: Vocabulary) -> set[str]:
    """Return the search terms of a question's content words."""
    return {term for word in content_words(question) for term in vocabulary.terms(word)}


def missing_words(
    question: str, vocabulary: Vocabulary, alternatives: Alternatives = NO_ALTERNATIVES
) -> tuple[str, ...]:
    """Return a question's content words that no document holds, neither as they are nor as what they may be called."""
    return tuple(
        word
        for word in content_words(question)
        if not all(vocabulary.contains(term) or term in alternatives for term in vocabulary.terms(word))
    )


def coverage(
    asked: set[str], terms: Sequence[str], vocabulary: Vocabulary, alternatives: Alternatives = NO_ALTERNATIVES
) -> float:
    """Return the share of the asked terms' weight that `terms` hold, 0 to 1; a term's weight is its idf.

    A word that no document holds weighs more than the rarest word can: on a small corpus it is the strongest sign that
    the question is about something else. A term is held, too, where one of its alternatives is, and then weighs what
    the commonest of them does.
    """
    here = set(terms)
    covered = total = 0.0
    for term in sorted(asked):  # in one order, so that the sum is the same to the last bit
        others = alternatives.get(term, ())
        weight = _weight(term, others, vocabulary)
        total += weight
        if term in here or any(other <= here for other in others):
            covered += weight
    return covered / total if total else 0.0


def _weight(term: str, others: Sequence[frozenset[str]], vocabulary: Vocabulary) -> float:
    idf = vocabulary.inverse_document_frequency
    # All terms of an alternative must be there, so it is at least as rare as the rarest of them.
    weights = [max(map(idf, other)) for other in others]
    if vocabulary.contains(term):
        weights.append(idf(term))
    return min(weights) if weights else UNKNOWN_WEIGHT * idf(term)
