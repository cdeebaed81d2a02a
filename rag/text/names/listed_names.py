"""Look up names of health in reviewed lists, and tell by its form what an unlisted word is likely to name.

A list has one name a line: what means the same, separated by commas, the commonest first; after `>` narrower names, a
passage on which speaks of the name as well. A line that begins with `*` is a form, an ending by which an unlisted word
is told to be such a name; after `!` stand words that end so and are none. `#` begins a comment.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, get_args

from rag.text.names.name_words import name_words
from rag.text.synonyms import singular

NameKind = Literal["drug", "substance", "condition", "procedure", "population"]

MOST_WORDS = 400
"""How many words for a name are looked for: classes have classes of many members."""

_FIRST_WORD = re.compile(r"\w+?(?=['’]s\b|\b)")
_SHORTEST_STEM = 3
"""Letters that must stand before a form's ending."""


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name with what means the same, and the narrower names that speak of it as well."""

    kind: NameKind
    names: tuple[str, ...]
    narrower: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """An ending of words that are names of a kind, but for the exceptions."""

    kind: NameKind
    ending: str
    exceptions: frozenset[str]


class NameLists:
    """All lists, to be looked up by the words of a text.

    A line is read in full when a word of a text begins one of its names: reading all of them would take longer than
    answering.
    """

    def __init__(self, lists: Sequence[tuple[NameKind, str]]) -> None:
        """Take lists, each given as its kind and its text."""
        self._lines: list[tuple[NameKind, str]] = []
        self._starting: defaultdict[str, list[int]] = defaultdict(list)
        self._forms: list[Form] = []
        self._read: dict[int, ListedName] = {}
        for kind, text in lists:
            for line in text.splitlines():
                if line.startswith("*"):
                    ending, _, others = line[1:].partition("!")
                    self._forms.append(Form(kind, ending.strip(), frozenset(map(str.strip, others.split(",")))))
                elif line and not line.startswith("#"):
                    self._add(kind, line)

    def at(self, words: Sequence[str], place: int) -> tuple[int, list[ListedName]]:
        """Return how many words the longest name at a place among words has, and what it may name; 0 without one."""
        longest = 0
        found: list[ListedName] = []
        for number in self._starting.get(words[place], ()):
            listed = self._listed(number)
            for name in listed.names:
                keys = keys_of(name)
                if len(keys) >= max(longest, 1) and tuple(words[place : place + len(keys)]) == keys:
                    found = [*found, listed] if len(keys) == longest else [listed]
                    longest = len(keys)
        return longest, list(dict.fromkeys(found))

    def speaking_of(self, listed: ListedName) -> list[str]:
        """Return all words for a name: those that mean the same, then the narrower names with theirs, and so on."""
        found: dict[str, None] = {}
        waiting = [listed]
        read = set()
        while waiting and len(found) < MOST_WORDS:
            each = waiting.pop(0)
            if each not in read:
                read.add(each)
                found.update(dict.fromkeys((*each.names, *each.narrower)))
                for name in each.narrower:
                    keys = keys_of(name)
                    length, others = self.at(keys, 0)
                    waiting += others if length == len(keys) else ()
        return list(found)

    def kind_by_form(self, word: str) -> NameKind | None:
        """Return what an unlisted word names by its ending, None where that tells nothing."""
        for form in self._forms:
            if (
                word.endswith(form.ending)
                and len(word) >= len(form.ending) + _SHORTEST_STEM
                and word not in form.exceptions
            ):
                return form.kind
        return None

    @cached_property
    def single_words(self) -> list[str]:
        """All names of one word, in alphabetical order."""
        return sorted(name for _, line in self._lines for name in _same(line) if name.isalpha())

    def _add(self, kind: NameKind, line: str) -> None:
        number = len(self._lines)
        self._lines.append((kind, line))
        for name in _same(line):
            first = name.partition(" ")[0]
            if not first.isalnum():
                match = _FIRST_WORD.match(first)
                first = match[0] if match else first
            self._starting[singular(first) if first[-1:] == "s" else first].append(number)

    def _listed(self, number: int) -> ListedName:
        if number not in self._read:
            kind, line = self._lines[number]
            _, _, narrower = line.partition(" > ")
            self._read[number] = ListedName(kind, tuple(_same(line)), tuple(narrower.split(", ")) if narrower else ())
        return self._read[number]


def _same(line: str) -> list[str]:
    """Return the names of a line that mean the same."""
    return line.partition(" > ")[0].split(", ")


@cache
def keys_of(name: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared."""
    return tuple(word.key for word in name_words(name))


@cache
def listed_names() -> NameLists:
    """Return the lists that come with the program."""
    folder = files("rag.text.names")
    return NameLists(
        [(kind, folder.joinpath("lists", f"{kind}s.txt").read_text("utf-8")) for kind in get_args(NameKind)]
    )
