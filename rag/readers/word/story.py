"""Read one story of a Word file (its body, a note, a running head) into pieces of text, in reading order.

A paragraph is a piece; so is a row of a table. What is in the file and not in the document gives none: hidden text,
tracked deletions, the codes of fields, comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from rag.core.errors import UnreadableDocument
from rag.readers.word.drawings import chart_words, diagram_words
from rag.readers.word.equations import said_after, said_before
from rag.readers.word.fields import Fields
from rag.readers.word.inline import ParagraphText, Shared
from rag.readers.word.pieces import Flow, OpenParagraph, Piece, TableRow, is_record, runs_on
from rag.readers.word.styles import BODY_TEXT, CONTENTS, Style
from rag.readers.word.word_package import PackagePart, child, is_on, name_of, value, whole_number

_UNSEEN = frozenset(
    (
        *("w:del", "w:moveFrom", "w:delText", "w:delInstrText", "w:fldData"),
        *("w:pPr", "w:rPr", "w:tblPr", "w:tblGrid", "w:trPr", "w:tcPr", "w:sdtPr", "w:sdtEndPr", "w:sectPr"),
        *("m:rPr", "m:ctrlPr", "m:oMathParaPr"),
    )
)
_SIGNS = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:br": "\n",
    "w:cr": "\n",
    "w:noBreakHyphen": "\u2011",
    "w:softHyphen": "\u00ad",
    "a:br": "\n",
}
_BREAKS = re.compile(r" *[\t\n][\t\n ]*")
_LONGEST_BOLD = 150  # characters: what is longer is stressed, and heads nothing


def read_story(shared: Shared, part: PackagePart, root: etree._Element, note: str = "") -> list[Piece]:
    """Read one story of a part; `note` is the visible mark of a footnote that is read.

    Raises `UnreadableDocument` where some of the text lies outside of the file's own.
    """
    story = _Story(shared, part, note)
    story.over(root)
    if story.has_open_fields:  # a field without an end would hide all that follows: then none hides anything
        story = _Story(shared, part, note, trusts_fields=False)
        story.over(root)
    return story.pieces


class _Story(ParagraphText):
    """Depth-first over the elements: text gathers in the innermost open paragraph."""

    def __init__(self, shared: Shared, part: PackagePart, note: str, trusts_fields: bool = True) -> None:
        super().__init__(shared, part, note, trusts_fields)
        self._counters = shared.numbering.counters()
        self._flows = [Flow()]
        self._around: list[tuple[list[OpenParagraph], Fields]] = []
        self._has_left_fields_open = False
        self._rows: list[TableRow] = []
        self._rows_seen: list[int] = []
        self._drawn: set[str] = set()

    @property
    def has_open_fields(self) -> bool:
        """Say whether a field had no end."""
        return self._has_left_fields_open or bool(self._fields.open)

    @property
    def pieces(self) -> list[Piece]:
        """The pieces that were read so far."""
        self._end_carried()
        return self._flows[0].pieces

    def over(self, root: etree._Element) -> None:
        """Take in an element with all below it."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = name_of(element.tag)
            if event == "start":
                if name in _UNSEEN:
                    walk.skip_subtree()
                elif name in _ON_START:
                    if _ON_START[name](self, element):
                        walk.skip_subtree()
                elif name in _SIGNS:
                    self._say(_SIGNS[name])
                elif name.startswith("m:"):
                    self._say_drawn(said_before(element, name))
            elif name in _ON_END:
                _ON_END[name](self, element)
            elif name.startswith("m:"):
                self._say(said_after(element, name))

    # Paragraphs

    def _on_paragraph(self, element: etree._Element) -> None:
        flow = self._flows[-1]
        properties = child(element, "w:pPr")
        named = child(properties, "w:pStyle")
        style = self._shared.styles.paragraph(None if named is None else value(named))
        paragraph = flow.carried or OpenParagraph()
        flow.carried = None
        paragraph.style, paragraph.properties = style, properties
        self._paragraphs.append(paragraph)

    def _end_paragraph(self, element: etree._Element) -> None:
        paragraph = self._paragraphs.pop()
        properties = paragraph.properties
        if child(properties, "w:sectPr") is not None:
            self._shared.notes.end_section()
        flow = self._flows[-1]
        if self._paragraphs:  # it stands in a drawing, which stands in the one around it
            drawn = Flow()
            self._finish(drawn, paragraph)
            self._float(drawn.pieces)
        elif runs_on(properties):
            flow.carried = paragraph
        else:
            self._finish(flow, paragraph)

    def _finish(self, flow: Flow, paragraph: OpenParagraph) -> None:
        style, properties = paragraph.style, paragraph.properties
        text = "".join(paragraph.said)
        kind, outline = style.kind, style.outline
        if (stated := child(properties, "w:outlineLvl")) is not None:
            outline = whole_number(value(stated), BODY_TEXT)
        mark = self._mark(style, properties)
        if self._note and text.startswith(self._note):
            text = f"{self._note} {text[len(self._note) :].lstrip()}"
        furniture = style.furniture
        if paragraph.in_contents and not paragraph.outside_contents:
            furniture = CONTENTS
        is_heading = (style.is_title or outline < BODY_TEXT) and furniture is None
        if is_heading:
            kind = "heading"
        elif mark is not None and kind in ("paragraph", "quotation"):
            kind = "list item"
        if text.strip():
            piece = Piece(
                kind=kind,
                text=(mark or "") + (text if kind == "code" else text.strip()),
                level=(1 if style.is_title else outline + 1) if is_heading else None,
                is_title=style.is_title,
                is_quoted=style.kind == "quotation",
                is_bold=paragraph.is_bold and kind == "paragraph" and len(text) <= _LONGEST_BOLD and not self._around,
                furniture=furniture,
                link=paragraph.link,
            )
            flow.pieces.append(piece)
        flow.pieces.extend(paragraph.floating)

    def _mark(self, style: Style, properties: etree._Element | None) -> str | None:
        """Count a paragraph of a list, and return its number or bullet; None where it is in no list."""
        direct = child(properties, "w:numPr")
        named, at = child(direct, "w:numId"), child(direct, "w:ilvl")
        number = style.number if named is None else value(named)
        if number is None or number == "0":
            return None
        level = None if at is None else whole_number(value(at), 0)
        if level is None:
            linked = self._shared.numbering.level_of(number, style.chain)
            level = linked if linked is not None else style.at or 0
        return self._counters.next(number, level)

    def _end_carried(self) -> None:
        flow = self._flows[-1]
        if flow.carried is not None:
            carried, flow.carried = flow.carried, None
            self._finish(flow, carried)

    # Tables

    def _on_table(self, element: etree._Element) -> None:
        self._end_carried()
        self._flows[-1].holds_table = True
        self._rows_seen.append(0)

    def _end_table(self, element: etree._Element) -> None:
        self._rows_seen.pop()

    def _on_row(self, element: etree._Element) -> bool:
        properties = child(element, "w:trPr")
        gone = child(properties, "w:del") is not None or bool(is_on(child(properties, "w:hidden")))
        self._rows.append(TableRow(is_shown=not gone))
        if self._rows_seen:
            self._rows_seen[-1] += 1
        return gone

    def _end_row(self, element: etree._Element) -> None:
        row = self._rows.pop()
        flow = self._flows[-1]
        if not row.is_shown:
            return
        if is_record(row):
            cells = [" ".join(_BREAKS.sub(" ", piece.text).strip() for piece in cell.pieces) for cell in row.cells]
            links = [piece.link for cell in row.cells for piece in cell.pieces if piece.link]
            flow.pieces.append(Piece("table row", "\t".join(cells), link=links[-1] if links else None))
        else:
            for cell in row.cells:
                flow.pieces.extend(cell.pieces)

    def _on_cell(self, element: etree._Element) -> bool:
        self._flows.append(Flow())
        properties = child(element, "w:tcPr")
        # The words of merged cells stand in the first one; Word shows nothing that the others hold.
        down, right = child(properties, "w:vMerge"), child(properties, "w:hMerge")
        goes_down = down is not None and value(down) != "restart" and bool(self._rows_seen) and self._rows_seen[-1] > 1
        goes_right = right is not None and value(right) != "restart" and bool(self._rows) and bool(self._rows[-1].cells)
        return goes_down or goes_right or child(properties, "w:cellDel") is not None

    def _end_cell(self, element: etree._Element) -> None:
        self._end_carried()
        cell = self._flows.pop()
        if self._rows:
            self._rows[-1].cells.append(cell)
        else:
            self._flows[-1].pieces.extend(cell.pieces)

    # What floats: text boxes, drawings

    def _on_box(self, element: etree._Element) -> bool:
        if self._runs[-1].hidden:
            return True
        self._flows.append(Flow())
        self._around.append((self._paragraphs, self._fields))
        self._paragraphs, self._fields = [], Fields()
        return False

    def _end_box(self, element: etree._Element) -> None:
        if self._runs[-1].hidden:
            return
        self._end_carried()
        self._has_left_fields_open = self.has_open_fields
        self._paragraphs, self._fields = self._around.pop()
        self._float(self._flows.pop().pieces)

    def _float(self, pieces: list[Piece]) -> None:
        (self._paragraphs[-1].floating if self._paragraphs else self._flows[-1].pieces).extend(pieces)

    def _on_drawn_text(self, element: etree._Element) -> None:
        self._float([Piece("paragraph", element.get("string") or "")])

    def _on_chart(self, element: etree._Element) -> None:
        part = self._drawing(value(element, "r:id"))
        if part is not None:
            titles, rows = chart_words(part.root)
            self._float([Piece("caption", title) for title in titles])
            self._float([Piece("table row", "\t".join(row)) for row in rows])

    def _on_diagram(self, element: etree._Element) -> None:
        part = self._drawing(value(element, "r:dm"))
        if part is not None:
            self._float([Piece("paragraph", text) for text in diagram_words(part.root)])

    def _drawing(self, key: str | None) -> PackagePart | None:
        """Return the part that a drawing is in, once."""
        related = self._part.relationships.get(key or "")
        if related is None or related.external or related.target in self._drawn or self._runs[-1].hidden:
            return None
        self._drawn.add(related.target)
        return self._shared.package.part(related.target)

    def _on_alternatives(self, element: etree._Element) -> bool:
        """Leave out what stands for an older program beside what is shown."""
        return element.getprevious() is not None

    def _on_elsewhere(self, element: etree._Element) -> bool:
        raise UnreadableDocument(
            "Some of its text lies in another file or format, which only Word puts in its place.",
            "Open it in Word, and save it as one document.",
        )


_Handler = Callable[[_Story, etree._Element], bool | None]

# A handler that returns true is done with all below its element.
_ON_START: dict[str, _Handler] = {
    "w:t": _Story._on_text,
    "m:t": _Story._on_text,
    "a:t": _Story._on_text,
    "w:r": _Story._on_run,
    "m:r": _Story._on_run,
    "w:p": _Story._on_paragraph,
    "a:p": _Story._on_paragraph,
    "w:sym": _Story._on_symbol,
    "w:tbl": _Story._on_table,
    "w:tr": _Story._on_row,
    "w:tc": _Story._on_cell,
    "w:txbxContent": _Story._on_box,
    "v:textpath": _Story._on_drawn_text,
    "c:chart": _Story._on_chart,
    "dgm:relIds": _Story._on_diagram,
    "mc:Choice": _Story._on_alternatives,
    "mc:Fallback": _Story._on_alternatives,
    "w:footnoteReference": _Story._on_note_reference,
    "w:endnoteReference": _Story._on_note_reference,
    "w:footnoteRef": _Story._on_note_mark,
    "w:endnoteRef": _Story._on_note_mark,
    "w:fldChar": _Story._on_field_sign,
    "w:instrText": _Story._on_field_code,
    "w:hyperlink": _Story._on_link,
    "w:rt": _Story._on_phonetic,
    "w:altChunk": _Story._on_elsewhere,
    "w:subDoc": _Story._on_elsewhere,
}
_ON_END: dict[str, _Handler] = {
    "w:r": _Story._end_run,
    "m:r": _Story._end_run,
    "w:p": _Story._end_paragraph,
    "a:p": _Story._end_paragraph,
    "w:tbl": _Story._end_table,
    "w:tr": _Story._end_row,
    "w:tc": _Story._end_cell,
    "w:txbxContent": _Story._end_box,
    "w:hyperlink": _Story._end_link,
    "w:rt": _Story._end_phonetic,
    "w:rubyBase": _Story._end_phonetic_base,
}
