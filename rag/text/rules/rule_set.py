"""Match rules against a text. They are data, in TOML, for people to read and review.

A rule applies where a text holds one of the phrases that it `says`, unless one of its `unless` phrases overlaps with
that ("not suicidal", "suicide rate"), or one of its `aside` phrases stands in the same sentence ("song", "in 1990") and
none of its `despite` phrases does ("now"). A file's own `unless`, `aside` and `despite` go for all of its rules. The
`matches` and `passes` beside a rule are examples of what it must and must not apply to; each is a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from rag.text.rules.rule_language import Keys, Language

FEWEST_LETTERS = 3
"""How many letters the beginning of a word in a phrase must have at least."""

_WORDS_KEPT, _LETTERS_KEPT = 20_000, 30
"""Words, and of how many letters, of which it is kept what hangs on them: texts are made of the same words."""

_FIELDS = {"name", "says", "unless", "aside", "despite", "matches", "passes"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: phrases of which a text must say one, and phrases that it must not say with it."""

    name: str
    says: tuple[str, ...]
    unless: tuple[str, ...]
    aside: tuple[str, ...]
    despite: tuple[str, ...]
    matches: tuple[str, ...]
    passes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a file, found by the words of their phrases: most texts hold none of them, and few hold many."""

    language: Language
    rules: tuple[Rule, ...]
    by_word: Mapping[str, Sequence[tuple[Rule, str]]]
    by_beginning: Mapping[str, Sequence[tuple[Rule, str]]]
    longest_beginning: int
    _of_word: dict[str, tuple[tuple[Rule, str], ...]] = field(default_factory=dict)
    _compiled: dict[str, re.Pattern[str]] = field(default_factory=dict)
    _keys: dict[str, Keys] = field(default_factory=dict)

    def said(self, text: str) -> Iterator[tuple[Rule, tuple[int, int]]]:
        """Yield the rules that apply to a wording, each with the span of what is meant in it, phrase by phrase."""
        tried: set[tuple[str, str]] = set()
        words = dict.fromkeys(text.split())
        for word in words:
            found = self._of_word.get(word)
            for rule, phrase in self._found(word) if found is None else found:
                if (rule.name, phrase) not in tried:
                    tried.add((rule.name, phrase))
                    for said in self._pattern(phrase).finditer(text):
                        if self._applies(rule, said, words.keys()):
                            yield rule, said.span(1 if said.re.groups else 0)

    def _found(self, word: str) -> tuple[tuple[Rule, str], ...]:
        """Return the phrases, with their rules, that hang on a word."""
        found = list(self.by_word.get(word, ()))
        for length in range(FEWEST_LETTERS, min(len(word), self.longest_beginning) + 1):
            found += self.by_beginning.get(word[:length], ())
        if len(self._of_word) < _WORDS_KEPT and len(word) <= _LETTERS_KEPT:
            self._of_word[word] = tuple(found)
        return tuple(found)

    def _applies(self, rule: Rule, said: re.Match[str], words: Set[str]) -> bool:
        """Say whether a rule applies where one of its phrases matched, in a text of these words."""
        text, (start, end) = said.string, said.span()
        sentence = text[text.rindex(". ", 0, start) : text.index(". ", end - 1) + 2]
        if self._any(rule.aside, sentence, words) and not self._any(rule.despite, sentence, words):
            return False
        return not any(
            other.start() < end and other.end() > start
            for phrase in self._possible(rule.unless, words)
            for other in self._pattern(phrase).finditer(text)
        )

    def _any(self, phrases: Sequence[str], sentence: str, words: Set[str]) -> bool:
        """Say whether a sentence holds one of some phrases, in a text of these words."""
        return any(self._pattern(phrase).search(sentence) for phrase in self._possible(phrases, words))

    def _possible(self, phrases: Sequence[str], words: Set[str]) -> Iterator[str]:
        """Yield the phrases that a text of these words may hold: few, so that few have to be compiled."""
        for phrase in phrases:
            if phrase not in self._keys:
                self._keys[phrase] = self.language.keys(phrase)
            if self._keys[phrase].may_be_in(words):
                yield phrase

    def _pattern(self, phrase: str) -> re.Pattern[str]:
        """Compile a phrase when first needed: a question needs few, and all would cost as much as its answer."""
        if phrase not in self._compiled:
            self._compiled[phrase] = re.compile(rf"(?<= )(?:{self.language.expression(phrase)})")
        return self._compiled[phrase]


def rule_set(own: Mapping[str, Any], lists: Mapping[str, Sequence[str]] | None = None) -> RuleSet:
    """Return the rules of a file, given as its values and the lists of phrases that files share.

    Raises `ValueError` for one that cannot be understood.
    """
    language = Language({**(lists or {}), **own.get("words", {})})
    shared = {kind: tuple(own.get(kind, ())) for kind in ("unless", "aside", "despite")}
    rules = tuple(_rule(each, shared) for each in own["rule"])
    by_word: dict[str, list[tuple[Rule, str]]] = {}
    by_beginning: dict[str, list[tuple[Rule, str]]] = {}
    for rule in rules:
        for phrase in rule.says:
            keys = language.keys(phrase)
            if not keys.words | keys.beginnings:
                raise ValueError(f"the rule {rule.name!r} says what needs no word: {phrase!r}")
            for word in keys.words:
                by_word.setdefault(word, []).append((rule, phrase))
            for beginning in keys.beginnings:
                if len(beginning) < FEWEST_LETTERS:
                    raise ValueError(f"too short a beginning in the rule {rule.name!r}: {beginning}*")
                by_beginning.setdefault(beginning, []).append((rule, phrase))
    return RuleSet(language, rules, by_word, by_beginning, max(map(len, by_beginning), default=0))


def _rule(table: Mapping[str, Any], shared: Mapping[str, tuple[str, ...]]) -> Rule:
    if unknown := table.keys() - _FIELDS:
        raise ValueError(f"unknown in a rule: {', '.join(sorted(unknown))}")
    return Rule(
        name=table["name"],
        says=tuple(table["says"]),
        unless=(*shared["unless"], *table.get("unless", ())),
        aside=(*shared["aside"], *table.get("aside", ())),
        despite=(*shared["despite"], *table.get("despite", ())),
        matches=tuple(table["matches"]),
        passes=tuple(table.get("passes", ())),
    )
