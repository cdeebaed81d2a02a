"""Find the abbreviations that a text defines: "restless legs syndrome (RLS)", "RLS (restless legs syndrome)".

The long form is told by the letters of the short one, read from its end: Schwartz and Hearst, "A simple algorithm for
identifying abbreviation definitions in biomedical text", Pacific Symposium on Biocomputing 2003.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SHORTEST, LONGEST = 2, 10
"""Characters of a short form."""

_MOST_BEFORE = 300
"""Characters before a bracket in which a long form is looked for."""

_BRACKETS = re.compile(r"\(\s*([^()\n]{2,120}?)\s*(?:[;,:][^()\n]*)?\)")
_WORD = re.compile(r"\S+")
_SHORT_BEFORE = re.compile(r"(?<![\w-])([A-Z][\w/-]{1,9})\s*$")
_SENTENCE_END = re.compile(r"[.!?;:]\s|\n\s*\n|[()]")


class Abbreviation(NamedTuple):
    """A short form and what it stands for, both as they are written where it is defined."""

    short: str
    long: str


def abbreviations(text: str) -> Iterator[Abbreviation]:
    """Yield what a text defines, in order; the same again where it is defined again."""
    for bracket in _BRACKETS.finditer(text):
        inside, before = bracket[1], text[max(0, bracket.start() - _MOST_BEFORE) : bracket.start()]
        if _is_short(inside):
            *_, before = _SENTENCE_END.split(before)
            if long := _long_form(inside, before.rstrip()):
                yield Abbreviation(inside, long)
        else:
            short = _SHORT_BEFORE.search(before)
            if short and _is_short(short[1]) and _long_form(short[1], inside) == inside:
                yield Abbreviation(short[1], inside)


def _is_short(text: str) -> bool:
    """Say whether a text can be a short form: one or two words, with a capital, not a figure."""
    return (
        SHORTEST <= len(text) <= LONGEST
        and len(text.split()) <= 2
        and text[0].isalnum()
        and sum(letter.isupper() for letter in text) >= 2
    )


def _long_form(short: str, before: str) -> str | None:
    """Return the shortest end of a text whose letters give the short form, its first letter at a word's beginning."""
    letters = [letter for letter in short.lower() if letter.isalnum()]
    most_words = min(len(letters) + 5, 2 * len(letters))
    words = [match.start() for match in _WORD.finditer(before)]
    if not words:
        return None
    least = words[-most_words] if len(words) > most_words else 0
    lower = before.lower()
    place = len(before)
    for number, letter in reversed(list(enumerate(letters))):
        place -= 1
        while place >= least and not (lower[place] == letter and (number > 0 or _begins_word(before, place))):
            place -= 1
        if place < least:
            return None
    long = before[place:]
    is_other = len(long) > len(short) and short.lower() not in long.lower().split()
    return long if is_other and "\n" not in long else None


def _begins_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
