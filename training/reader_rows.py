"""Keep what every part of the recipe shares: a row, choices by hash, and how words are told apart."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

Values = dict[str, Any]
Grain = Literal["words", "sentences", "none"]
Span = tuple[int, int]
T = TypeVar("T")

MOST_WORDS = 180
"""About how many words a passage may have."""

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_ENDINGS = ("ingly", "edly", "ings", "ing", "ies", "ied", "es", "ed", "ly", "s", "e", "y")
_FUNCTION_WORDS = frozenset(
    """
    a about an and any are as at be been being but by can could did do does for from had has have he her him his how i
    if in into is it its may me my of on or our she should so some than that the their them then there these they this
    those to was we were what when where which while who whom whose why will with would you your
    """.split()
)


@dataclass(frozen=True, slots=True)
class Row:
    """A question with a passage, whether this answers, and which of its words do; `grain` says what the spans are.

    `group` is what must not be parted between training and development; it is not written.
    """

    id: str
    source: str
    kind: str
    question: str
    context: str
    passage: str
    answers: bool
    spans: tuple[Span, ...]
    grain: Grain
    weight: float
    group: str = ""

    def written(self) -> Values:
        """Return the row as it is written."""
        values = asdict(self)
        del values["group"]
        return values


class Chance:
    """Make choices that depend on a seed and on names alone."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def of(self, *names: str) -> float:
        """Return a number from 0 to 1."""
        digest = hashlib.sha256("\0".join((self._seed, *names)).encode("utf-8")).digest()
        return int.from_bytes(digest[:8], "big") / 2**64

    def one(self, choices: Sequence[T], *names: str) -> T:
        """Return one of the choices."""
        return choices[int(self.of("one", *names) * len(choices))]

    def order(self, choices: Iterable[T], *names: str) -> list[T]:
        """Return the choices, which are told apart by how they print, in an order of chance."""
        return sorted(choices, key=lambda choice: self.of("order", *names, str(choice)))


def words(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return [match[0].casefold() for match in _WORD.finditer(text)]


def word_places(text: str) -> list[re.Match[str]]:
    """Return the words of a text with their places."""
    return list(_WORD.finditer(text))


def carries_content(word: str) -> bool:
    """Say whether a word does more than join others or ask."""
    return word.casefold() not in _FUNCTION_WORDS


def content(text: str) -> set[str]:
    """Return the words of a text that do more than join others, without their endings."""
    return {stem(word) for word in words(text) if carries_content(word)}


@lru_cache(500_000)
def stem(word: str) -> str:
    """Cut off an English ending, roughly: what is compared has lost the same letters."""
    word = word.casefold().removesuffix("'s").removesuffix("’s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def read_lines(file: Path) -> Iterator[Values]:
    """Read the objects of a file of JSON lines, packed or not."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def write_rows(file: Path, rows: Iterable[Row]) -> None:
    """Write rows as packed JSON lines; the same rows give the same bytes."""
    with file.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        for row in rows:
            packed.write(json.dumps(row.written(), ensure_ascii=False).encode("utf-8") + b"\n")
