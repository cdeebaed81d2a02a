"""Cut a text into words as names are compared: in lower case, in the singular, without a possessive's ending."""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.text.synonyms import singular

_WORD = re.compile(r"(\w+?)(?:['’]s)?(?!['’]?\w)")


MOST_NAME_WORDS = 6
"""Words of a title or of what an abbreviation stands for; longer ones stand in no question whole."""


class NameWord(NamedTuple):
    """A word as it is compared, and its span in the text, in code points."""

    key: str
    start: int
    end: int


def name_words(text: str) -> list[NameWord]:
    """Return the words of a text, in order: "Parkinson's" and "parkinsons" have the same key."""
    return [NameWord(singular(match[1]), match.start(), match.end()) for match in _WORD.finditer(text)]
