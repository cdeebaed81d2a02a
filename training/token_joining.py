"""Put the tokens of a text together again, and carry the places of answers over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reader_rows import Span

_NAMES_OF_SIGNS = {
    "-lrb-": "(",
    "-rrb-": ")",
    "-lsb-": "[",
    "-rsb-": "]",
    "-lcb-": "{",
    "-rcb-": "}",
    "``": '"',
    "''": '"',
    "`": "'",
    "--": "–",
}
_TO_THE_LEFT = frozenset(", . ; : ? ! ) ] } % ” ’ … n't -rrb- -rsb- -rcb- '' °".split())
_TO_THE_RIGHT = frozenset("( [ { $ £ € ₹ # “ ‘ ` `` -lrb- -lsb- -lcb-".split())
_SHORTENED = re.compile(r"['’](?:s|t|re|ve|ll|d|m)\Z", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Joined:
    """A text whose tokens are put together, and its spans."""

    text: str
    spans: tuple[Span, ...]


def joined(text: str, spans: tuple[Span, ...] = (), *, hyphens: bool = False) -> Joined:
    """Put tokens together; `hyphens` says that a hyphen between spaces is one within a word.

    Raises `ValueError` where a span would no longer hold what it held, spaces apart.
    """
    tokens = [match.span() for match in re.finditer(r"\S+", text)]
    shown = [text[start:end] for start, end in tokens]
    opening = _opening_marks(shown)
    parts: list[str] = []
    begins: list[int] = []
    length = 0
    for number, (start, end) in enumerate(tokens):
        gap = text[tokens[number - 1][1] : start] if number else ""
        if number and _touch(shown, number, opening, hyphens):
            gap = ""
        new = _NAMES_OF_SIGNS.get(text[start:end], text[start:end])
        begins.append(length + len(gap))
        parts += [gap, new]
        length += len(gap) + len(new)
    made = "".join(parts)
    carried = tuple(_carried(text, tokens, begins, span) for span in spans)
    for (old_start, old_end), (start, end) in zip(spans, carried, strict=True):
        if _bare(made[start:end]) != _bare(" ".join(_renamed(text[old_start:old_end]))):
            raise ValueError(f"{text[old_start:old_end]!r} became {made[start:end]!r}")
    return Joined(made, carried)


def _carried(text: str, tokens: list[Span], begins: list[int], span: Span) -> Span:
    """Return where a span lies after its tokens have moved."""
    touched = [n for n, (start, end) in enumerate(tokens) if start < span[1] and end > span[0]]
    if not touched:
        raise ValueError(f"A span without words: {span}")
    first, last = touched[0], touched[-1]
    start = begins[first] + max(0, span[0] - tokens[first][0])
    whole = _NAMES_OF_SIGNS.get(text[slice(*tokens[last])])
    return start, begins[last] + (len(whole) if whole else min(span[1], tokens[last][1]) - tokens[last][0])


def _touch(shown: list[str], number: int, opening: set[int], hyphens: bool) -> bool:
    """Say whether a token touches the one before it."""
    before, token = shown[number - 1], shown[number]
    after = shown[number + 1] if number + 1 < len(shown) else ""
    if token in ('"', "'"):
        return number not in opening
    if before in ('"', "'"):
        return number - 1 in opening
    if token in _TO_THE_LEFT or _SHORTENED.match(token):
        return True
    if before in _TO_THE_RIGHT or before == "/" or token == "/":
        return True
    if before.endswith("$") and token[:1].isdigit():
        return True
    earlier = shown[number - 2] if number > 1 else ""
    if token in ("-", "--", "–"):
        numbers = before[-1:].isdigit() and after[:1].isdigit()
        return numbers or (token == "-" and hyphens and before[-1:].isalnum() and after[:1].isalnum())
    if before in ("-", "--", "–"):
        numbers = earlier[-1:].isdigit() and token[:1].isdigit()
        return numbers or (before == "-" and hyphens and earlier[-1:].isalnum() and token[:1].isalnum())
    if before == "," and re.fullmatch(r"\d{1,3}", earlier) and re.fullmatch(r"\d{3}", token):
        return hyphens
    return before == "." and hyphens and earlier.isdigit() and token.isdigit() and len(earlier) <= 3


def _opening_marks(shown: list[str]) -> set[int]:
    """Return which quotation marks that look the same on both sides open; one after an s may be a genitive."""
    opening: set[int] = set()
    for mark in ('"', "'"):
        inside = False
        for number, token in enumerate(shown):
            if token != mark:
                continue
            genitive = mark == "'" and number > 0 and shown[number - 1].endswith("s") and not inside
            if genitive or (mark == "'" and "`" in shown):
                continue
            if not inside and number + 1 < len(shown):
                opening.add(number)
            inside = not inside
    return opening


def _renamed(text: str) -> list[str]:
    return [_NAMES_OF_SIGNS.get(token, token) for token in text.split()]


def _bare(text: str) -> str:
    return _SPACE.sub("", text)
