"""What a question asks about, as weighed terms, and how much of that a text holds: the one lexical measure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.core.types.protocols import Vocabulary
from rag.search.alternatives import Alternatives, alternatives
from rag.text.synonyms import Expansion
from rag.text.words import content_words


@dataclass(frozen=True, slots=True)
class Asked:
    """The lexical side of a question: what to search for, what each of its terms weighs, what no document holds.

    `words` are its content words, `synonyms` what the curator's synonyms add. `missing_words` are words that no
    document holds, neither as they are nor as what they may be called; `missing` is their share of the weight, 0 to 1.
    """

    words: str
    synonyms: str
    weights: Mapping[str, float]
    alternatives: Alternatives
    missing_words: tuple[str, ...]
    missing: float
    weight: float = field(init=False)
    """The weight of all terms together: kept, for a question is held against some hundred sentences."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", sum(self.weights.values()))

    def coverage(self, terms: Collection[str]) -> float:
        """Return the share of the weight that some terms hold, 0 to 1; a term is held where an alternative is."""
        if not self.weights:
            return 0.0
        here, others = frozenset(terms), self.alternatives
        held = [
            weight
            for term, weight in self.weights.items()
            if term in here or (term in others and any(other <= here for other in others[term]))
        ]
        return sum(held) / self.weight

    def without(self, terms: Collection[str]) -> Asked:
        """Return what is asked without some terms; all of it where no other is left."""
        weights = {term: weight for term, weight in self.weights.items() if term not in terms}
        return replace(self, weights=weights or self.weights)


LENT = 0.4
"""What a word that an earlier question lends weighs beside the question's own."""


def asked(expansion: Expansion, vocabulary: Vocabulary, lent: Sequence[str] = ()) -> Asked:
    """Weigh the content words of a question, given with what its phrases may also be called.

    Words `lent` by earlier questions, which the question holds as well, weigh less and are looked for as synonyms are.
    A term's weight is its idf, the greatest there is where no passage holds it. One that has alternatives weighs what
    the commonest of them does: a word of the corpus's own would not tell more.
    """
    words = {word: vocabulary.terms(word) for word in content_words(expansion.question)}
    others = alternatives(expansion, vocabulary)
    weights = {term: _weight(term, vocabulary, others.get(term, ())) for terms in words.values() for term in terms}
    unknown = {term for term in weights if not vocabulary.contains(term) and term not in others}
    borrowed = {word: terms for word, terms in words.items() if word in lent}
    own = {term for word, terms in words.items() if word not in borrowed for term in terms}
    weights = {term: weight if term in own or not own else LENT * weight for term, weight in weights.items()}
    total = sum(weights.values())
    return Asked(
        words=" ".join(word for word in words if word not in borrowed) or " ".join(words),
        synonyms=" ".join((*expansion.added, *(borrowed if own else ()))),
        weights=weights,
        alternatives=others,
        missing_words=tuple(word for word, terms in words.items() if unknown.intersection(terms)),
        missing=sum(weight for term, weight in weights.items() if term in unknown) / total if total else 0.0,
    )


def _weight(term: str, vocabulary: Vocabulary, others: Sequence[frozenset[str]]) -> float:
    idf = vocabulary.inverse_document_frequency
    # All words of an alternative stand together, so they are as rare as the rarest of them.
    weights = [max(map(idf, other)) for other in others]
    if vocabulary.contains(term) or not weights:
        weights.append(idf(term))
    return min(weights)
