"""The small language in which the rules are written: a phrase → a pattern over a wording, and the words it hangs on.

    chest hurts          these words, next to each other
    hurt|hurts|aches     any of these words
    bleed*               any word that begins so
    really?              this word or none
    #                    a number
    ...                  up to five words, or none, within the sentence
    <child>              any phrase of the list "child"; <child>? that or none
    ^ …  … $             at the beginning, at the end of a sentence
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Lists = Mapping[str, Sequence[str]]

BETWEEN = 5
"""How many words `...` may stand for."""

_ELEMENT = re.compile(r"(?P<body>\^|\$|\.\.\.|#|\"|<[a-z ]+>|[a-z0-9*]+(?:\|[a-z0-9*]+)*)(?P<optional>\?)?(?:\s+|$)")

# Words that stand in most questions: a phrase is not looked for because of one of these if it holds another.
_COMMON = frozenset(
    """a about all am an and any are at be been by can could did do does for from had has have he her him his how i if
    im in is it its just me my no not of off on or our out she should so that the their them then they this to up was
    we were what when who why will with would you your take taking took much many get got now anyone someone person
    people""".split()
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A phrase as a regular expression over a wording, and the words, or beginnings of words, one of which it needs."""

    expression: str
    words: frozenset[str]
    beginnings: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Keys:
    """What must be in a text for a part of a phrase to match; `cost` is the less, the rarer that is."""

    words: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()

    @property
    def cost(self) -> float:
        found = len(self.words) + 3 * len(self.beginnings) + 50 * len(self.words & _COMMON)
        return found or float("inf")


def pattern(phrase: str, lists: Lists) -> Pattern:
    """Compile a phrase. Raises `ValueError` for one that is not in the language or could match anywhere."""
    expression, keys = _compiled(phrase, lists)
    if not (keys.words or keys.beginnings):
        raise ValueError(f"no word must be there for the phrase {phrase!r}")
    return Pattern(expression, keys.words, keys.beginnings)


def _compiled(phrase: str, lists: Lists) -> tuple[str, _Keys]:
    parts: list[str] = []
    best = _Keys()
    at = 0
    while at < len(phrase):
        element = _ELEMENT.match(phrase, at)
        if element is None:
            raise ValueError(f"not a phrase: {phrase!r}, from {phrase[at:]!r} on")
        at = element.end()
        part, keys = _part(element["body"], lists)
        if element["optional"]:
            part, keys = f"(?:{part})?", _Keys()
        parts.append(part)
        best = min(best, keys, key=lambda each: each.cost)
    return "".join(parts), best


def _part(body: str, lists: Lists) -> tuple[str, _Keys]:
    """Compile one element. In a wording every word, and every sentence's end, is followed by a space."""
    if body == "^":
        return r"(?<=\. )", _Keys()
    if body == "$":
        return r"(?=\. )", _Keys()
    if body == "...":
        return rf"(?:[^ .][^ ]* ){{0,{BETWEEN}}}", _Keys()
    if body == "#":
        return r"\d[\d.,]* ", _Keys()
    if body == '"':
        return '" ', _Keys()
    if body.startswith("<"):
        name = body[1:-1]
        if name not in lists:
            raise ValueError(f"there is no list {name!r}")
        compiled = [_compiled(phrase, lists) for phrase in lists[name]]
        keys = [each for _, each in compiled]
        needed = _Keys() if any(each.cost == float("inf") for each in keys) else _union(keys)
        return f"(?:{'|'.join(expression for expression, _ in compiled)})", needed
    words = body.split("|")
    whole = frozenset(word for word in words if not word.endswith("*"))
    begun = frozenset(word[:-1] for word in words if word.endswith("*"))
    expression = "|".join(word[:-1] + "[^ ]*" if word.endswith("*") else word for word in words)
    return f"(?:{expression}) ", _Keys(whole, begun)


def _union(keys: Sequence[_Keys]) -> _Keys:
    return _Keys(
        frozenset().union(*(each.words for each in keys)), frozenset().union(*(each.beginnings for each in keys))
    )
