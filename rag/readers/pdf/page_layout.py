"""Order the lines of a page as they are read, and join them to paragraphs, headings, list items and table rows.

A page is read in the order in which it was drawn, which is its author's, unless columns stand side by side or the order
goes back up the page. Columns are told by a gutter that no line between them crosses; a line across both parts what
stands above it from what stands below (after the white space that Breuel, 2002, finds between columns).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.core.types.documents import BlockKind
from rag.readers.pdf.pdf_lines import Line

GUTTER = 0.8
"""How wide a gutter is at least, in heights of a character."""

SIDE_BY_SIDE = 3
"""How many lines must stand on either side of a gutter."""

MOST_COLUMNS = 6

NEW_PARAGRAPH = 1.35
"""How much farther than usual two lines of a page stand apart where a new paragraph begins."""

LARGER = 1.12
"""How much larger than the body's a heading's characters are at least."""

LONGEST_HEADING = 20
"""Words."""

_ITEM = re.compile(r"(?:[•◦▪‣●○■□–—*\u00b7\uf0b7\uf0a7\uf02d\x80-\x9f-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlc]{1,5})[.)])\s+\S")
_NOTE = re.compile(r"(?:\d{1,2}|[*†‡§¶])[.)]?\s*[^\W\d]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that belong together; `size` and `bold` are those of their characters."""

    kind: BlockKind
    text: str
    lines: tuple[Line, ...]

    @property
    def size(self) -> float:
        """The height of most of its characters."""
        return _most_common_size(self.lines)

    @property
    def bold(self) -> bool:
        """Say whether all of it is bold."""
        return all(line.bold for line in self.lines)


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """Return the height of the characters of most of a document's text."""
    return _most_common_size([line for lines in pages for line in lines])


def in_reading_order(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of a page in columns, in the order in which they are read."""
    letters = "".join(line.text for line in lines)
    leftwards = len(_RIGHT_TO_LEFT.findall(letters)) > len(letters) / 3
    return list(_columns(list(lines), leftwards, 0))


def _columns(lines: list[Line], leftwards: bool, depth: int) -> Iterator[list[Line]]:
    gutter = _gutter(lines) if len(lines) >= 2 * SIDE_BY_SIDE and depth < MOST_COLUMNS else None
    if gutter is None:
        yield _downwards(lines)
        return
    across = [line for line in lines if not (line.right <= gutter or line.left >= gutter)]
    bands: list[list[Line]] = [[]]
    edges = sorted((line.middle for line in across), reverse=True)
    for edge in (*edges, float("-inf")):
        sides = [line for line in lines if line not in across and edge < line.middle <= _above(edges, edge)]
        left, right = (
            [line for line in sides if line.right <= gutter],
            [line for line in sides if line.left >= gutter],
        )
        for side in (right, left) if leftwards else (left, right):
            if side:
                yield from _columns(side, leftwards, depth + 1)
        bands = [[line for line in across if line.middle == edge]]
        if bands[0]:
            yield bands[0]


def _above(edges: Sequence[float], edge: float) -> float:
    higher = [each for each in edges if each > edge]
    return min(higher) if higher else float("inf")


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return where the gutter stands that parts most lines; None where there is none."""
    size = _most_common_size(lines)
    best, most = None, 0.0
    for left in sorted({round(line.left, 1) for line in lines}):
        right_side = [line for line in lines if line.left >= left - 0.1]
        left_side = [line for line in lines if line.right <= left - GUTTER * size]
        crossing = len(lines) - len(left_side) - len(right_side)
        overlap = _overlap(left_side, right_side) / size
        if overlap >= SIDE_BY_SIDE and min(len(left_side), len(right_side)) >= SIDE_BY_SIDE:
            score = min(len(left_side), len(right_side)) - crossing
            if score > most and not _rows(left_side, right_side):
                best, most = left - GUTTER * size / 2, score
    return best


def _overlap(left: Sequence[Line], right: Sequence[Line]) -> float:
    if not left or not right:
        return 0.0
    high = min(max(line.top for line in left), max(line.top for line in right))
    return high - max(min(line.bottom for line in left), min(line.bottom for line in right))


def _rows(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Say whether two sides are the cells of a table rather than columns of text: short ones, level with each other."""
    words = sum(len(line.text.split()) for line in (*left, *right)) / (len(left) + len(right))
    level = sum(any(abs(line.middle - other.middle) < 0.2 * line.size for other in left) for line in right)
    return words < 3 and level > len(right) / 2


def _downwards(lines: list[Line]) -> list[Line]:
    """Return the lines of a column as they were drawn, or from top to bottom where that goes up again."""
    if all(after.middle <= before.middle + 0.5 * before.size for before, after in pairwise(lines)):
        return lines
    return sorted(lines, key=lambda line: -line.middle)


def stretches(column: Sequence[Line], body: float) -> list[Stretch]:
    """Put the lines of a column together to paragraphs, list items, rows, notes and what may be headings."""
    if not column:
        return []
    pitch = _pitch(column)
    margin = Counter(round(line.left) for line in column).most_common(1)[0][0]
    groups: list[list[Line]] = [[column[0]]]
    for before, line in pairwise(column):
        if _begins(before, line, groups[-1], pitch, margin):
            groups.append([line])
        else:
            groups[-1].append(line)
    tabular = _tabular(column)
    return _with_notes([_stretch(group, body, tabular) for group in groups], body)


def _with_notes(found: list[Stretch], body: float) -> list[Stretch]:
    """Make footnotes of what is smaller than the body and begins with a mark, at the end of a column."""
    for place in reversed(range(len(found))):
        stretch = found[place]
        if stretch.kind == "table row" or stretch.size >= 0.92 * body:
            break
        if _NOTE.match(stretch.text):
            found[place] = replace(stretch, kind="footnote")
    return found


def _begins(before: Line, line: Line, group: Sequence[Line], pitch: float, margin: float) -> bool:
    """Say whether a line begins something new after the one before."""
    if before.cells or line.cells or _ITEM.match(line.text):
        return True
    if abs(before.size - line.size) > 0.08 * max(before.size, line.size) or before.bold != line.bold:
        return True
    if before.top - line.top > NEW_PARAGRAPH * max(pitch, 0.9 * line.size) or line.top > before.top + line.size:
        return True
    indented = line.left > before.left + 0.8 * line.size and abs(before.left - margin) < 0.5 * line.size
    return indented and not _ITEM.match(group[0].text)


def _pitch(column: Sequence[Line]) -> float:
    """Return how far apart two lines of a column usually stand: the median of what can be between lines of a text."""
    steps = sorted(
        before.top - after.top for before, after in pairwise(column) if 0 < before.top - after.top < 2 * after.size
    )
    return steps[len(steps) // 2] if steps else 1.2 * column[0].size


def _tabular(column: Sequence[Line]) -> set[int]:
    """Return which lines are rows of a table: next to others with cells of which one begins or ends alike."""
    rows = set()
    for before, line in pairwise(column):
        if before.cells and line.cells and _aligned(before, line):
            rows |= {id(before), id(line)}
    return rows


def _aligned(before: Line, line: Line) -> bool:
    tolerance = 0.6 * line.size
    pairs = ((a, b) for a in before.cells[1:] for b in line.cells[1:])
    return any(
        abs(a[1] - b[1]) < tolerance or abs(a[2] - b[2]) < tolerance or abs(a[1] + a[2] - b[1] - b[2]) < tolerance
        for a, b in pairs
    )


def _stretch(lines: Sequence[Line], body: float, tabular: set[int]) -> Stretch:
    if len(lines) == 1 and id(lines[0]) in tabular:
        return Stretch("table row", "\t".join(cell for cell, _, _ in lines[0].cells), tuple(lines))
    text = "\n".join(line.text for line in lines)
    kind: BlockKind = "paragraph"
    if _ITEM.match(text):
        kind = "list item"
    return Stretch(kind, text, tuple(lines))


def may_be_heading(stretch: Stretch, body: float, body_is_bold: bool) -> bool:
    """Say whether a stretch looks like a heading: larger than the body, or bold where that is not; and short."""
    words = stretch.text.split()
    if stretch.kind == "table row" or len(words) > LONGEST_HEADING or not any(map(str.isalpha, stretch.text)):
        return False
    if stretch.size >= LARGER * body:
        return True
    short = len(stretch.lines) <= 2 and stretch.text[-1] not in ".,;"
    return stretch.bold and not body_is_bold and short and stretch.size >= 0.95 * body


def _most_common_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0
