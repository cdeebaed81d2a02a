"""Extract the lines of a PDF page with their positions, and the cells of those that are rows of a table.

PDFium gives a page's characters in the order in which they were drawn, broken into lines. A character costs a call to
ask where it stands, so only those at the ends of a line are asked, and the gaps of the few lines that have some.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

BROKEN_WORD = "\ufffe"
"""What PDFium writes for a hyphen that ends a line; it goes on with the next line right behind it."""

CELL_GAP = 1.2
"""How wide a gap between two cells of a row is at least, in heights of a character."""

UPRIGHT = 0.1
"""Up to which angle, in radians, characters stand upright."""

JOINED = 0.6
"""Which part of the lower of two pieces must stand beside the other for both to be of one line."""

_BOLD = re.compile(rb"bold|black|heavy|demi|cmbx|sfbx|ecbx", re.IGNORECASE)
_HYPHENS = str.maketrans({"\x02": BROKEN_WORD})


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is drawn: its characters and its box, in points from the lower left corner of the page.

    `size` is the height of a character of its font, from the lowest descender to the highest ascender. `cells` are the
    texts of a row of a table, with where each begins and ends from left to right; none where the line is not one.
    `spans` are where its visible characters stand in the page's text, in their order; of white space there may be more
    or less in them, which is put in and left out as the line is made.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool
    cells: tuple[tuple[str, float, float], ...] = ()
    spans: tuple[tuple[int, int], ...] = field(default=(), compare=False)

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.bottom + self.top) / 2


class PageText:
    """The text of an open page; `close` it when done."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._text = page.get_textpage()
        self._box = raw.FS_RECTF()
        self._edges = tuple(ctypes.c_double() for _ in range(4))

    def close(self) -> None:
        """Release the text."""
        self._text.close()

    def lines(self) -> list[Line]:
        """Return the lines in the order in which they were drawn, pieces that stand beside each other as one."""
        lines: list[Line] = []
        for line in self._pieces():
            if lines and _side_by_side(lines[-1], line):
                lines[-1] = _joined(lines[-1], line)
            else:
                lines.append(line)
        return lines

    def boxes(self, line: Line) -> list[tuple[float, float, float, float] | None]:
        """Return where each visible character of a line stands: left, bottom, right, top; None where that is not known.

        The line must be one of this page's.
        """
        text, wide = self._whole_text()
        found: list[tuple[float, float, float, float] | None] = []
        for place in (place for start, end in line.spans for place in range(start, end)):
            if text[place].isspace():
                continue
            unit = len(text[:place].encode("utf-16-le")) // 2 if wide else place
            left, bottom, right, top = self._loose_box(raw.FPDFText_GetCharIndexFromTextIndex(self._text, unit))
            found.append((left, bottom, right, top) if left < right and bottom < top else None)
        return found

    def _whole_text(self) -> tuple[str, bool]:
        """Return the page's text, and whether some of its characters take two units of PDFium's."""
        count = raw.FPDFText_CountChars(self._text)
        if count <= 0:
            return "", False
        buffer = (ctypes.c_ushort * (count + 1))()
        units = raw.FPDFText_GetText(self._text, 0, count, buffer) - 1
        text = bytes(buffer)[: units * 2].decode("utf-16-le", errors="replace").translate(_HYPHENS)
        return text, len(text) != units

    def _pieces(self) -> Iterator[Line]:
        text, wide = self._whole_text()
        at = 0
        for part in re.split("(\r\n|\n|\r|\ufffe)", text):
            if part.strip() and part != BROKEN_WORD:
                first = at + len(part) - len(part.lstrip())
                last = at + len(part.rstrip()) - 1
                begin, end = first, at + len(part)
                if wide:  # a character beyond the sixteen bits of a unit takes two of them
                    first, last = (len(text[:place].encode("utf-16-le")) // 2 for place in (first, last))
                broken = text[end : end + 1] == BROKEN_WORD
                *lines, line = self._lines(part.strip(), begin, first, last)
                yield from lines
                yield _hyphenated(line, end) if broken else line
            at += len(part)

    def _lines(self, text: str, at: int, first: int, last: int) -> Iterator[Line]:
        """Yield what PDFium took for a line as what it is: mostly a line. `at` is its place in the page's text."""
        start, end = (raw.FPDFText_GetCharIndexFromTextIndex(self._text, place) for place in (first, last))
        one_by_one = end - start + 1 == len(text)  # else characters without a letter stand among them
        boxes = self._rectangles(start, end)
        if one_by_one and len(boxes) > 1 and self._parted(boxes, start):
            for begin, stop in self._level(start, end):
                part = text[begin - start : stop - start]
                if part.strip():
                    begin += len(part) - len(part.lstrip())
                    yield self._line(part.strip(), at + begin - start, begin, begin + len(part.strip()) - 1, [], False)
        else:
            yield self._line(text, at, start, end, boxes, one_by_one)

    def _line(
        self,
        text: str,
        at: int,
        start: int,
        end: int,
        boxes: Sequence[tuple[float, float, float, float]],
        one_by_one: bool,
    ) -> Line:
        spans = ((at, at + len(text)),)
        left, bottom, right, top = self._loose_box(start)
        end_left, _, end_right, _ = self._loose_box(end)
        size = max(top - bottom, 0.1)
        cells: tuple[tuple[str, float, float], ...] = ()
        if one_by_one and any(after[0] - before[2] >= CELL_GAP * size for before, after in pairwise(boxes)):
            cells = self._cells(text, start, size)
            text = " ".join(cell for cell, _, _ in cells) if cells else text
        bold = self._bold(start) and self._bold(end)
        return Line(text, min(left, end_left), bottom, max(right, end_right), top, size, bold, cells, spans)

    def _cells(self, text: str, start: int, size: float) -> tuple[tuple[str, float, float], ...]:
        """Return the cells of a line with wide gaps, where a space stands mostly, but not between lone characters."""
        cells = []
        begun, from_, before = 0, self._loose_box(start)[0], 0
        for at in range(1, len(text)):
            if text[at] == " ":
                continue
            if text[at - 1] == " " or at - before == 1:
                gap = self._loose_box(start + at)[0] - self._loose_box(start + before)[2]
                if gap >= CELL_GAP * size:
                    cells.append((text[begun : before + 1], from_, self._loose_box(start + before)[2]))
                    begun, from_ = at, self._loose_box(start + at)[0]
            before = at
        cells.append((text[begun:], from_, self._loose_box(start + len(text) - 1)[2]))
        return tuple(cells) if len(cells) > 1 else ()

    def _rectangles(self, start: int, end: int) -> list[tuple[float, float, float, float]]:
        """Return the boxes of what was drawn in one go, as left, bottom, right and top."""
        left, top, right, bottom = self._edges
        found = []
        for number in range(raw.FPDFText_CountRects(self._text, start, end - start + 1)):
            raw.FPDFText_GetRect(self._text, number, left, top, right, bottom)
            found.append((left.value, bottom.value, right.value, top.value))
        return found

    def _parted(self, boxes: Sequence[tuple[float, float, float, float]], start: int) -> bool:
        """Say whether some of a line stands wholly above or below the rest: lone characters, taken for one word."""
        separate = any(after[1] >= before[3] or after[3] <= before[1] for before, after in pairwise(boxes))
        return separate and abs(raw.FPDFText_GetCharAngle(self._text, start)) < UPRIGHT

    def _level(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the runs of characters that stand beside each other, each from one index up to another."""
        runs, begun = [], start
        _, bottom, _, top = self._loose_box(start)
        for index in range(start + 1, end + 1):
            _, low, _, high = self._loose_box(index)
            if high <= low:  # a space that was not drawn
                continue
            if low >= top or high <= bottom:
                runs.append((begun, index))
                begun = index
            bottom, top = low, high
        return [*runs, (begun, end + 1)]

    def _loose_box(self, index: int) -> tuple[float, float, float, float]:
        box = self._box
        if not raw.FPDFText_GetLooseCharBox(self._text, index, box):
            return 0.0, 0.0, 0.0, 0.0
        return box.left, box.bottom, box.right, box.top

    def _bold(self, index: int) -> bool:
        weight = raw.FPDFText_GetFontWeight(self._text, index)
        if weight >= 600:
            return True
        name = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        raw.FPDFText_GetFontInfo(self._text, index, name, 128, flags)
        return bool(_BOLD.search(name.value))


def _side_by_side(before: Line, line: Line) -> bool:
    """Say whether a piece goes on right where another one ends, as one does after a raised figure."""
    low, high = max(before.bottom, line.bottom), min(before.top, line.top)
    level = high - low >= JOINED * min(before.size, line.size)
    return level and -0.5 * line.size <= line.left - before.right <= 1.0 * max(line.size, before.size)


def _hyphenated(line: Line, at: int) -> Line:
    """Return a line with the hyphen that ends it, whose place in the page's text is `at`."""
    *cells, (words, left, right) = line.cells or (("", 0.0, 0.0),)
    return replace(
        line,
        text=line.text + "-",
        cells=(*cells, (words + "-", left, right)) if line.cells else (),
        spans=(*line.spans, (at, at + 1)),
    )


def _joined(before: Line, line: Line) -> Line:
    gap = " " if line.left - before.right > 0.15 * line.size else ""
    larger = before if before.size >= line.size else line
    return Line(
        text=before.text + gap + line.text,
        left=before.left,
        bottom=min(before.bottom, line.bottom),
        right=max(before.right, line.right),
        top=max(before.top, line.top),
        size=larger.size,
        bold=before.bold and line.bold,
        cells=_joined_cells(before, line, gap),
        spans=before.spans + line.spans,
    )


def _joined_cells(before: Line, line: Line, gap: str) -> tuple[tuple[str, float, float], ...]:
    if not before.cells and not line.cells:
        return ()
    first = before.cells or ((before.text, before.left, before.right),)
    second = line.cells or ((line.text, line.left, line.right),)
    return (*first[:-1], (first[-1][0] + gap + second[0][0], first[-1][1], second[0][2]), *second[1:])
