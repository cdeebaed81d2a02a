"""Find text that was taken out of its file, or decoded, wrongly.

Each sort has a rule that ordinary text, formulas, tables, addresses and sequences do not meet; in doubt it is silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from rag.core.types.documents import Block, Document
from rag.core.types.reports import Finding
from rag.corpus.lint.places import excerpt, named, places_of

_Span = tuple[int, int]

# What UTF-8 looks like when it was read as Windows-1252 or Latin-1. Only pairs that no language writes: a capital such
# as É before a quotation mark would decode as well, and is text.
_MOJIBAKE = re.compile(
    r"Ã[\u00a0-\u00aa\u00ac-\u00ba\u00bc-\u00bf\u2030\u0178\u0153\u2021\u02c6]"  # é, ü, ñ …
    r"|Â[\u00a0-\u00bf]"  # no-break space, °, µ, « …
    r"|â[€‰ˆ†‡„‚][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]?"  # quotation marks, dashes, ≥, −, →
    r"|ï¬[\u0080-\u0086€‚ƒ„…†]"  # ligatures
    r"|ðŸ"  # pictures
    r"|[ÎÏ][\u00b1-\u00b5\u00b9\u00ba\u00bc-\u00bf€‚ƒ„†‡ˆ‰]"  # Greek letters
    r"|ï»¿"  # a byte order mark
    # Control characters at letters are quotation marks of Windows-1252; apart from words they are some font's bullets.
    r"|(?<=[^\W\d_])[\u0080-\u0084\u0086-\u009f]|[\u0080-\u0084\u0086-\u009f](?=[^\W\d_])"
)
_REPLACEMENT = re.compile("\ufffd+")
_PRIVATE = r"[\ue000-\uf8ff\U000f0000-\U0010fffd]"
_PRIVATE_IN_WORD = re.compile(
    rf"(?<=[^\W\d_]){_PRIVATE}+(?=[^\W\d_])|{_PRIVATE}{{3,}}"
)  # alone it is a bullet or a sign
_CHARACTER_NUMBERS = re.compile(r"(?:\(cid:\d+\)\s?){2,}")

_SPACED = re.compile(r"(?<![^\s\"'(])(?:[A-Za-zÀ-ÖØ-öø-ÿ][ \u00a0]{1,3}){5,}[A-Za-zÀ-ÖØ-öø-ÿ](?![^\s.,;:!?\"')])")
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûü")

_LETTERS = r"[A-Za-zÀ-ÖØ-öø-ɏͰ-ϿЀ-ӿ]+"  # of scripts that set spaces between words
_PLAIN_WORDS = re.compile(rf"(?<!\S)[\"“‘'(\[]*{_LETTERS}(?:[.,;:!?'’–—-]+{_LETTERS})*[.,;:!?\"”’')\]]*(?!\S)")
_PLAIN_WORD = re.compile(_LETTERS)
_LONGEST_ON_AVERAGE = 15
_FEWEST_LETTERS = 100

_REPEATED = re.compile(r"([^\w\s])(?:\s?\1)+")
_FEWEST_CHARACTERS = 120
_LEAST_LEGIBLE = 0.4


@dataclass(frozen=True, slots=True)
class _Sort:
    """One way to be broken: how to find it in a block's text, what to call it, what to do."""

    find: Callable[[str], Iterator[_Span]]
    message: str
    """With places for the number of them, where they stand, and an example."""
    fewest: int = 1
    """How many characters must be hit in all for it to be said."""


def broken_text(document: Document) -> Iterator[Finding]:
    """Warn of each sort of broken text in a document once, with how often, the first places and an example."""
    blocks = [block for block in document.blocks if not block.furniture and block.kind != "code"]
    for sort in _SORTS:
        hits = [(block, start, end) for block in blocks for start, end in sort.find(_text(document, block))]
        if hits and sum(end - start for _, start, end in hits) >= sort.fewest:
            yield _finding(document, sort, hits)


def _finding(document: Document, sort: _Sort, hits: list[tuple[Block, int, int]]) -> Finding:
    block, start, end = hits[0]
    places = places_of(document, ((each, each.start + at) for each, at, _ in hits))
    message = sort.message.format(
        times="once" if len(hits) == 1 else f"{len(hits)} times",
        where=named(places),
        example=excerpt(_text(document, block), start, end),
    )
    return Finding(document.path, "warning", "broken text", message, places[0].lines, places[0].page)


def _text(document: Document, block: Block) -> str:
    return document.text[block.start : block.end]


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Iterator[_Span]]:
    return lambda text: (match.span() for match in pattern.finditer(text))


def _spaced_letters(text: str) -> Iterator[_Span]:
    """Find words with a space after each letter; not the letters of a list, a sequence or a formula."""
    for match in _SPACED.finditer(text):
        letters = match[0].lower().split()
        in_order = sum(ord(b) - ord(a) == 1 for a, b in pairwise(letters))
        vowels = sum(letter in _VOWELS for letter in letters)
        if len(set(letters)) >= 5 and in_order < len(letters) / 2 and 0.2 <= vowels / len(letters) <= 0.7:
            yield match.span()


def _run_together(text: str) -> Iterator[_Span]:
    """Find a block whose words are far too long on average; addresses, names of files and sequences do not count."""
    words = [
        (between.start() + match.start(), between.start() + match.end())
        for between in _PLAIN_WORDS.finditer(text)
        for match in _PLAIN_WORD.finditer(between[0])
        if len(match[0]) == 1 or not match[0].isupper()
    ]
    letters = sum(end - start for start, end in words)
    # Of most of the text, so that it is not said of formulas by the names that stand in them.
    if letters >= max(_FEWEST_LETTERS, len(text) / 2) and letters > _LONGEST_ON_AVERAGE * len(words):
        yield max(words, key=lambda word: word[1] - word[0])


def _illegible(text: str) -> Iterator[_Span]:
    """Find a block with few letters and figures among its characters; leaders and rules count as one."""
    characters = "".join(_REPEATED.sub(r"\1", text).split())
    legible = sum(character.isalnum() for character in characters)
    if len(characters) >= _FEWEST_CHARACTERS and legible < _LEAST_LEGIBLE * len(characters):
        yield 0, min(len(text), 40)


_SORTS = (
    _Sort(
        _matches(_MOJIBAKE),
        "Characters were decoded wrongly {times}{where}, such as in {example}. Take the document anew from where it is "
        "from and save it as UTF-8.",
    ),
    _Sort(
        _matches(_REPLACEMENT),
        "Characters were lost {times}{where}, such as in {example}. Take the document anew from where it is from.",
    ),
    _Sort(
        _matches(_PRIVATE_IN_WORD),
        "Characters that only its own font can show stand in its words {times}{where}, such as in {example}. "
        "Take it in another format, such as HTML or Word.",
        fewest=3,
    ),
    _Sort(
        _matches(_CHARACTER_NUMBERS),
        "Numbers of a font's characters stand in the place of letters {times}{where}, such as in {example}. "
        "Take it in another format, or have its text recognised anew (OCR).",
    ),
    _Sort(
        _spaced_letters,
        "Letters stand apart {times}{where}, such as in {example}: its words cannot be found. "
        "Take it in another format, or mend the text.",
        fewest=20,
    ),
    _Sort(
        _run_together,
        "Words run together {times}{where}, such as in {example}: they cannot be found. "
        "Take it in another format, or mend the text.",
    ),
    _Sort(
        _illegible,
        "There are hardly any letters {times}{where}, such as in {example}. "
        "Look at it; if the file shows words there, take it in another format or have its text recognised anew (OCR).",
    ),
)
