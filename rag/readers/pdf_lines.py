"""A page of a PDF file → its lines, with where each stands; and the cells of those that are rows of a table.

PDFium gives a page's characters in the order in which they were drawn, broken into lines. A character costs a call to
ask where it stands, so only those at the ends of a line are asked, and the gaps of the few lines that have some.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

BROKEN_WORD = "\ufffe"
"""What PDFium writes for a hyphen that ends a line; it goes on with the next line right behind it."""

CELL_GAP = 1.2
"""How wide a gap between two cells of a row is at least, in heights of a character."""

JOINED = 0.6
"""Which part of the lower of two pieces must stand beside the other for both to be of one line."""

_BOLD = re.compile(rb"bold|black|heavy|demi|cmbx|sfbx|ecbx", re.IGNORECASE)
_HYPHENS = str.maketrans({"\x02": BROKEN_WORD})


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is drawn: its characters and its box, in points from the lower left corner of the page.

    `size` is the height of a character of its font, from the lowest descender to the highest ascender. `cells` are the
    texts of a row of a table, with where each begins and ends from left to right; none where the line is not one.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool
    cells: tuple[tuple[str, float, float], ...] = ()

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
            if lines and _beside(lines[-1], line):
                lines[-1] = _joined(lines[-1], line)
            else:
                lines.append(line)
        return lines

    def _pieces(self) -> Iterator[Line]:
        count = raw.FPDFText_CountChars(self._text)
        if count <= 0:
            return
        buffer = (ctypes.c_ushort * (count + 1))()
        units = raw.FPDFText_GetText(self._text, 0, count, buffer) - 1
        text = bytes(buffer)[: units * 2].decode("utf-16-le", errors="replace").translate(_HYPHENS)
        wide = len(text) != units
        at = 0
        for part in re.split("(\r\n|\n|\r|\ufffe)", text):
            if part.strip() and part != BROKEN_WORD:
                first = at + len(part) - len(part.lstrip())
                last = at + len(part.rstrip()) - 1
                if wide:  # a character beyond the sixteen bits of a unit takes two of them
                    first, last = (len(text[:place].encode("utf-16-le")) // 2 for place in (first, last))
                broken = text[at + len(part) : at + len(part) + 1] == BROKEN_WORD
                yield self._line(part.strip() + ("-" if broken else ""), first, last)
            at += len(part)

    def _line(self, text: str, first: int, last: int) -> Line:
        start, end = (raw.FPDFText_GetCharIndexFromTextIndex(self._text, place) for place in (first, last))
        left, bottom, right, top = self._loose_box(start)
        end_left, _, end_right, _ = self._loose_box(end)
        size = max(top - bottom, 0.1)
        line = Line(
            text, min(left, end_left), bottom, max(right, end_right), top, size, self._bold(start) and self._bold(end)
        )
        return replace(line, cells=self._cells(text, start, end, size)) if " " in text else line

    def _cells(self, text: str, start: int, end: int, size: float) -> tuple[tuple[str, float, float], ...]:
        """Return the cells of a line that has wide gaps between its words."""
        rectangles = raw.FPDFText_CountRects(self._text, start, end - start + 1)
        if rectangles < 2:
            return ()
        left, top, right, bottom = self._edges
        spans = []
        for number in range(rectangles):
            raw.FPDFText_GetRect(self._text, number, left, top, right, bottom)
            spans.append((left.value, right.value))
        if all(after[0] - before[1] < CELL_GAP * size for before, after in pairwise(spans)):
            return ()
        if end - start + 1 != len(text):  # characters without a letter of their own: places cannot be told
            return ()
        cells = []
        begun, from_ = 0, self._loose_box(start)[0]
        for gap in re.finditer(" +", text):
            before, after = self._loose_box(start + gap.start() - 1), self._loose_box(start + gap.end())
            if after[0] - before[2] >= CELL_GAP * size:
                cells.append((text[begun : gap.start()], from_, before[2]))
                begun, from_ = gap.end(), after[0]
        cells.append((text[begun:], from_, self._loose_box(end)[2]))
        return tuple(cells) if len(cells) > 1 else ()

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


def _beside(before: Line, line: Line) -> bool:
    """Say whether a piece goes on right where another one ends, as one does after a raised figure."""
    low, high = max(before.bottom, line.bottom), min(before.top, line.top)
    beside = high - low >= JOINED * min(before.size, line.size)
    return beside and -0.5 * line.size <= line.left - before.right <= 1.0 * max(line.size, before.size)


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
    )


def _joined_cells(before: Line, line: Line, gap: str) -> tuple[tuple[str, float, float], ...]:
    if not before.cells and not line.cells:
        return ()
    first = before.cells or ((before.text, before.left, before.right),)
    second = line.cells or ((line.text, line.left, line.right),)
    return (*first[:-1], (first[-1][0] + gap + second[0][0], first[-1][1], second[0][2]), *second[1:])
