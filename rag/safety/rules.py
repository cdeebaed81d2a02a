"""The rules: which kinds of notice a text calls for. They are data, in `rules/`, for a clinician to read and review.

A rule applies where a text holds one of the phrases that it `says`, unless one of its `unless` phrases overlaps with
that ("not suicidal", "suicide rate"), or one of its `aside` phrases stands in the same sentence ("song", "in 1990").
The `matches` and `passes` beside it are examples of what it must and must not apply to; each is a test.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from rag.safety.phrases import Pattern, pattern
from rag.safety.wording import wording

FILES = ("crisis", "emergency", "poisoning", "dosing", "pregnancy", "children")
"""A file of rules for each kind of notice, then for each addition to the notice on doses."""

FEWEST_LETTERS = 3
"""How many letters the beginning of a word in a phrase must have at least."""


@dataclass(frozen=True)
class Rule:
    """What a text says for a notice to stand with it, and what it must not say there."""

    name: str
    says: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    aside: tuple[Pattern, ...]
    matches: tuple[str, ...]
    passes: tuple[str, ...]

    def applies(self, said: re.Match[str]) -> bool:
        """Say whether the rule applies where one of its phrases matched."""
        text, (start, end) = said.string, said.span()
        sentence = text[text.rindex(". ", 0, start) : text.index(". ", end - 1) + 2]
        if self._beside is not None and self._beside.search(sentence):
            return False
        return self._over is None or not any(
            other.start() < end and other.end() > start for other in self._over.finditer(text)
        )

    @cached_property
    def _over(self) -> re.Pattern[str] | None:
        return _any_of(self.unless)

    @cached_property
    def _beside(self) -> re.Pattern[str] | None:
        return _any_of(self.aside)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a file, found by the words of their phrases: most texts hold none of them, and few hold many."""

    rules: tuple[Rule, ...]
    by_word: Mapping[str, tuple[tuple[Rule, Pattern], ...]]
    by_beginning: Mapping[str, tuple[tuple[Rule, Pattern], ...]]

    def applying(self, text: str) -> Iterator[Rule]:
        """Yield the rules that apply to a wording, a rule once for each phrase of its that does."""
        tried: set[str] = set()
        for word in dict.fromkeys(text.split()):
            found = self.by_word.get(word, ())
            for length in range(FEWEST_LETTERS, len(word) + 1):
                found += self.by_beginning.get(word[:length], ())
            for rule, phrase in found:
                key = f"{rule.name}/{phrase.expression}"
                if key not in tried:
                    tried.add(key)
                    if any(rule.applies(said) for said in _expression(phrase.expression).finditer(text)):
                        yield rule


def applies(name: str, text: str) -> bool:
    """Say whether any rule of a file applies to a wording."""
    return next(rule_set(name).applying(text), None) is not None


def rules_for(name: str, question: str) -> list[str]:
    """Return the names of the rules of a file that apply to a question: why its notice stands there."""
    return sorted({rule.name for rule in rule_set(name).applying(wording(question))})


@cache
def rule_set(name: str) -> RuleSet:
    """Return the rules of a file. Raises `ValueError` for one that cannot be understood."""
    shared, own = _read("words"), _read(name)
    lists = {**shared, **own.get("words", {})}
    rules = tuple(_rule(each, own.get("unless", []), own.get("aside", []), lists) for each in own["rule"])
    by_word: dict[str, tuple[tuple[Rule, Pattern], ...]] = {}
    by_beginning: dict[str, tuple[tuple[Rule, Pattern], ...]] = {}
    for rule in rules:
        for phrase in rule.says:
            for word in phrase.words:
                by_word[word] = (*by_word.get(word, ()), (rule, phrase))
            for beginning in phrase.beginnings:
                if len(beginning) < FEWEST_LETTERS:
                    raise ValueError(f"too short a beginning in the rule {rule.name!r}: {beginning}*")
                by_beginning[beginning] = (*by_beginning.get(beginning, ()), (rule, phrase))
    return RuleSet(rules, by_word, by_beginning)


def _rule(table: Mapping[str, Any], unless: list[str], aside: list[str], lists: Mapping[str, list[str]]) -> Rule:
    """Return a rule; what is said for all rules of a file (`unless`, `aside`) is added to its own."""
    unknown = table.keys() - {"name", "says", "unless", "aside", "matches", "passes"}
    if unknown:
        raise ValueError(f"unknown in a rule: {', '.join(sorted(unknown))}")
    return Rule(
        name=table["name"],
        says=tuple(pattern(phrase, lists) for phrase in table["says"]),
        unless=tuple(pattern(phrase, lists) for phrase in (*unless, *table.get("unless", ()))),
        aside=tuple(pattern(phrase, lists) for phrase in (*aside, *table.get("aside", ()))),
        matches=tuple(table["matches"]),
        passes=tuple(table.get("passes", ())),
    )


def _any_of(phrases: tuple[Pattern, ...]) -> re.Pattern[str] | None:
    return _expression("|".join(f"(?:{phrase.expression})" for phrase in phrases)) if phrases else None


@cache
def _expression(expression: str) -> re.Pattern[str]:
    """Compile when first needed: a question needs few of them, and all would cost as much as its answer."""
    return re.compile(rf"(?<= )(?:{expression})")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("rag.safety").joinpath("rules", f"{name}.toml").read_text(encoding="utf-8"))
