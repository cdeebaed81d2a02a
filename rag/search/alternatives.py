"""What may stand for a word that is asked about: the curator's synonyms, as search terms.

A synonym never has to be covered. It only covers the words that it is a synonym of.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.core.types.protocols import Vocabulary
from rag.text.synonyms import Expansion

Alternatives = Mapping[str, tuple[frozenset[str], ...]]
"""For a search term of the question, what may stand for it: each of the sets, when all of its terms are there."""


def alternatives(expansion: Expansion, vocabulary: Vocabulary) -> Alternatives:
    """Return what may stand for the terms of a question's phrases that have synonyms."""
    found: dict[str, dict[frozenset[str], None]] = {}
    for phrase in expansion.phrases:
        for other in phrase.also:
            if holds(other, vocabulary):
                terms = frozenset(vocabulary.terms(other))
                for term in vocabulary.terms(phrase.said):
                    found.setdefault(term, {})[terms] = None
    return {term: tuple(sets) for term, sets in found.items()}


def holds(phrase: str, vocabulary: Vocabulary) -> bool:
    """Say whether the corpus holds all words of a phrase that are searched for, and that there are any."""
    terms = vocabulary.terms(phrase)
    return bool(terms) and all(map(vocabulary.contains, terms))
