"""Outline the characters of a document's span on the page where they stand.

The file is read again as it was for the index, which tells the lines that each block of the document was made of, and
each line tells where its characters stand in the page. Nothing is looked for: the visible characters of a block and of
its lines are the same ones in the same order, and are counted.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import Block
from rag.readers.pdf.pdf_lines import Line, PageText
from rag.readers.pdf.pdf_reader import read_with_lines
from rag.readers.pdf.pictures.picture import Box, PictureRequest, Span

_FINE = 100
"""Parts of a point in which PDFium is asked, which answers in whole numbers."""

NEAR = 1.2
"""How far apart two characters of one box are at most, in heights of the larger one."""

_Edges = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Shown:
    """An open page and its size as it is shown, which is not as its coordinates have it where it is turned or cut."""

    page: pypdfium2.PdfPage
    width: float
    height: float

    def box(self, box: _Edges) -> _Edges:
        """Return left, top, right and bottom from the upper left corner as shown, of left, bottom, right and top."""
        left, bottom, right, top = box
        corners = (self._point(left, bottom), self._point(right, top))
        across, down = zip(*corners, strict=True)
        return min(across), min(down), max(across), max(down)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        size = (round(self.width * _FINE), round(self.height * _FINE))
        raw.FPDF_PageToDevice(self.page, 0, 0, *size, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE


def outlines(shown: Shown, wanted: PictureRequest, limits: Limits) -> tuple[tuple[Box, ...], ...]:
    """Return the boxes of each span's characters on a page.

    Raises `UnreadableDocument` where the file is not read as the document was.
    """
    document = wanted.document
    on_page = [block for block in document.blocks if block.page == wanted.page]
    if not any(_within(block, span) for span in wanted.spans for block in on_page):
        return tuple(() for _ in wanted.spans)
    reading, made_of = read_with_lines(wanted.data, limits)
    if reading.text != document.text or [(b.start, b.end, b.page) for b in reading.blocks] != [
        (b.start, b.end, b.page) for b in document.blocks
    ]:
        raise UnreadableDocument("The file is read otherwise than when the index was built.", "Build the index anew.")
    lines = [(block, line) for block, line in zip(document.blocks, made_of, strict=True) if block.page == wanted.page]
    with closing(PageText(shown.page)) as text:
        return tuple(
            tuple(
                box
                for block, of_block in lines
                if _within(block, span)
                for box in _of_block(shown, text, document.text, block, of_block, span)
            )
            for span in wanted.spans
        )


def _within(block: Block, span: Span) -> bool:
    return block.start < span[1] and span[0] < block.end


def _of_block(
    shown: Shown, text: PageText, whole: str, block: Block, lines: Sequence[Line], span: Span
) -> Iterator[Box]:
    """Yield the boxes of the characters of a block that a span holds."""
    start, end = max(block.start, span[0]), min(block.end, span[1])
    first, count = _visible(whole[block.start : start]), _visible(whole[start:end])
    seen = 0
    for line in lines:
        boxes = text.boxes(line)
        yield from _joined(
            [shown.box(box) for box in boxes[max(0, first - seen) : max(0, first + count - seen)] if box]
        )
        seen += len(boxes)
    if seen != _visible(whole[block.start : block.end]):
        raise UnreadableDocument("The passage cannot be found on the page.", "Look for it in the text.")


def _visible(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _joined(boxes: Sequence[_Edges]) -> Iterator[Box]:
    """Yield boxes around the characters of a line: one, but for the cells of a table."""
    around: list[_Edges] = []
    for box in boxes:
        if around and _near(around[-1], box):
            before = around[-1]
            around[-1] = (*map(min, before[:2], box[:2]), *map(max, before[2:], box[2:]))  # type: ignore[assignment]
        else:
            around.append(box)
    for left, top, right, bottom in around:
        yield Box(left, top, right - left, bottom - top)


def _near(before: _Edges, box: _Edges) -> bool:
    """Say whether a character stands beside what is before it, whichever way the text runs."""
    size = max(min(each[2] - each[0], each[3] - each[1]) for each in (before, box))
    across = max(before[0], box[0]) - min(before[2], box[2])
    down = max(before[1], box[1]) - min(before[3], box[3])
    return across <= NEAR * size and down <= NEAR * size and min(across, down) <= 0
