"""Expand a question by the curator's synonyms. Nothing here knows a file or an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

MOST = 3
"""How many phrases are added for one of the question's: more would outweigh the question."""

_WORD = re.compile(r"\w+")
_REST = re.compile(r"(?:['’-]\w+)*")  # of a word that goes on after an apostrophe or a hyphen


@dataclass(frozen=True, slots=True)
class SynonymRule:
    """A question that holds one of the phrases `said` is searched with the phrases `also` as well.

    In a group of synonyms the two are the same. `line` is the one of the curator's file, from 1.
    """

    said: tuple[str, ...]
    also: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Synonyms:
    """All rules, to be looked up by the words of a phrase."""

    rules: tuple[SynonymRule, ...] = ()
    _by_words: Mapping[tuple[str, ...], tuple[SynonymRule, ...]] = field(init=False, repr=False, compare=False)
    _longest: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_words: dict[tuple[str, ...], tuple[SynonymRule, ...]] = {}
        for rule in self.rules:
            for words in dict.fromkeys(map(words_of, rule.said)):
                by_words[words] = (*by_words.get(words, ()), rule)
        object.__setattr__(self, "_by_words", by_words)
        object.__setattr__(self, "_longest", max(map(len, by_words), default=0))

    def at(self, words: Sequence[str], place: int) -> tuple[int, tuple[SynonymRule, ...]]:
        """Return the length of the longest phrase that begins at a place among words, and its rules; 0 without one."""
        for length in range(min(self._longest, len(words) - place), 0, -1):
            rules = self._by_words.get(tuple(words[place : place + length]))
            if rules:
                return length, rules
        return 0, ()


@dataclass(frozen=True, slots=True)
class Rephrased:
    """A phrase of a question with what else it may be called.

    `said` is as the question has it and ends at `end` there. `also` is all that the rules give for it, `added` what of
    that is searched for: what the question does not say itself, and no more than `MOST`.
    """

    said: str
    end: int
    also: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """A question, and its phrases that have synonyms, in order."""

    question: str
    phrases: tuple[Rephrased, ...] = ()

    @property
    def added(self) -> tuple[str, ...]:
        """All phrases that were added."""
        return tuple(phrase for each in self.phrases for phrase in each.added)

    @property
    def searched_as(self) -> str:
        """The question with what was added in brackets after the words that it stands for."""
        text, at = "", 0
        for phrase in self.phrases:
            if phrase.added:
                text += f"{self.question[at : phrase.end]} ({', '.join(phrase.added)})"
                at = phrase.end
        return text + self.question[at:]


def expand(question: str, synonyms: Synonyms, holds: Callable[[str], bool] = lambda phrase: True) -> Expansion:
    """Return what else a question's phrases may be called, as far as the corpus `holds` it.

    Where phrases overlap, the one that begins first counts, and the longest of those. What was added is not expanded
    again: a rule says what its own words mean, and no more.
    """
    found: list[Rephrased] = []
    matches = list(_WORD.finditer(question))
    words = [singular(match[0]) for match in matches]
    present = list(words)
    place = 0
    while place < len(words):
        length, rules = synonyms.at(words, place)
        if length:
            said = tuple(words[place : place + length])
            others = {words_of(phrase): phrase for rule in rules for phrase in rule.also if holds(phrase)}
            also = [phrase for key, phrase in others.items() if key != said]
            added = [phrase for phrase in also if not _within(words_of(phrase), present)][:MOST]
            for phrase in added:
                present += ["", *words_of(phrase)]  # a phrase that runs across the gap was not said
            if also:
                start, end = matches[place].start(), matches[place + length - 1].end()
                rest = _REST.match(question, end)
                found.append(Rephrased(question[start:end], rest.end() if rest else end, tuple(also), tuple(added)))
        place += length or 1
    return Expansion(question, tuple(found))


def corrected(expansion: Expansion, meant: Mapping[tuple[int, int], str]) -> Expansion:
    """Add what misspelt words, given by their spans, are meant to be, as other ways to say them."""
    added = [
        Rephrased(expansion.question[start:end], end, (word,), (word,))
        for (start, end), word in meant.items()
        if not any(phrase.end - len(phrase.said) < end and start < phrase.end for phrase in expansion.phrases)
    ]
    return replace(expansion, phrases=tuple(sorted((*expansion.phrases, *added), key=lambda each: each.end)))


def words_of(phrase: str) -> tuple[str, ...]:
    """Return a phrase's words as they are compared: whole, in lower case, in the singular."""
    return tuple(singular(word) for word in _WORD.findall(phrase))


def singular(word: str) -> str:
    """Return a word without its plural, by Harman's S stemmer ("How effective is suffixing?", JASIS 42, 1991)."""
    word = word.lower()
    if len(word) < 4:
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    return word[:-1] if word.endswith("s") and not word.endswith(("us", "ss")) else word


def _within(phrase: Sequence[str], words: Sequence[str]) -> bool:
    length = len(phrase)
    return any(tuple(words[at : at + length]) == tuple(phrase) for at in range(len(words) - length + 1))
