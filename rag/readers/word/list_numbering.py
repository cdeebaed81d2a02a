"""Compute the numbers and bullets of a Word file's lists, as Word does.

Lists that share a definition share its counters, so that a list goes on after what interrupts it, unless one starts
its levels anew. A level that was skipped counts as used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from rag.readers.word.symbols import bullet
from rag.readers.word.word_package import child, children, is_on, name_of, value, whole_number

_DEEPEST = 8  # a list has nine levels
_LONGEST_MARK = 100  # characters; what is longer is no number, and would be said with every item
_PLACE = re.compile("%([1-9])")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_ALPHABETS = {
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
    "russianLower": "абвгдежзиклмнопрстуфхцчшщыэюя",
}
_COUNTING = (
    "chineseCounting chineseCountingThousand taiwaneseCountingThousand ideographDigital japaneseCounting".split()
)
_SIGNS = "*†‡§"


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    gap: str = " "
    restarts_after: int = _DEEPEST
    legal: bool = False
    style: str | None = None


_Levels = tuple[_Level, ...]


@dataclass(frozen=True, slots=True)
class _List:
    """A list: the definition whose counters it shares, its levels, and those of them that it starts anew."""

    definition: str
    levels: _Levels
    restarted: frozenset[int]


class ListNumbering:
    """The lists of a file, by their ids."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements = {value(one, "w:numId") or "": one for one in children(root, "w:num")}
        self._definitions = {value(one, "w:abstractNumId") or "": one for one in children(root, "w:abstractNum")}
        self._named: dict[str | None, str] = {}
        for key, one in self._definitions.items():
            if (link := child(one, "w:styleLink")) is not None:
                self._named.setdefault(value(link), key)
        self._lists: dict[str, _List] = {}

    def list_of(self, number: str) -> _List | None:
        """Return a list by its id; None where there is no such list."""
        if number not in self._lists and number in self._elements:
            element = self._elements[number]
            reference = child(element, "w:abstractNumId")
            key = value(reference) or "" if reference is not None else ""
            link = child(self._definitions.get(key), "w:numStyleLink")
            if link is not None:
                key = self._named.get(value(link), key)
            levels = _levels(self._definitions.get(key), (_Level(),) * (_DEEPEST + 1))
            self._lists[number] = _List(key, *_overridden(element, levels))
        return self._lists.get(number)

    def level_of(self, number: str, styles: Sequence[str]) -> int | None:
        """Return the level of a list that belongs to the first of these styles that has one."""
        found = self.list_of(number)
        linked = {level.style: index for index, level in reversed([*enumerate(found.levels if found else ())])}
        return next((linked[style] for style in styles if style in linked), None)

    def counters(self) -> Counters:
        """Return counters that have counted nothing yet."""
        return Counters(self)


class Counters:
    """The counters of a story's lists."""

    def __init__(self, numbering: ListNumbering) -> None:
        self._numbering = numbering
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def next(self, number: str, at: int) -> str | None:
        """Count one paragraph of a list and return what stands before it; None where there is no such list."""
        found = self._numbering.list_of(number)
        if found is None:
            return None
        levels = found.levels
        at = max(0, min(at, _DEEPEST))
        counts = self._counts.setdefault(found.definition, [None] * (_DEEPEST + 1))
        for index in range(at):
            if counts[index] is None:
                counts[index] = levels[index].start
        before = counts[at]
        begins = at in found.restarted and (number, at) not in self._begun
        counts[at] = levels[at].start if before is None or begins else before + 1
        self._begun.add((number, at))
        for index in range(at + 1, _DEEPEST + 1):
            if at < levels[index].restarts_after:
                counts[index] = None
        return _shown(levels, counts, at)


def formatted(number: int, form: str) -> str:
    """Return a number in one of Word's number formats; in figures where a format is unknown or cannot hold it."""
    if form == "none":
        return ""
    if form[:5] == "upper" or form == "russianUpper":
        return formatted(number, form.replace("upper", "lower").replace("Upper", "Lower")).upper()
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "numberInDash":
        return f"- {number} -"
    if form == "ordinal":
        return f"{number}{_ordinal_ending(number)}"
    if form == "lowerRoman" and 0 < number < 4000:
        return _roman(number)
    if form in _ALPHABETS and 0 < number <= 780:  # the longest, to Word, is thirty letters
        alphabet = _ALPHABETS[form]
        return alphabet[(number - 1) % len(alphabet)] * ((number - 1) // len(alphabet) + 1)
    if form == "chicago" and 0 < number <= 40:
        return _SIGNS[(number - 1) % len(_SIGNS)] * ((number - 1) // len(_SIGNS) + 1)
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if form.startswith("decimalFullWidth"):
        return "".join(chr(ord(figure) + 0xFEE0) for figure in str(number))
    if form in _COUNTING and 0 < number < 100:
        return _counted(number)
    return str(number)


def _shown(levels: _Levels, counts: list[int | None], at: int) -> str:
    level = levels[at]
    if level.form == "bullet":
        return level.text + level.gap if level.text else ""

    def place(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        count = counts[index]
        form = "decimal" if level.legal and levels[index].form != "none" else levels[index].form
        return formatted(levels[index].start if count is None else count, form) if form != "bullet" else ""

    text = _PLACE.sub(place, level.text)
    return text + level.gap if 0 < len(text) <= _LONGEST_MARK else ""


def _overridden(element: etree._Element, levels: _Levels) -> tuple[_Levels, frozenset[int]]:
    """Return a list's levels as it changes those of its definition, and those that it starts anew."""
    changed, restarted = levels, set()
    for override in children(element, "w:lvlOverride"):
        index = whole_number(value(override, "w:ilvl"), 0)
        if 0 <= index <= _DEEPEST:
            changed = _levels(override, changed, index)
            start = child(override, "w:startOverride")
            if start is not None:
                restarted.add(index)
                new = replace(changed[index], start=whole_number(value(start), 1))
                changed = (*changed[:index], new, *changed[index + 1 :])
    return changed, frozenset(restarted)


def _levels(parent: etree._Element | None, known: _Levels, only: int | None = None) -> _Levels:
    levels = list(known)
    for element in children(parent, "w:lvl"):
        index = whole_number(value(element, "w:ilvl"), 0) if only is None else only
        if 0 <= index <= _DEEPEST:
            levels[index] = _level(element, index)
    return tuple(levels)


def _level(element: etree._Element, index: int) -> _Level:
    by_name = {name_of(one.tag): one for one in element}

    def stated(name: str) -> str | None:
        return value(by_name[name]) if name in by_name else None

    form = stated("w:numFmt") or "decimal"
    text = stated("w:lvlText") or ""
    if form == "bullet":
        fonts = child(by_name.get("w:rPr"), "w:rFonts")
        text = bullet(text, "" if fonts is None else value(fonts, "w:ascii") or "")
    return _Level(
        start=whole_number(stated("w:start"), 0),
        form=form,
        text=text if len(text) <= _LONGEST_MARK else "",
        gap="" if stated("w:suff") == "nothing" else " ",
        restarts_after=min(whole_number(stated("w:lvlRestart"), index), index),
        legal=bool(is_on(by_name.get("w:isLgl"))),
        style=stated("w:pStyle"),
    )


def _roman(number: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        text += letters * (number // worth)
        number %= worth
    return text


def _ordinal_ending(number: int) -> str:
    return "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _counted(number: int) -> str:
    figures = " 一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ((figures[tens] if tens > 1 else "") + "十" if tens else "") + (figures[ones] if ones else "")
