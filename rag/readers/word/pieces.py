"""Define the pieces that a Word file is read into, and what gathers them."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from rag.core.types.documents import BlockKind
from rag.readers.word.styles import PLAIN, Style
from rag.readers.word.word_package import child, is_on, value

_RUNNING = ("paragraph", "list item", "caption")


@dataclass(slots=True)
class Piece:
    """A paragraph or a row as it was read. `is_bold`: it may head what follows, though its style is no heading's.

    `link` is its last one, as text and target.
    """

    kind: BlockKind
    text: str
    level: int | None = None
    is_title: bool = False
    is_quoted: bool = False
    is_bold: bool = False
    furniture: str | None = None
    link: tuple[str, str] | None = None


@dataclass(slots=True)
class OpenParagraph:
    """A paragraph that gathers. `floating` is what stands beside its text: text boxes, charts."""

    style: Style = PLAIN
    properties: etree._Element | None = None
    said: list[str] = field(default_factory=list)
    floating: list[Piece] = field(default_factory=list)
    link: tuple[str, str] | None = None
    is_bold: bool = True
    in_contents: bool = False
    outside_contents: bool = False


@dataclass(slots=True)
class Flow:
    """The pieces of a story, a cell or a text box. `carried` is a paragraph whose end is no end of a line."""

    pieces: list[Piece] = field(default_factory=list)
    carried: OpenParagraph | None = None
    holds_table: bool = False


@dataclass(slots=True)
class TableRow:
    """A row that gathers its cells; a deleted or hidden one is not shown."""

    cells: list[Flow] = field(default_factory=list)
    is_shown: bool = True


def runs_on(properties: etree._Element | None) -> bool:
    """Say whether the next paragraph goes on in the same line.

    It does where the mark between is deleted or hidden, and after a large first letter.
    """
    frame, mark = child(properties, "w:framePr"), child(properties, "w:rPr")
    if frame is not None and value(frame, "w:dropCap") in ("drop", "margin"):
        return True
    if child(mark, "w:del") is not None or child(mark, "w:moveFrom") is not None:
        return True
    # A heading that ends in the line (`specVanish`) is a heading all the same.
    return bool(is_on(child(mark, "w:vanish"))) and not is_on(child(mark, "w:specVanish"))


def is_record(row: TableRow) -> bool:
    """Tell a row that is read from left to right from one that lays out a page, whose cells are read one by one.

    The latter holds a table in a cell, or a heading, a quotation or code with a text of its own; or it is one box.
    """
    if any(cell.holds_table for cell in row.cells):
        return False
    cells = [cell.pieces for cell in row.cells]
    if len(cells) == 1:
        return len(cells[0]) == 1 and cells[0][0].kind == "paragraph"
    return all(len(cell) < 2 or all(piece.kind in _RUNNING for piece in cell) for cell in cells)
