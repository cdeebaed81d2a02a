"""Find the names in a question: the drugs, substances, conditions, procedures and populations that it is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rag.core.types.protocols import CorpusNames, Spelling, Vocabulary
from rag.search.misspellings import Meant, meant
from rag.text.aspects.aspect_lists import spoken_aspects
from rag.text.everyday_words import ends_like_a_word, is_everyday
from rag.text.names.listed_names import ListedName, NameKind, NameLists
from rag.text.names.name_words import MOST_NAME_WORDS, NameWord, name_words
from rag.text.story_words import tells_the_story
from rag.text.synonyms import Expansion
from rag.text.words import carries_content

SHORTEST = 4
"""Letters from which a word that is in no list may be a name: shorter ones are too often something else."""

Terms = frozenset[str]

_WITHIN_SENTENCE = re.compile(r"[\w,;:)'’-]\s+[(\"“'‘]?$")
"""Ends what stands before a word within a sentence."""

_IS_CALLED = re.compile(r"\b(?:it's|it’s|its|is|called|has|have|got|with|of)\s+$", re.IGNORECASE)
"""Ends what stands before the name of what somebody has."""

_AMOUNT = re.compile(r"(?:low|high|raised|too (?:much|little)|lack of)\s+", re.IGNORECASE)
"""Begins the name of a condition that passages tell in other words, with the name of the substance."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a question, with the sets of terms by any of which a passage speaks of it.

    `said` is as it was typed, from `start` to `end` of the question. `kind` is None for a word that is in no list and
    has no form of one. `held` says whether any passage speaks of it, `is_everyday` whether all its words are common.
    """

    said: str
    start: int
    end: int
    kind: NameKind | None
    ways: tuple[Terms, ...]
    held: bool
    is_everyday: bool = False

    def is_spoken_of(self, terms: Collection[str]) -> bool:
        """Say whether a passage, given as its terms with those of its title and headings, speaks of it."""
        return any(way.issubset(terms) for way in self.ways)


@dataclass(frozen=True, slots=True)
class NamesFound:
    """The names of a question, in order, and what its misspelt words are meant to be, by their spans."""

    names: tuple[Name, ...]
    meant: Mapping[tuple[int, int], Meant]


NamedSpan = tuple[int, list[ListedName], list[str]]
"""How many words a name has, what lists say that it names, and what documents call the same."""

NO_SPAN: NamedSpan = (0, [], [])


class NameFinder:
    """Finds the names in questions to one corpus: by the lists, by its documents' own, by forms, as uncommon words."""

    def __init__(self, lists: NameLists, vocabulary: Vocabulary, corpus: CorpusNames, spelling: Spelling) -> None:
        """Take the lists, the corpus's terms, its words and names as they are written, and the everyday words."""
        self.lists, self.vocabulary, self.corpus, self.spelling = lists, vocabulary, corpus, spelling

    def find(self, question: str, synonyms: Expansion) -> NamesFound:
        """Return the names in a question: of listed ones that overlap the longest; a misspelt one as what it is meant.

        `synonyms` are the question's phrases that the curator's synonyms know.
        """
        words = name_words(question)
        keys = [word.key for word in words]
        called = self._called(question, words)
        spans = _longer(self._listed(keys), called)
        corrected: dict[tuple[int, int], Meant] = {}
        unlisted = set()
        for place, word in enumerate(words):
            typed = question[word.start : word.end].lower()
            if any(start <= place < start + length for start, (length, *_) in spans.items()):
                continue
            proper = self._is_proper_noun(question, word)
            if not proper and not self._may_name(word.key, typed):
                continue
            is_right = self._is_in_corpus(typed) or self.spelling.is_word(typed)
            other = None if is_right else self._meant(typed)
            if other:
                corrected[word.start, word.end] = other
                keys[place] = name_words(other.word)[0].key
            if not ends_like_a_word(typed) if not other else not is_everyday(other.word, self.spelling.is_word):
                unlisted.add(place)
        if corrected:
            spans = _longer(self._listed(keys), called)
        return NamesFound(tuple(self._names(question, words, keys, unlisted, spans, synonyms)), corrected)

    def _names(
        self,
        question: str,
        words: Sequence[NameWord],
        keys: Sequence[str],
        unlisted: set[int],
        spans: Mapping[int, NamedSpan],
        synonyms: Expansion,
    ) -> list[Name]:
        names = []
        place = 0
        while place < len(words):
            length, names_here, also = spans.get(place, NO_SPAN)
            if length:
                span = words[place].start, words[place + length - 1].end
                kind = names_here[0].kind if names_here else None
                names.append(self._name(question, span, kind, names_here, also, synonyms))
            elif place in unlisted:
                span = words[place].start, words[place].end
                kind = self.lists.kind_by_form(keys[place])
                names.append(self._name(question, span, kind, (), (keys[place],), synonyms))
            place += length or 1
        return names

    def _listed(self, keys: Sequence[str]) -> dict[int, tuple[int, list[ListedName]]]:
        found = {}
        place = 0
        while place < len(keys):
            length, listed = self.lists.at(keys, place)
            if length:
                found[place] = length, listed
            place += length or 1
        return found

    def _called(self, question: str, words: Sequence[NameWord]) -> dict[int, tuple[int, list[str]]]:
        """Return by their places the abbreviations and long forms that documents define, and titles, the longest each.

        A short word counts where it is written as an abbreviation or nobody writes it otherwise, a title of several
        words where all tell something and none of them is a listed name or an aspect's.
        """
        spans = {
            (place, length): " ".join(word.key for word in words[place : place + length])
            for place in range(len(words))
            for length in range(1, min(MOST_NAME_WORDS, len(words) - place) + 1)
        }
        defined = self.corpus.called(list(dict.fromkeys(spans.values())))
        found: dict[int, tuple[int, list[str]]] = {}
        for (place, length), key in spans.items():
            if key in defined and self._is_called(question, words[place : place + length], bool(defined[key])):
                found[place] = length, list(defined[key])
        return found

    def _is_called(self, question: str, words: Sequence[NameWord], is_defined: bool) -> bool:
        typed = [question[word.start : word.end] for word in words]
        if len(words) == 1:
            word = typed[0]
            is_written_so = sum(map(str.isupper, word)) > 1 and not question.isupper()
            return is_written_so or not (is_everyday(word.lower(), self.spelling.is_word) or tells_the_story(word))
        if is_defined:
            return True
        keys = [word.key for word in words]
        has_listed = any(self.lists.at(keys, place)[0] for place in range(len(keys)))
        return all(map(carries_content, typed)) and not has_listed and not spoken_aspects(" ".join(typed))

    def _may_name(self, key: str, typed: str) -> bool:
        return (
            len(key) >= SHORTEST
            and key.isalpha()
            and carries_content(typed)
            and not tells_the_story(typed)
            and not tells_the_story(key)
            and (
                self.lists.kind_by_form(key) is not None
                or not (is_everyday(typed, self.spelling.is_word) or is_everyday(key, self.spelling.is_word))
            )
        )

    def _is_proper_noun(self, question: str, word: NameWord) -> bool:
        """Say whether a word that no passage holds has a capital within a sentence: people, places, brands."""
        typed = question[word.start : word.end]
        return (
            len(typed) >= SHORTEST
            and typed.istitle()
            and not question.istitle()
            and _WITHIN_SENTENCE.search(question[: word.start]) is not None
            and not tells_the_story(typed)
            and carries_content(typed)
            and not any(map(self.vocabulary.contains, self.vocabulary.terms(typed)))
        )

    def _is_in_corpus(self, word: str) -> bool:
        words, _ = self.corpus.spellings(len(word), len(word))
        return word in words

    def _meant(self, word: str) -> Meant | None:
        found = meant(word, self.corpus.spellings, self.lists.single_words, self.spelling.words)
        if found is None or found.source != "list":
            return found
        _, listed = self.lists.at([name_words(found.word)[0].key], 0)
        known = (name for each in listed for name in each.names if self._holds(name))
        other = next(known, None)
        return found if other is None else Meant(other, "corpus")

    def _holds(self, name: str) -> bool:
        terms = frozenset(self.vocabulary.terms(name))
        return bool(terms) and self.vocabulary.contains_together(terms)

    def _name(
        self,
        question: str,
        span: tuple[int, int],
        kind: NameKind | None,
        listed: Sequence[ListedName],
        others: Sequence[str],
        synonyms: Expansion,
    ) -> Name:
        said = question[slice(*span)]
        curated = [
            other
            for phrase in synonyms.phrases
            if phrase.end - len(phrase.said) < span[1] and span[0] < phrase.end
            for other in phrase.also
        ]
        phrases = [said, *others, *curated, *(name for each in listed for name in self.lists.speaking_of(each))]
        if kind == "condition" and (of := _AMOUNT.match(said)):
            phrases.append(said[of.end() :])
        ways = self._ways(phrases)
        held = tuple(way for way in ways if self.vocabulary.contains_together(way))
        everyday = all(is_everyday(word, self.spelling.is_word) for word in said.lower().split())
        everyday = everyday and not (said.istitle() and _IS_CALLED.search(question[: span[0]]))
        return Name(said, *span, kind, held or ways, bool(held), everyday)

    def _ways(self, phrases: Sequence[str]) -> tuple[Terms, ...]:
        """Return the sets of terms of some phrases; of "the pill", one common word is left, which tells little."""
        found = {
            terms: len(phrase.split()) for phrase in phrases if (terms := frozenset(self.vocabulary.terms(phrase)))
        }
        whole = tuple(terms for terms, length in found.items() if length == 1 or len(terms) > 1)
        return whole or tuple(found)


def _longer(
    listed: Mapping[int, tuple[int, list[ListedName]]], called: Mapping[int, tuple[int, list[str]]]
) -> dict[int, NamedSpan]:
    """Return by their places the names of lists or of the corpus's documents, the longer one; both where they agree."""
    spans: dict[int, NamedSpan] = {}
    for place in listed.keys() | called.keys():
        in_lists, names = listed.get(place, (0, []))
        in_corpus, also = called.get(place, (0, []))
        longest = max(in_lists, in_corpus)
        spans[place] = longest, names if in_lists == longest else [], also if in_corpus == longest else []
    return spans
