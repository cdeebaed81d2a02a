"""Ask questions in the styles in which people type: keywords, small letters, slips, and stories before the question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reader_rows import Chance, Row, carries_content, word_places

SHARE = 0.15
"""The share of the questions that are asked a second time."""

_OPENINGS = Path(__file__).with_name("story_openings.txt")
_NEGATION = re.compile(r"n[’']t\b|\bnot\b|\bnever\b|\bno\b|\bwithout\b", re.IGNORECASE)
_NEIGHBOURS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "s v x s w d f g u h j k n b i o w e a r y c q z t x".split(),
        strict=True,
    )
)


def openings() -> list[str]:
    """Return the stories that may stand before a question."""
    lines = _OPENINGS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def keywords(question: str, _: Chance) -> str:
    """Leave out the words that only join; a question that denies something keeps all of its words."""
    if _NEGATION.search(question):
        return small(question, _)
    kept = [match[0] for match in word_places(question) if carries_content(match[0])]
    return " ".join(kept).casefold() if len(kept) > 1 else small(question, _)


def small(question: str, _: Chance) -> str:
    """Write in small letters, without the marks that end sentences."""
    return re.sub(r"(?<!\d)[.,;:?!\"]+|[.,;:?!\"]+(?!\d)", "", question).casefold().strip()


def slips(question: str, chance: Chance) -> str:
    """Mistype one or two of the longer words, none with a digit: letters change places, fall out, double or miss."""
    long = [match for match in word_places(question) if len(match[0]) >= 5 and match[0].isalpha()]
    chosen = chance.order(range(len(long)), "slips", question)[: 1 + (chance.of("two", question) < 0.4)]
    for number in sorted(chosen, reverse=True):
        match = long[number]
        slipped = _slip(match[0], chance, f"{question}\0{number}")
        question = question[: match.start()] + slipped + question[match.end() :]
    return question


def _slip(word: str, chance: Chance, name: str) -> str:
    at = 1 + int(chance.of("at", name) * (len(word) - 2))
    how = int(chance.of("how", name) * 4)
    if how == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if how == 1:
        return word[:at] + word[at + 1 :]
    if how == 2:
        return word[: at + 1] + word[at:]
    return word[:at] + _NEIGHBOURS.get(word[at].lower(), word[at]) + word[at + 1 :]


def story(question: str, chance: Chance) -> str:
    """Put somebody's story before the question."""
    return f"{chance.one(openings(), 'opening', question)} {question}"


STYLES: dict[str, Callable[[str, Chance], str]] = {"keywords": keywords, "small": small, "slips": slips, "story": story}


def asked_again(row: Row, chance: Chance) -> Row | None:
    """Return a row in another style, if it is one of those that are asked twice.

    An edited question and its original are chosen together and get the same style: it tells nothing of the label.
    """
    name = row.id.split(" edited")[0]
    if chance.of("styled", name) >= SHARE:
        return None
    style = chance.one(sorted(STYLES), "style", name)
    question = STYLES[style](row.question, chance)
    return None if question == row.question else replace(row, id=f"{row.id} {style}", question=question)
