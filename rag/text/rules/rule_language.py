"""Compile phrases of the rules' language into patterns over a wording, with the words that each hangs on.

chest hurts          these words, next to each other
hurt|aches|<bleeds>  any of these: words, or phrases of a list
is|will_be           "is", or "will be"
bleed*               any word that begins so
really?              this word or none; a|the? any of them or none
#                    a number
##                   a number of five or more
...                  up to five words, or none, within the sentence
..                   up to two
<child>              any phrase of the list "child"
"                    a quotation mark
=                    an equals sign
in { mice|rats }     of what is said, only the words in braces are meant: the others must stand there as well
chest & arm          both within a sentence, in either order, up to twelve words apart
^ …  … $             at the beginning, at the end of a sentence
again|$              "again", or the end of the sentence
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

BETWEEN = 5
"""How many words `...` may stand for."""

CLOSE = 2
"""How many words `..` may stand for."""

MOST_BETWEEN = 12
"""How many words may stand between the two sides of `&`."""

_CHOICE = r"(?:<[a-z ]+>|[a-z0-9_]+\*?|##?|\$)"
_ELEMENT = re.compile(rf"(?P<body>\^|\$|\.\.\.?|\"|=|\{{|\}}|{_CHOICE}(?:\|{_CHOICE})*)(?P<optional>\?)?(?:\s+|$)")

# Words that stand in most questions: a phrase is not looked for because of one of these if it holds another.
_COMMON = frozenset(
    """a about all am an and any are at be been by can could did do does for from had has have he her him his how i if
    im in is it its just me my no not of off on or our out she should so that the their them then they this to up was
    we were what when who why will with would you your take taking took much many get got now anyone someone person
    people""".split()
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The words or beginnings of words of which a text must have one for a phrase to match.

    Where there are neither, nothing must.
    """

    words: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()

    @property
    def cost(self) -> float:
        """The less, the rarer it is that a text has one of them."""
        return len(self.words) + 3 * len(self.beginnings) + 50 * len(self.words & _COMMON) or float("inf")

    def may_be_in(self, words: Set[str]) -> bool:
        """Say whether a text of these words has one of them."""
        if not self.words and not self.beginnings:
            return True
        return not self.words.isdisjoint(words) or any(
            word.startswith(beginning) for beginning in self.beginnings for word in words
        )


@dataclass(frozen=True, slots=True)
class Language:
    """The lists that phrases may name."""

    lists: Mapping[str, Sequence[str]]
    _keys_of: dict[str, Keys] = field(default_factory=dict)
    """Kept, for phrases share their parts: all keys are needed before the first question is answered."""

    def expression(self, phrase: str) -> str:
        """Return a phrase as a regular expression over a wording.

        Raises `ValueError` for one that is not in the language, or that matches where nothing is said.
        """
        for side in _sides(phrase):
            if all(optional or not _NO_WORD.isdisjoint(body.split("|")) for body, optional in _elements(side)):
                raise ValueError(f"the phrase {phrase!r} matches where nothing is said")
        return self._expression(phrase)

    def keys(self, phrase: str) -> Keys:
        """Return what must be in a text for a phrase to match: of all that must, what is rarest."""
        return min(
            (self._element_keys(body) for side in _sides(phrase) for body, optional in _elements(side) if not optional),
            key=lambda each: each.cost,
            default=Keys(),
        )

    def _element_keys(self, body: str) -> Keys:
        if body not in self._keys_of:
            self._keys_of[body] = self._body_keys(body)
        return self._keys_of[body]

    def _body_keys(self, body: str) -> Keys:
        if body in _FIXED:
            return Keys()
        choices = body.split("|")
        if all(map(str.isalnum, choices)):
            return Keys(words=frozenset(choices))
        return _union(list(map(self._element_keys, choices))) if len(choices) > 1 else self._choice_keys(body)

    def _choice_keys(self, choice: str) -> Keys:
        if choice in _NUMBERS:
            return Keys()
        if choice.endswith("*"):
            return Keys(beginnings=frozenset((choice[:-1],)))
        return _union([self.keys(phrase) for phrase in self._phrases(choice)])

    def _expression(self, phrase: str) -> str:
        """Compile a phrase. In a wording every word, and every sentence's end, is followed by a space."""
        one, *other = ("".join(self._elements_of(side)) for side in _sides(phrase))
        return f"(?:{one}{_words(MOST_BETWEEN)}{other[0]}|{other[0]}{_words(MOST_BETWEEN)}{one})" if other else one

    def _elements_of(self, side: str) -> Iterator[str]:
        for body, optional in _elements(side):
            yield f"(?:{self._element(body)})?" if optional else self._element(body)

    def _element(self, body: str) -> str:
        return _FIXED.get(body) or f"(?:{'|'.join(self._choice(choice) for choice in body.split('|'))})"

    def _choice(self, choice: str) -> str:
        if choice in _NUMBERS:
            return _NUMBERS[choice]
        if choice == "$":
            return _FIXED[choice]
        if choice.endswith("*"):
            return f"{choice[:-1]}[^ ]* "
        if choice.isalnum():
            return f"{choice} "
        return f"(?:{'|'.join(self._expression(phrase) for phrase in self._phrases(choice))})"

    def _phrases(self, choice: str) -> Sequence[str]:
        """Return what a choice that is no single word stands for."""
        if not choice.startswith("<"):
            return (choice.replace("_", " "),)
        name = choice[1:-1]
        if name not in self.lists:
            raise ValueError(f"there is no list {name!r}")
        return self.lists[name]


def _sides(phrase: str) -> list[str]:
    """Return a phrase, or the two that `&` stands between."""
    sides = phrase.split(" & ")
    if len(sides) > 2 or (len(sides) > 1 and "{" in phrase):
        raise ValueError(f"not a phrase: {phrase!r}")
    return sides


def _words(most: int) -> str:
    return rf"(?:[^ .][^ ]* ){{0,{most}}}"


def _elements(phrase: str) -> Iterator[tuple[str, bool]]:
    """Yield the elements of a phrase, and whether each may be missing."""
    at = 0
    while at < len(phrase):
        element = _ELEMENT.match(phrase, at)
        if element is None:
            raise ValueError(f"not a phrase: {phrase!r}, from {phrase[at:]!r} on")
        at = element.end()
        yield element["body"], element["optional"] is not None


_NUMBERS = {"#": r"\d[\d.,]* ", "##": r"(?:[5-9]|[1-9][\d,]*\d)(?:\.\d+)? "}

_FIXED = {
    "^": r"(?<=\. )",
    "$": r"(?=\. )",
    "...": _words(BETWEEN),
    "..": _words(CLOSE),
    '"': '" ',
    "=": "= ",
    "{": "(",
    "}": ")",
}


_NO_WORD = {"^", "$", "...", "..", "{", "}"}
"""Elements that may match where no word stands."""


def _union(keys: Sequence[Keys]) -> Keys:
    """Return what one of several parts needs: nothing, if one of them needs nothing."""
    if not all(each.words or each.beginnings for each in keys):
        return Keys()
    return Keys(
        frozenset().union(*(each.words for each in keys)), frozenset().union(*(each.beginnings for each in keys))
    )
