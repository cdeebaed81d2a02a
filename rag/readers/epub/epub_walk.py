"""Walk over the pages of an e-book: HTML as XML that marks notes, printed pages and contents."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

from lxml import etree

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import Attribution, BlockKind
from rag.readers.html.html_reader import BLOCKS, Context, Note, Walk, parsed_html
from rag.readers.xml_tree import decoded_xml, one_line, parsed_xml, without_namespaces

_NOTES = {"footnote", "endnote", "rearnote"}
_LISTS_OF_NOTES = {"footnotes", "endnotes", "rearnotes"}
_CONTENTS = {"toc", "toc-brief", "landmarks", "page-list", "pagelist", "loi", "lot", "loa", "lov"}
_ROLES = re.compile(r"\bdoc-([a-z]+)")
_PAGE_NUMBER = re.compile(r"\s*(?:[^\W\d_]{1,10}\.?\s*)?([0-9]{1,6})\s*\.?\s*")
_LONGEST_NUMBER = 20  # characters: what is longer is no page number, whatever its element says

CONTENTS = "the book's table of contents"
COVER = "the book's cover"
PAGE_NUMBER = "the number of a printed page"


def page_tree(data: bytes) -> etree._Element | None:
    """Return the tree of a page, its tags without namespaces; None where there is nothing on it.

    A page that is not well-formed is read as a browser reads HTML, which loses no word of it. Raises
    `UnreadableDocument` when its encoding is not what it says or its elements nest too deep.
    """
    text = decoded_xml(data)
    try:
        root = parsed_xml(text)
    except UnreadableDocument:
        return parsed_html(text.lstrip())
    root = without_namespaces(root)
    if root.tag != "svg":
        return root
    lines = list(root.iter("text"))  # a page that is one picture: its words are lines of text in it
    page = etree.Element("body")
    for line in lines:
        line.tag, line.tail = "p", None
        page.append(line)
    return page


def semantics(element: etree._Element) -> set[str]:
    """Return what an element is said to be, by the vocabulary of EPUB or by its DPUB-ARIA roles, in EPUB's words."""
    kinds = element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type")  # as HTML parsers name it
    roles = element.get("role")
    return {*(kinds or "").split(), *(_ROLES.findall(roles) if roles else ())}


@dataclass(frozen=True, slots=True)
class Mark:
    """The beginning of a named element in the text: the block of that number."""

    block: int
    identifier: str


@dataclass(frozen=True, slots=True)
class _Interrupted:
    """The text of a block before a note in the middle of it."""

    pieces: list[str]
    lines: list[int]
    plain_seen: bool
    number: str
    turned: bool
    page: int | None


@dataclass(frozen=True, slots=True)
class _Note:
    """A block of a note that waits for the end of its page."""

    kind: BlockKind
    text: str
    attribution: Attribution
    page: int | None
    furniture: str | None


class BookWalk(Walk):
    """A walk over one page after another, which knows no lines and may know printed pages.

    A page is a file, mostly a chapter. A note that stands in the middle of its text is taken out and put at its end;
    one in a list of notes stays there, under the list's heading.
    """

    def __init__(self) -> None:
        super().__init__(first_line=1, empty_lines_break=False)
        self.marks: list[Mark] = []
        self.page: int | None = None
        self._chapters: Container[str] = ()
        self._pages: Mapping[str, str] = {}
        self._kinds: set[str] = set()
        self._turned = False
        self._page_before: int | None = None
        self._numbers: list[str] = []
        self._notes: list[_Note] = []
        self._interrupted: list[_Interrupted] = []

    def over_page(
        self,
        root: etree._Element,
        furniture: str | None,
        chapters: Container[str],
        pages: Mapping[str, str],
    ) -> None:
        """Take in a page; `chapters` are ids of elements at which one begins, `pages` page numbers by such ids."""
        self.marks, self._chapters, self._pages = [], chapters, pages
        self._contexts = [Context(furniture=furniture)]
        self.over(root)
        for note in self._notes:
            self.draft.add(
                note.kind, note.text, None, attribution=note.attribution, furniture=note.furniture, page=note.page
            )
        self._notes = []
        self._show_page_numbers()

    def _find_line(self, element: etree._Element) -> None:
        """Know no lines: a book's files have some, and who reads the book sees none."""

    def _is_shown(self, element: etree._Element) -> bool:
        self._kinds = set()
        shown = super()._is_shown(element)
        if not isinstance(element.tag, str) or not element.attrib:
            return shown
        self._kinds = semantics(element)
        identifier = element.get("id")
        if identifier and identifier in self._chapters and self._contexts[-1].note != "aside":
            inside = self._in_a_block() and self._contexts[-1].kind != "heading"
            self.marks.append(Mark(len(self.draft.blocks) + inside, identifier))
        if identifier and identifier in self._pages:
            self._turn(self._pages[identifier])
        if "pagebreak" not in self._kinds:
            return shown
        words = one_line(element) if shown else ""  # style sheets hide most of them
        if element.tag in BLOCKS:
            self._flush()
        self._turn(element.get("title") or element.get("aria-label") or words)
        if len(words) > _LONGEST_NUMBER:
            return shown
        if words:
            self._numbers.append(words)
            if not self._in_a_block():
                self._show_page_numbers()
        return False

    def _turn(self, label: str) -> None:
        if not self._turned and self._in_a_block():  # a paragraph is on the page that it begins on
            self._turned, self._page_before = True, self.page
        number = _PAGE_NUMBER.fullmatch(label)
        self.page = int(number[1]) if number else None  # page xii has a number that is no figure

    def _in_a_block(self) -> bool:
        row = self._contexts[-1].row
        return bool(self._lines or (row is not None and row.lines))  # which only text that is not blank has

    def _show_page_numbers(self) -> None:
        numbers, self._numbers = self._numbers, []
        for number in numbers:
            self.draft.add("paragraph", number, None, furniture=PAGE_NUMBER, page=self.page)

    def _enter(self, element: etree._Element) -> None:
        if self._note_at(element) == "aside" and self._contexts[-1].note != "aside":
            self._interrupted.append(
                _Interrupted(self._pieces, self._lines, self._plain_seen, self._number, self._turned, self._page_before)
            )
            self._pieces, self._lines, self._plain_seen, self._number, self._turned = [], [], False, "", False
        super()._enter(element)

    def _leave(self, element: etree._Element) -> None:
        ends_aside = self._contexts[-1].note == "aside" and self._contexts[-2].note != "aside"
        if ends_aside:
            self._flush()
        super()._leave(element)
        if ends_aside:
            before = self._interrupted.pop()
            self._pieces, self._lines, self._plain_seen = before.pieces, before.lines, before.plain_seen
            self._number, self._turned, self._page_before = before.number, before.turned, before.page

    def _context_in(self, element: etree._Element) -> Context:
        outer = self._contexts[-1]
        context = super()._context_in(element)
        if not self._kinds:
            return context
        note = self._note_at(element)
        if note in ("listed", "aside") and note != outer.note:
            return replace(
                context, note=note, kind="footnote", level=None, row=None if note == "aside" else context.row
            )
        if self._kinds & _CONTENTS:
            return replace(context, furniture=context.furniture or CONTENTS)
        if "cover" in self._kinds:
            return replace(context, furniture=context.furniture or COVER)
        return replace(context, note=note)

    def _note_at(self, element: etree._Element) -> Note | None:
        outer = self._contexts[-1].note
        if self._kinds & _NOTES and outer not in ("listed", "aside"):
            return "listed" if outer == "list" else "aside"
        return "list" if outer is None and self._kinds & _LISTS_OF_NOTES else outer

    def _add(self, kind: BlockKind, text: str, lines: list[int], level: int | None = None) -> None:
        context = self._contexts[-1]
        page = self._page_before if self._turned else self.page
        self._turned = False
        text = self._numbered(text)
        if context.note in ("listed", "aside") and kind in ("paragraph", "list item", "heading"):
            kind, level = "footnote", None
        if context.note == "aside":
            self._notes.append(_Note(kind, text, context.attribution, page, context.furniture))
        else:
            self.draft.add(
                kind,
                text,
                None,
                attribution=context.attribution,
                level=level,
                furniture=context.furniture,
                page=page,
            )
        self._show_page_numbers()
