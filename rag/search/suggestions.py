"""Suggest words of the corpus that a word of the question may be a misspelling of.

A suggestion is a remark beside an answer and never asked in the word's place, so an apt one helps a little and a silly
one costs trust. Hence no suggestion for a word that is spelled as people spell it, and none that is plainly another
word: an opposite, another drug of the family, the same word with another ending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rag.core.types.answers import Suggestion
from rag.core.types.protocols import Vocabulary
from rag.text.words import carries_content

MOST_WORDS = 3
"""How many words are suggested for one of the question's."""

MOST_TERMS = 8
"""How many of a question's words get suggestions: one that holds more unknown words is not misspelled."""

LONG = 6
"""Letters from which a word may be misspelled in its first one; shorter words are too near each other."""

WordList = Callable[[int, int], tuple[Sequence[str], Sequence[int]]]
"""Returns the corpus's words from a shortest to a longest length, and how many passages hold each."""

# What makes another word of a word. Hypotension is no misspelling of hypertension, nor ketamine of esketamine.
_PREFIXES = (
    "a an ant anti de dex dextro di dis en endo es exo extra hyper hypo il im in inter intra ir iso lev levo macro "
    "micro mis mono non nor over post pre re sub super tri ultra un under"
).split()
_ENDINGS = frozenset(("", *"s es ed er ers ing ings ly al ally able ment ments ness less ful".split()))
_STEM = 3  # letters that must be left for two words to share more than a beginning or an ending


def suggest(
    missing: Sequence[str], words: WordList, vocabulary: Vocabulary, is_spelled: Callable[[str], bool]
) -> tuple[Suggestion, ...]:
    """Return what the missing words may be misspellings of; a word that is like none of the corpus gets no entry.

    `is_spelled` says whether a word is one that people write, whatever the corpus holds.
    """
    terms = [term for term in missing if distance_allowed(term) and not is_spelled(term)][:MOST_TERMS]
    if not terms:
        return ()
    shortest = min(len(term) - distance_allowed(term) for term in terms)
    longest = max(len(term) + distance_allowed(term) for term in terms)
    there, passages = words(shortest, longest)
    found = ((term, tuple(_words_like(term.lower(), there, passages, vocabulary))) for term in terms)
    return tuple(Suggestion(term, like) for term, like in found if like)


def distance_allowed(word: str) -> int:
    """Return how many letters of a word may be wrong: left out, put in, replaced, or swapped with the next one."""
    if len(word) < 4 or not word.isalpha():
        return 0
    return 1 if len(word) < 6 else 2 if len(word) < 9 else 3


def _words_like(term: str, words: Sequence[str], passages: Sequence[int], vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the words nearest to a term, those first that more passages hold, each with one of its endings only."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    near = extract(term, words, scorer=OSA.distance, score_cutoff=distance_allowed(term), limit=None)
    ranked = sorted((int(distance), -passages[place], word) for word, distance, place in near)
    taken = {tuple(vocabulary.terms(term))}
    nearest = None
    for distance, _, word in ranked:
        stems = tuple(vocabulary.terms(word))
        if stems in taken or not _may_be_meant(term, word, distance):
            continue
        nearest = distance if nearest is None else nearest
        if distance > nearest or len(taken) > MOST_WORDS:
            return
        taken.add(stems)
        yield word


def _may_be_meant(term: str, word: str, distance: int) -> bool:
    begins_alike = term[0] == word[0] or (distance == 1 and len(term) >= LONG)
    return begins_alike and word.isalpha() and carries_content(word) and not is_another_word(term, word)


def is_another_word(one: str, other: str) -> bool:
    """Say whether two words that are spelled much alike are plainly two: opposites, drugs of a family, two endings."""
    return _differ_by_prefix(one, other) or _differ_by_ending(one, other)


def _differ_by_prefix(one: str, other: str) -> bool:
    def without_prefixes(word: str) -> set[str]:
        return {word, *(word[len(prefix) :] for prefix in _PREFIXES if word.startswith(prefix))}

    return any(len(rest) >= _STEM for rest in without_prefixes(one) & without_prefixes(other))


def _differ_by_ending(one: str, other: str) -> bool:
    return any(
        one[:at] == other[:at] and one[at:] in _ENDINGS and other[at:] in _ENDINGS
        for at in range(_STEM, min(len(one), len(other)) + 1)
    )
