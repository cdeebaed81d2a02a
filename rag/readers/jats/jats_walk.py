"""Walk over an article of JATS and gather its text block by block, each with its section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from lxml import etree

from rag.core.types.documents import AUTHOR, Attribution, BlockKind, CatalogueEntry
from rag.readers.html.html_reader import collapsed
from rag.readers.jats.jats_elements import heads_section, is_set_apart, shown_forms, tex_formula
from rag.readers.jats.jats_metadata import contributors
from rag.readers.jats.vocabulary import (
    ALTERNATIVES,
    ARTICLES,
    CITATIONS,
    CITED_IN,
    FURNITURE,
    IN_LINE,
    INLINE,
    KINDS,
    NOT_SHOWN,
    NOT_SHOWN_IN_MATH,
    SECTIONS,
)
from rag.readers.reading import Draft, Reading, heading_words, in_a_cell
from rag.readers.xml_tree import one_line

_BY_REVIEWERS = re.compile("review|referee|decision|editor")
_CELLS = ("td", "th", "entry")
_ROWS = ("tr", "row")
_LISTS_OF_NOTES = ("fn-group", "table-wrap-foot")
_NOTES = ("fn", "corresp")
_TRUE_LINES = 65_535  # libxml2 knows no greater line number

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Context:
    """The state that the open elements give to their text; `in_line`: all of it stands in a line of text."""

    kind: BlockKind = "paragraph"
    attribution: Attribution = AUTHOR
    furniture: str | None = None
    row: _Row | None = None
    note: Literal["list", "listed", "aside"] | None = None
    is_label: bool = False
    in_line: bool = False
    keeps_space: bool = False
    is_math: bool = False


@dataclass(slots=True)
class _Row:
    """A table row that gathers: one text a cell."""

    cells: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Gathered:
    """The text of a block so far, its lines, and what stands before it; `labelled` is what has that label."""

    pieces: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    number: str = ""
    label: str = ""
    labelled: etree._Element | None = None


@dataclass(frozen=True, slots=True)
class _Note:
    """A block of a note that waits for the end of its article."""

    kind: BlockKind
    text: str
    lines: tuple[int, int]
    context: _Context
    section: Path


class ArticleWalk:
    """Depth-first over the elements, without recursion.

    A note that stands in the middle of the text is taken out of it and put at the end of the article; one in a list of
    notes or under a table stays there. A label ("Table 1.", "[12]") is the beginning of the block that comes next.
    """

    def __init__(self, authors: Sequence[str]) -> None:
        self.draft = Draft()
        self._authors = tuple(authors)
        self._block_sections: list[Path] = []
        self._sections: list[Path] = [()]
        self._contexts = [_Context()]
        self._begun: list[bool] = []
        self._now = _Gathered()
        self._interrupted: list[_Gathered] = []
        self._notes: list[list[_Note]] = []
        self._counters: list[int | None] = []
        self._counted: dict[str, int] = {}
        self._line = 1

    def over(self, article: etree._Element) -> None:
        """Take in an article with all below it."""
        pending = [(article, False)]
        while pending:
            element, entered = pending.pop()
            if entered:
                self._leave(element)
            else:
                self._find_line(element)
                if self._is_shown(element):
                    pending.append((element, True))
                    self._enter(element)
                    pending.extend((child, False) for child in reversed(shown_forms(element)))
                    continue
                if isinstance(element.tag, str):
                    self._line += sum(str(text).count("\n") for text in element.itertext())
            if element is not article:
                self._text(element.tail or "")
                if is_set_apart(element):
                    self._now.pieces.append(" ")

    def finish(self, entry: CatalogueEntry) -> Reading:
        """Return the reading."""
        reading = self.draft.finish(None, entry)
        blocks = tuple(
            replace(block, section=section[:1] if block.kind == "footnote" else section)
            for block, section in zip(reading.blocks, self._block_sections, strict=True)
        )
        first = next((block for block in blocks if block.kind == "heading" and block.furniture is None), None)
        title = None if first is None else heading_words(reading.text[first.start : first.end])
        return Reading(reading.text, blocks, title, entry)

    def _find_line(self, element: etree._Element) -> None:
        line = cast(int, element.sourceline or 0)
        self._line = max(self._line, line) if line >= _TRUE_LINES else line or self._line

    def _is_shown(self, element: etree._Element) -> bool:
        tag, context = element.tag, self._contexts[-1]
        if not isinstance(tag, str) or (context.is_math and tag in NOT_SHOWN_IN_MATH):
            return False
        return tag not in NOT_SHOWN or (context.in_line and tag in INLINE)

    def _enter(self, element: etree._Element) -> None:
        tag = element.tag
        begins_block = self._begins_block(element)
        outer, context = self._contexts[-1], self._context_in(element, begins_block)
        if context.note == "aside" != outer.note:
            self._interrupted.append(self._now)
            self._now = _Gathered()
        elif begins_block:
            self._flush()
        if tag in ARTICLES:
            self._begin_article()
        if tag in SECTIONS or tag in ARTICLES:
            self._sections.append(self._sections[-1])
        self._contexts.append(context)
        self._begun.append(begins_block)
        if tag == "list":
            self._counters.append(self._first_number(element))
        elif tag == "list-item":
            self._now.number += self._next_number(element)
        elif tag in _CELLS and context.row is not None:
            context.row.cells.append("")
        elif tag == "break" or (tag == "verse-line" and self._now.lines):
            self._now.pieces.append("\n")
        elif tag == "p" and context.in_line:  # a remark on a reference
            self._now.pieces.append(" ")
        elif tag == "pub-id" and next(filter(None, reversed(self._now.pieces)), ":")[-1] not in ":/([\xa0":
            self._now.pieces.append(" ")  # archives put numbers behind the full stop of a reference
        self._text(tex_formula(element.text or "") if tag == "tex-math" else element.text or "")

    def _leave(self, element: etree._Element) -> None:
        tag, context = element.tag, self._contexts[-1]
        if self._begun.pop():
            self._flush()
            if context.is_label:
                self._now.labelled = element.getparent()
            elif self._now.labelled is element:  # nothing came after its label
                self._add_label(context.kind)
        self._contexts.pop()
        outer = self._contexts[-1]
        if context.row is not None and outer.row is None:
            self._add("table row", "\t".join(context.row.cells), context.row.lines)
        if context.note == "aside" != outer.note:
            self._now = self._interrupted.pop()
        if tag == "list":
            self._counted[element.get("id", "")] = self._counters.pop() or 1
        elif tag == "list-item":
            self._now.number = ""
        if tag in ARTICLES:
            self._end_article()
        if tag in SECTIONS or tag in ARTICLES:
            self._sections.pop()

    def _context_in(self, element: etree._Element, begins_block: bool) -> _Context:
        tag, outer = element.tag, self._contexts[-1]
        if not begins_block:
            return replace(outer, in_line=True, is_math=outer.is_math or tag == "math") if tag in IN_LINE else outer
        if tag in _NOTES and outer.note not in ("listed", "aside"):
            return replace(outer, note="listed" if outer.note == "list" else "aside", kind="footnote", row=None)
        if outer.row is not None:
            return outer
        if tag in _ROWS:
            return replace(outer, row=_Row())
        changed: dict[str, Any] = {}
        kind = "heading" if heads_section(element) else KINDS.get(tag, outer.kind)
        if kind != outer.kind:
            changed["kind"] = kind
        if tag in FURNITURE and outer.furniture is None:
            changed["furniture"] = FURNITURE[tag]
        if tag == "disp-quote":
            names = "; ".join(one_line(name).strip("—–- ") for name in element.iter("attrib"))
            changed["attribution"] = Attribution("quoted", names or None)
        elif tag in ("sub-article", "response"):
            changed["attribution"] = self._writer(element)
        elif tag in _LISTS_OF_NOTES and outer.note is None:
            changed["note"] = "list"
        elif tag in ("preformat", "code"):
            changed["keeps_space"] = True
        elif tag in IN_LINE:
            changed["in_line"] = True
        elif tag == "label":
            changed["is_label"] = True
        return replace(outer, **changed) if changed else outer

    def _begins_block(self, element: etree._Element) -> bool:
        """Say whether an element begins a block. What is unknown does: so no two words run into one."""
        tag = element.tag
        if tag in _NOTES:
            return True
        if self._contexts[-1].in_line:
            return False
        parent = element.getparent()
        parent_tag = "" if parent is None else parent.tag
        if tag in ("article-title", "trans-title"):
            return parent_tag in ("title-group", "trans-title-group")
        if tag in CITATIONS:
            return parent_tag in CITED_IN
        if tag == "code":
            return parent_tag != "p" or "\n" in (element.text or "")
        return tag not in INLINE and tag not in ALTERNATIVES

    def _writer(self, article: etree._Element) -> Attribution:
        """Attribute a letter or a reply that stands in the file of an article."""
        front = article.find("front-stub")
        front = article.find("front/article-meta") if front is None else front
        names = () if front is None else tuple(contributors(front))
        if names and names != self._authors:
            return Attribution("quoted", "; ".join(names))
        reviewed = not names and _BY_REVIEWERS.search(article.get("article-type", article.get("response-type", "")))
        return Attribution("quoted") if reviewed else AUTHOR

    def _begin_article(self) -> None:
        self._end_notes()
        self._notes.append([])

    def _end_article(self) -> None:
        self._end_notes()
        self._notes.pop()

    def _end_notes(self) -> None:
        if self._notes:
            notes, self._notes[-1] = self._notes[-1], []
            for note in notes:
                self._draft(note)

    def _flush(self) -> None:
        """End the block that has gathered so far."""
        now, context = self._now, self._contexts[-1]
        text = "".join(now.pieces) if context.keeps_space else collapsed(now.pieces)
        now.pieces = []
        if not text.strip():
            return  # its lines are those of a label, and stay
        lines, now.lines = now.lines, []
        if context.row is not None:
            cells = context.row.cells or [""]
            cells[-1] = in_a_cell(f"{cells[-1]} {text}")
            context.row.cells = cells
            context.row.lines += lines
        elif context.is_label:
            now.label += text.strip() + " "
            now.lines = lines
        else:
            self._add(context.kind, text, lines)

    def _add(self, kind: BlockKind, text: str, lines: Sequence[int]) -> None:
        now, context = self._now, self._contexts[-1]
        if kind == "table row" and now.label:
            self._add_label("caption")
        before = now.number + now.label
        if before and text.strip():
            text = before + text.strip()
            now.number, now.label, now.labelled = "", "", None
        if context.note in ("listed", "aside") and kind in ("paragraph", "list item", "heading"):
            kind = "footnote"
        span = (min(lines, default=self._line), max(lines, default=self._line))
        note = _Note(kind, text, span, context, self._sections[-1])
        if context.note == "aside":
            self._notes[-1].append(note)
        else:
            self._draft(note)

    def _add_label(self, kind: BlockKind) -> None:
        """Make a block of a label that nothing comes after."""
        now = self._now
        label, now.label, now.labelled = now.label, "", None
        lines, now.lines = now.lines, []
        self._add(kind, label, lines)

    def _draft(self, block: _Note) -> None:
        context, section = block.context, block.section
        if block.kind == "heading" and context.furniture is None:
            section = self._sections[-1] = (*self._sections[-2], heading_words(block.text))
        before = len(self.draft.blocks)
        self.draft.add(
            block.kind,
            block.text,
            block.lines,
            attribution=context.attribution,
            level=len(self._sections) if block.kind == "heading" else None,
            furniture=context.furniture,
        )
        if len(self.draft.blocks) > before:
            self._block_sections.append(section)

    def _text(self, text: str) -> None:
        if not text:
            return
        context, now = self._contexts[-1], self._now
        if context.is_math:  # white space between the parts of a formula is none
            self._line += text.count("\n")
            text = text.strip().replace("\n", " ")
            if not text:
                return
        for index, line in enumerate(text.split("\n")):
            if index:
                self._line += 1
                now.pieces.append("\n" if context.keeps_space else " ")
            now.pieces.append(line)
            if line.strip():
                now.lines.append(self._line)

    def _first_number(self, element: etree._Element) -> int | None:
        """Return where a list begins to count, or None where it shows letters or points."""
        if element.get("list-type") != "order":
            return None
        return self._counted.get(element.get("continued-from", ""), 1)

    def _next_number(self, item: etree._Element) -> str:
        """Return the number of a list item that does not state one itself, and count on."""
        if not self._counters or self._counters[-1] is None:
            return ""
        number = self._counters[-1]
        self._counters[-1] = number + 1
        return "" if item.find("label") is not None else f"{number}. "
