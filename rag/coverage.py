"""How much of what a question asks about a text holds: the one lexical measure of every judgement."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rag.questions import content_words
from rag.types import Vocabulary


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's search terms with their weights, and its words that no document holds."""

    weights: Mapping[str, float]
    missing_words: tuple[str, ...]
    missing: float
    """The share of the weight that no document holds, 0 to 1."""

    def coverage(self, terms: Collection[str]) -> float:
        """Return the share of the weight that some terms hold, 0 to 1."""
        total = sum(self.weights.values())
        return sum(weight for term, weight in self.weights.items() if term in terms) / total if total else 0.0


def asked(question: str, vocabulary: Vocabulary) -> Asked:
    """Weigh a question's content words: a term's weight is its idf, the greatest there is where no passage holds it."""
    words = {word: vocabulary.terms(word) for word in content_words(question)}
    weights = {term: vocabulary.inverse_document_frequency(term) for terms in words.values() for term in terms}
    unknown = {term for term in weights if not vocabulary.contains(term)}
    total = sum(weights.values())
    return Asked(
        weights=weights,
        missing_words=tuple(word for word, terms in words.items() if unknown.intersection(terms)),
        missing=sum(weights[term] for term in unknown) / total if total else 0.0,
    )
