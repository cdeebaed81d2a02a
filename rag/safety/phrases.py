"""The small language in which the rules are written: a phrase → a pattern over a wording, and the words it hangs on.

chest hurts          these words, next to each other
hurt|aches|<bleeds>  any of these: words, or phrases of a list
is|will_be           "is", or "will be"
bleed*               any word that begins so
really?              this word or none; a|the? any of them or none
#                    a number
...                  up to five words, or none, within the sentence
<child>              any phrase of the list "child"
"                    a quotation mark
^ …  … $             at the beginning, at the end of a sentence
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

BETWEEN = 5
"""How many words `...` may stand for."""

_CHOICE = r"(?:<[a-z ]+>|[a-z0-9_]+\*?|#)"
_ELEMENT = re.compile(rf"(?P<body>\^|\$|\.\.\.|\"|{_CHOICE}(?:\|{_CHOICE})*)(?P<optional>\?)?(?:\s+|$)")

# Words that stand in most questions: a phrase is not looked for because of one of these if it holds another.
_COMMON = frozenset(
    """a about all am an and any are at be been by can could did do does for from had has have he her him his how i if
    im in is it its just me my no not of off on or our out she should so that the their them then they this to up was
    we were what when who why will with would you your take taking took much many get got now anyone someone person
    people""".split()
)


@dataclass(frozen=True, slots=True)
class Keys:
    """What must be in a text for a phrase to match: one of some words, or a word with one of some beginnings.

    Where there are neither, nothing must.
    """

    words: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()

    @property
    def cost(self) -> float:
        """The less, the rarer it is that a text has one of them."""
        return len(self.words) + 3 * len(self.beginnings) + 50 * len(self.words & _COMMON) or float("inf")


@dataclass(frozen=True, slots=True)
class Language:
    """The lists that phrases may name. Each is understood once, for phrases share them."""

    lists: Mapping[str, Sequence[str]]
    _understood: dict[str, tuple[str, Keys]] = field(default_factory=dict)

    def pattern(self, phrase: str) -> tuple[str, Keys]:
        """Return a phrase as a regular expression over a wording, with its keys.

        Raises `ValueError` for one that is not in the language, or that matches where nothing is said.
        """
        expression, keys = self._compiled(phrase)
        if re.fullmatch(expression, ""):
            raise ValueError(f"the phrase {phrase!r} matches where nothing is said")
        return expression, keys

    def keys(self, phrase: str) -> Keys:
        """Return a phrase's keys."""
        return self._compiled(phrase)[1]

    def _compiled(self, phrase: str) -> tuple[str, Keys]:
        parts: list[str] = []
        rarest = Keys()
        at = 0
        while at < len(phrase):
            element = _ELEMENT.match(phrase, at)
            if element is None:
                raise ValueError(f"not a phrase: {phrase!r}, from {phrase[at:]!r} on")
            at = element.end()
            part, keys = self._element(element["body"])
            if element["optional"]:
                part, keys = f"(?:{part})?", Keys()
            parts.append(part)
            rarest = min(rarest, keys, key=lambda each: each.cost)
        return "".join(parts), rarest

    def _element(self, body: str) -> tuple[str, Keys]:
        """Compile one element. In a wording every word, and every sentence's end, is followed by a space."""
        if body in _FIXED:
            return _FIXED[body], Keys()
        if body not in self._understood:
            choices = [self._choice(choice) for choice in body.split("|")]
            self._understood[body] = f"(?:{'|'.join(part for part, _ in choices)})", _union([key for _, key in choices])
        return self._understood[body]

    def _choice(self, choice: str) -> tuple[str, Keys]:
        if choice == "#":
            return r"\d[\d.,]* ", Keys()
        if choice.endswith("*"):
            return f"{choice[:-1]}[^ ]* ", Keys(beginnings=frozenset([choice[:-1]]))
        if "_" in choice:
            return self._compiled(choice.replace("_", " "))
        if not choice.startswith("<"):
            return f"{choice} ", Keys(words=frozenset([choice]))
        name = choice[1:-1]
        if name not in self.lists:
            raise ValueError(f"there is no list {name!r}")
        phrases = [self._compiled(phrase) for phrase in self.lists[name]]
        return f"(?:{'|'.join(part for part, _ in phrases)})", _union([keys for _, keys in phrases])


_FIXED = {
    "^": r"(?<=\. )",
    "$": r"(?=\. )",
    "...": rf"(?:[^ .][^ ]* ){{0,{BETWEEN}}}",
    '"': '" ',
}


def _union(keys: Sequence[Keys]) -> Keys:
    """Return what one of several parts needs: nothing, if one of them needs nothing."""
    if any(not each.words | each.beginnings for each in keys):
        return Keys()
    return Keys(
        frozenset().union(*(each.words for each in keys)), frozenset().union(*(each.beginnings for each in keys))
    )
