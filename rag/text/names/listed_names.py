"""Look up names of health in reviewed lists, and tell by its form what an unlisted word is likely to name.

A list has one name a line: what means the same, separated by commas, the commonest first; after `>` narrower names, a
passage on which speaks of the name as well. A line that begins with `*` is a form, an ending by which an unlisted word
is told to be such a name; after `!` stand words that end so and are none. `#` begins a comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, get_args

from rag.text.names.name_words import name_words

NameKind = Literal["drug", "substance", "condition", "procedure", "population"]

MOST_WORDS = 400
"""How many words for a name are looked for: classes have classes of many members."""

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
    """All lists, to be looked up by the words of a text."""

    def __init__(self, lists: Sequence[tuple[NameKind, str]]) -> None:
        """Read lists, each given as its kind and its text. Raises `ValueError` for a line that is none."""
        self._by_words: dict[tuple[str, ...], list[ListedName]] = {}
        self._forms: list[Form] = []
        for kind, text in lists:
            for line in text.splitlines():
                if line.strip() and not line.startswith("#"):
                    self._add(kind, line)
        self._longest = max(map(len, self._by_words), default=0)

    def at(self, words: Sequence[str], place: int) -> tuple[int, list[ListedName]]:
        """Return how many words the longest name at a place among words has, and what it may name; 0 without one."""
        for length in range(min(self._longest, len(words) - place), 0, -1):
            found = self._by_words.get(tuple(words[place : place + length]))
            if found:
                return length, found
        return 0, []

    def speaking_of(self, listed: ListedName) -> list[str]:
        """Return all words for a name: those that mean the same, then the narrower names with theirs, and so on."""
        found: dict[str, None] = {}
        waiting = [listed]
        while waiting and len(found) < MOST_WORDS:
            each = waiting.pop(0)
            found.update(dict.fromkeys(each.names))
            for name in each.narrower:
                found[name] = None
                waiting += [
                    other
                    for other in self._by_words.get(tuple(word.key for word in name_words(name)), ())
                    if other.names[0] not in found or other.names[0] == name
                ]
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
        """All names of one word, as they are compared."""
        return [words[0] for words in self._by_words if len(words) == 1]

    def _add(self, kind: NameKind, line: str) -> None:
        if line.startswith("*"):
            ending, _, others = line[1:].partition("!")
            self._forms.append(Form(kind, ending.strip(), frozenset(map(str.strip, others.split(",")))))
            return
        same, _, narrower = line.partition(">")
        names = tuple(name.strip() for name in same.split(","))
        if not all(names):
            raise ValueError(f"the list of {kind} names has an empty name in {line!r}")
        listed = ListedName(kind, names, tuple(name.strip() for name in narrower.split(",") if name.strip()))
        for words in dict.fromkeys(tuple(word.key for word in name_words(name)) for name in names):
            self._by_words.setdefault(words, []).append(listed)


@cache
def listed_names() -> NameLists:
    """Return the lists that come with the program."""
    folder = files("rag.text.names")
    return NameLists(
        [(kind, folder.joinpath("lists", f"{kind}s.txt").read_text("utf-8")) for kind in get_args(NameKind)]
    )
