"""Turn a question into weighted search terms, and measure the share of their weight that a text holds.

Each term is mapped to the sets of synonym terms that count as matching it. Synonyms can satisfy a term and are never
required themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.core.types.protocols import Vocabulary
from rag.search.question_names import Name
from rag.text.story_words import tells_the_story
from rag.text.synonyms import Expansion
from rag.text.words import content_words

Alternatives = Mapping[str, tuple[frozenset[str], ...]]
"""For a search term of the question, what may stand for it: each of the sets, when all of its terms are there."""


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


BORROWED_WEIGHT = 0.4
"""What a word that is borrowed from an earlier question weighs beside the question's own."""

STORY_WEIGHT = 0.5
"""What a word of the asker's story weighs, which may help to find and is not what is asked."""

UNKNOWN_WEIGHT = 0.5
"""What a word weighs that no document holds and that names nothing: people say the same in other words."""


def asked(
    expansion: Expansion,
    vocabulary: Vocabulary,
    borrowed_words: Sequence[str] = (),
    names: Sequence[Name] = (),
    asking: str | None = None,
) -> Asked:
    """Weigh the content words of a question, given with what its phrases may also be called.

    The `borrowed_words` of earlier questions, which the question holds as well, weigh less and are looked for as
    synonyms are. So are words of the asker's story: those that tell one, and those that do not stand in the sentences
    that ask, `asking`; of these only what some passage holds counts at all. `names` are those of the question.
    A term's weight is its idf, the greatest there is where no passage holds it. One that has alternatives weighs what
    the commonest of them does: a word of the corpus's own would not tell more.
    """
    words = {word: vocabulary.terms(word) for word in content_words(expansion.question)}
    others = alternatives(expansion, vocabulary, names)
    known = {term: vocabulary.contains(term) or term in others for terms in words.values() for term in terms}
    story = _story(words, names, expansion.question if asking is None else asking)
    told = {word for word in story if all(known[term] for term in words[word])}
    words = {word: terms for word, terms in words.items() if word not in story or word in told} or words
    weights = {term: _weight(term, vocabulary, others.get(term, ())) for terms in words.values() for term in terms}
    named = {term for name in names for term in vocabulary.terms(name.said)}
    unknown = {term for term in weights if not known[term]}
    borrowed = {word: terms for word, terms in words.items() if word in borrowed_words}
    aside = {**borrowed, **{word: terms for word, terms in words.items() if word in told}}
    own = {term for word, terms in words.items() if word not in aside for term in terms}
    for term in weights:
        if own and term not in own:
            of_borrowed = any(term in terms for terms in borrowed.values())
            weights[term] *= BORROWED_WEIGHT if of_borrowed else STORY_WEIGHT
        elif term in unknown and term not in named:
            weights[term] *= UNKNOWN_WEIGHT
    total = sum(weights.values())
    return Asked(
        words=" ".join(word for word in words if word not in aside) or " ".join(words),
        synonyms=" ".join((*expansion.added, *(aside if own else ()))),
        weights=weights,
        alternatives=others,
        missing_words=tuple(word for word, terms in words.items() if unknown.intersection(terms)),
        missing=sum(weight for term, weight in weights.items() if term in unknown) / total if total else 0.0,
    )


def _story(words: Mapping[str, Sequence[str]], names: Sequence[Name], asking: str) -> set[str]:
    """Return the words that tell the asker's story; none where there would be no other."""
    in_names = {word for name in names for word in content_words(name.said)}
    asked_words = set(content_words(asking))
    story = {word for word in words if word not in in_names and (tells_the_story(word) or word not in asked_words)}
    return story if len(story) < len(words) else set()


def alternatives(expansion: Expansion, vocabulary: Vocabulary, names: Sequence[Name] = ()) -> Alternatives:
    """Map the terms of a question's phrases that have synonyms to the term sets that count as matching them.

    A name that passages speak of by other words has these for alternatives.
    """
    found: dict[str, dict[frozenset[str], None]] = {}
    for name in names:
        own = frozenset(vocabulary.terms(name.said))
        for terms in name.ways if name.held else ():
            if terms != own:
                for term in own:
                    found.setdefault(term, {})[terms] = None
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


def _weight(term: str, vocabulary: Vocabulary, others: Sequence[frozenset[str]]) -> float:
    idf = vocabulary.inverse_document_frequency
    # All words of an alternative stand together, so they are as rare as the rarest of them.
    weights = [max(map(idf, other)) for other in others]
    if vocabulary.contains(term) or not weights:
        weights.append(idf(term))
    return min(weights)
