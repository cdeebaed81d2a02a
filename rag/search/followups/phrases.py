"""Split a question into phrases: runs of content words, parted by function words, verbs of effect and commas."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text.labels.asked import words_of_an_effect
from rag.text.words import carries_content

_PIECE = re.compile(r"side[ -]effects?\b|\w+(?:['’-]\w+)*|[^\w\s]", re.IGNORECASE)
_VERBS = frozenset(
    """say says said mention mentions report reports reported claim claims act acts happen happens come comes take takes
    taken taking mean means differ differs compare compares interact interacts contain contains block blocks lead leads
    develop occur occurs become becomes need needs needed play plays see seen call called name named last lasts long
    tell talk speak know known think thought believe believed use used not never""".split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of content words, with its span in the question."""

    text: str
    start: int
    end: int


def phrases(question: str, *, of_effect: bool = False) -> list[Phrase]:
    """Return the phrases of a question, in order; with the words of an effect in them if they are wanted."""
    parting = _VERBS if of_effect else _VERBS | words_of_an_effect()
    found: list[Phrase] = []
    start = end = -1
    for piece in _PIECE.finditer(question):
        word = piece[0].casefold()
        if piece[0][0].isalnum() and carries_content(word) and word not in parting:
            start = piece.start() if start < 0 else start
            end = piece.end()
        elif start >= 0:
            found.append(Phrase(question[start:end], start, end))
            start = -1
    if start >= 0:
        found.append(Phrase(question[start:end], start, end))
    return found
