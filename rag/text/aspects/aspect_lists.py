"""Tell which aspects of health a question asks for, and which a heading or a sentence speaks of, by reviewed wordings.

Of wordings that overlap the longest counts, and uses up its words: "stop working" asks nothing of how something works.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

_LEAST = 3
"""Letters that a wording's beginning of a word has at least."""

_KEPT = 4096
"""Texts of which it is kept what they speak of: headings come back with every question."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")

FALLBACK = "definition"
"""The aspect that is asked for only where no other is: "what is" begins questions of every kind."""

UNSAFE_TO_MIX = frozenset(("side_effect", "who_should_not", "interaction", "dose"))
"""Aspects of which what is said of one thing alone may mislead about another."""


TOLD_SURELY = UNSAFE_TO_MIX | frozenset(
    ("cost", "legal_and_supply", "inheritance", "missed_dose", "prevention", "outlook", "diagnosis")
)
"""Aspects whose wordings, on questions of other fields as well, mean nothing else."""


class Wordings:
    """Wordings, each with the aspect that it tells, to be found in a text."""

    def __init__(self, wordings: Mapping[str, Sequence[str]]) -> None:
        """Take the wordings of each aspect, in lower case; a word that ends in `*` stands for all that begin so."""
        self._starting: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._beginnings: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for aspect, phrases in wordings.items():
            for phrase in phrases:
                words = tuple(phrase.rstrip("*").split())
                if phrase.endswith("*") and len(words) == 1:
                    self._beginnings[words[0][:_LEAST]].append((words[0], aspect))
                else:
                    self._starting[words[0]].append((words, aspect))

    def aspects_in(self, text: str) -> frozenset[str]:
        """Return the aspects whose wordings stand in a text."""
        words = _words(text)
        found: set[str] = set()
        place = 0
        while place < len(words):
            here = [
                (len(phrase), aspect)
                for phrase, aspect in self._starting.get(words[place], ())
                if tuple(words[place : place + len(phrase)]) == phrase
            ]
            here += [
                (1, aspect)
                for beginning, aspect in self._beginnings.get(words[place][:_LEAST], ())
                if words[place].startswith(beginning)
            ]
            longest = max((length for length, _ in here), default=1)
            found.update(aspect for length, aspect in here if length == longest)
            place += longest
        return frozenset(found)


@cache
def asked_wordings() -> Wordings:
    """Return the wordings by which questions ask for aspects."""
    return Wordings(_read("asked"))


@cache
def headed_wordings() -> Wordings:
    """Return the wordings by which headings and sentences speak of aspects."""
    return Wordings(_read("headed"))


def asked_aspects(question: str) -> frozenset[str]:
    """Return the aspects that a question asks for; none where that cannot be told."""
    found = asked_wordings().aspects_in(question)
    return found - {FALLBACK} or found


@lru_cache(_KEPT)
def spoken_aspects(text: str) -> frozenset[str]:
    """Return the aspects that a passage, given with its title and headings, speaks of."""
    return headed_wordings().aspects_in(text)


def _read(name: str) -> Mapping[str, Sequence[str]]:
    """Read a list: lines of an aspect, a colon and its wordings; `#` begins a comment."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in files("rag.text.aspects").joinpath("lists", f"{name}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            aspect, _, wordings = line.partition(": ")
            found[aspect] += wordings.split(", ")
    return found


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))
