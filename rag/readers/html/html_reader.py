"""Read HTML, whole pages and fragments of exports: every visible word, in order, under its headings.

White space is collapsed as a browser does; entities are decoded. Of a whole page, what is not its article is marked as
furniture (`web_page.py`) and its markup is asked what it states of itself (`page_metadata.py`); a fragment is all
article. There an empty line in running text is a paragraph break, because the blog made it one when it showed the post.
An image's `alt` is not text of the page: it is seen only where the image is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import html as lxml_html
from lxml.etree import ParserError

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import AUTHOR, Attribution, BlockKind, CatalogueEntry
from rag.readers.html.article import Origin
from rag.readers.html.page_metadata import stated_entry
from rag.readers.html.web_page import furniture_marked
from rag.readers.reading import (
    Draft,
    DraftBlock,
    Reading,
    SourceText,
    in_a_cell,
    promote_pseudo_headings,
    quotation_source,
)

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = set(
    "script style template noscript noframes noembed head title iframe object audio video canvas svg select"
    " textarea datalist annotation annotation-xml".split()
)
BLOCKS = {
    *"address article aside body center dd details dialog div dl dt fieldset figcaption figure footer form".split(),
    *"header hr html legend li main nav ol p pre section summary table caption tbody thead tfoot tr td th ul".split(),
    *"blockquote plaintext xmp listing".split(),
    *_HEADINGS,
}
_KINDS: dict[str, BlockKind] = {
    "li": "list item",
    "dd": "list item",
    "caption": "caption",
    "figcaption": "caption",
    "pre": "code",
    "xmp": "code",
    "listing": "code",
    "plaintext": "code",
    "blockquote": "quotation",
    **dict.fromkeys(_HEADINGS, "heading"),
}
# A row that holds one of these lays out a page; its cells are no record to be kept on one line.
_LAYOUT = ("table", "blockquote", "pre", *_HEADINGS)
_COLLAPSIBLE = re.compile("[ \t\r\f]{2,}|[\t\r\f]")  # a single space, as most are, is no match
_AROUND_BREAKS = re.compile(" ?\n ?")
_EMPTY_LINE = re.compile(r"\n[ \t\r\f]*\n")
_WHOLE_PAGE = re.compile(r"<!doctype html|<(?:html|body)[\s>]", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNMARKED_LIST = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,9}\s*")
_TRUE_LINES = 65_535  # libxml2 knows no greater line number


def read_html(source: SourceText) -> Reading:
    """Read a page or a fragment; of a page, also tell its article from its furniture and read what its head states.

    Raises `UnreadableDocument` when no word is visible or elements nest too deep.
    """
    is_page = bool(_WHOLE_PAGE.search(source.text[:10_000]))
    root, first_line = _parsed(source.text, source.first_line)
    walk = Walk(first_line, empty_lines_break=not is_page)
    walk.over(root)
    if not walk.draft.blocks:
        raise UnreadableDocument("No word of this HTML is visible.", "Look at it in a browser; remove it if empty.")
    walk.draft.blocks = promote_pseudo_headings(walk.draft.text, walk.draft.blocks, walk.bold)
    title = " ".join((root.findtext("head/title") or "").split())
    entry = CatalogueEntry()
    if is_page:
        entry = stated_entry(root)
        walk.draft.blocks = furniture_marked(root, walk.draft.text, walk.draft.blocks, walk.origins)
    return walk.draft.finish(title or walk.first_heading, entry)


def html_blocks(markup: str, first_line: int) -> list[tuple[DraftBlock, str]]:
    """Return the blocks of a piece of HTML that stands in another format, each with its text."""
    root, first_line = _parsed(markup, first_line)
    walk = Walk(first_line, empty_lines_break=False)
    walk.over(root)
    text = walk.draft.text
    return [(block, text[block.start : block.end]) for block in walk.draft.blocks]


def parsed_html(markup: str) -> lxml_html.HtmlElement | None:
    """Return the tree of a piece of HTML, None where there is no element and no text in it.

    Raises `UnreadableDocument` when elements nest too deep for all of the text to be in the tree.
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    # Control characters are not visible, and U+0000 would end the text for libxml2.
    safe = re.sub(r"[\x00-\x08\x0b\x0e-\x1f]", "", markup)
    try:
        root = lxml_html.document_fromstring(safe.encode("utf-8"), parser=parser)
    except ParserError:  # no element and no text
        return None
    if any(error.level_name == "FATAL" for error in parser.error_log):  # the rest of the text would be missing
        raise UnreadableDocument("Its HTML nests elements too deeply to be read whole.", "Mend it, or save it as text.")
    return root


def _parsed(markup: str, first_line: int) -> tuple[lxml_html.HtmlElement, int]:
    """Return the tree of a piece of HTML, and the line on which it begins."""
    body = markup.lstrip()  # libxml2 drops leading white space, and its line numbers would not tell
    first_line += markup.count("\n", 0, len(markup) - len(body))
    root = parsed_html(body)
    return (lxml_html.Element("html") if root is None else root), first_line


Note = Literal["list", "listed", "aside"]
"""Notes to the text: a list of them, one in such a list, one that stands in the middle of the text."""


@dataclass(frozen=True, slots=True)
class Context:
    """The state that the open elements give to the text inside them."""

    kind: BlockKind = "paragraph"
    level: int | None = None
    attribution: Attribution = AUTHOR
    keeps_space: bool = False
    bold: bool = False
    row: _Row | None = None
    furniture: str | None = None
    note: Note | None = None


@dataclass(slots=True)
class _Row:
    """A table row that gathers: one text a cell."""

    cells: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    origin: Origin = field(default_factory=Origin)


class Walk:
    """Depth-first over the elements, without recursion: inline text gathers until a block begins or ends.

    One walk may go over several pages, one after the other. A format that holds HTML and says more of an element
    overrides what begins at it (`_enter`), what it says of its text (`_context_in`) and how a block is added (`_add`).
    """

    def __init__(self, first_line: int, empty_lines_break: bool) -> None:
        self.draft = Draft()
        self.origins: list[Origin] = []
        """Of each block of the draft."""
        self.bold: list[int] = []
        self.first_heading: str | None = None
        self._offset = first_line - 1
        self._line = 1
        self._breaks = empty_lines_break
        self._contexts = [Context()]
        self._pieces: list[str] = []
        self._lines: list[int] = []
        self._origin = Origin()
        self._place: tuple[lxml_html.HtmlElement, bool]
        self._plain_seen = False
        self._counters: list[int | None] = []
        self._number = ""
        self._link_starts: list[int] = []
        self._link: tuple[str, str] | None = None
        self._last_link: tuple[str, str] | None = None

    def over(self, root: lxml_html.HtmlElement) -> None:
        """Take in an element with all below it."""
        pending = [(root, False)]
        while pending:
            element, entered = pending.pop()
            if entered:
                self._leave(element)
            else:
                self._find_line(element)
                if self._is_shown(element):
                    pending.append((element, True))
                    self._enter(element)
                    pending.extend((child, False) for child in reversed(element))
                    continue
                if isinstance(element.tag, str):
                    self._line += sum(text.count("\n") for text in element.itertext())
            if element is not root:
                self._text(element, tail=True)
        self._flush()

    def _find_line(self, element: lxml_html.HtmlElement) -> None:
        line = element.sourceline or 0
        self._line = max(self._line, line) if line >= _TRUE_LINES else line or self._line

    def _enter(self, element: lxml_html.HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._flush()
        if tag == "br":
            self._break()
        elif tag in ("ul", "ol"):
            self._counters.append(_first_number(element) if tag == "ol" else None)
        elif tag == "li":
            self._number += self._next_number(element)
        elif tag == "a":
            self._link_starts.append(len(self._pieces))
        self._contexts.append(self._context_in(element))
        row = self._contexts[-1].row
        if row is not None and tag in ("td", "th"):
            row.cells.append("")
        self._text(element)

    def _leave(self, element: lxml_html.HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._flush()
        context = self._contexts.pop()
        if tag == "tr" and context.row is not None and self._contexts[-1].row is None:
            row = context.row
            self._take_in("table row", "\t".join(row.cells), row.lines or [self._line], row.origin)
            self._last_link = None
        elif tag in ("ul", "ol"):
            self._counters.pop()
        elif tag == "li":
            self._number = ""
        elif tag == "a":
            pieces, target = self._pieces[self._link_starts.pop() :], element.get("href")
            if target:  # the words of other links are never asked for
                is_elsewhere = target.lower().startswith(("https://", "http://"))
                self._link = (collapsed(pieces).strip() if is_elsewhere else "", target)

    def _context_in(self, element: lxml_html.HtmlElement) -> Context:
        tag, outer = element.tag, self._contexts[-1]
        if tag in ("b", "strong"):
            return replace(outer, bold=True)
        if tag == "tr" and outer.row is None and next(element.iterdescendants(*_LAYOUT), None) is None:
            return replace(outer, row=_Row())
        if tag not in _KINDS:
            return outer
        kind = _KINDS[tag]
        return replace(
            outer,
            kind=kind,
            level=_HEADINGS.get(tag),
            keeps_space=outer.keeps_space or kind == "code",
            attribution=self._quoted(element) if tag == "blockquote" else outer.attribution,
        )

    def _flush(self) -> None:
        """End the block that has gathered so far."""
        pieces, lines, self._pieces, self._lines = self._pieces, self._lines, [], []
        origin, self._origin = self._origin, Origin()
        bold_only, self._plain_seen = not self._plain_seen, False
        link, self._link = self._link, None
        context = self._contexts[-1]
        text = "".join(pieces) if context.keeps_space else collapsed(pieces)
        if not text.strip():
            return
        if context.row is not None:
            cells = context.row.cells or [""]
            cells[-1] = in_a_cell(f"{cells[-1]} {text}")
            context.row.cells = cells
            context.row.lines += lines
            context.row.origin.take(origin)
            return
        if context.kind == "heading" and context.furniture is None and self.first_heading is None:
            self.first_heading = " ".join(text.split())
        before = len(self.draft.blocks)
        self._take_in(context.kind, text, lines, origin, context.level)
        if len(self.draft.blocks) > before:
            self._last_link = link
            if context.kind in ("paragraph", "quotation") and bold_only and context.furniture is None:
                self.bold.append(before)

    def _take_in(self, kind: BlockKind, text: str, lines: list[int], origin: Origin, level: int | None = None) -> None:
        """Add a block, and keep which elements it came from."""
        before = len(self.draft.blocks)
        self._add(kind, text, lines, level)
        self.origins += [origin] * (len(self.draft.blocks) - before)

    def _add(self, kind: BlockKind, text: str, lines: list[int], level: int | None = None) -> None:
        span = (min(lines) + self._offset, max(lines) + self._offset)
        self.draft.add(kind, self._numbered(text), span, attribution=self._contexts[-1].attribution, level=level)

    def _numbered(self, text: str) -> str:
        """Put the number of a list item before the first text in it."""
        if self._number and text.strip():
            text, self._number = self._number + text.strip(), ""
        return text

    def _break(self) -> None:
        """Take in a `<br>`: a line end, and the second one running ends the paragraph."""
        context = self._contexts[-1]
        running = False
        for piece in reversed(self._pieces):
            if not piece.isspace():
                break
            running = running or piece == "\n"
        if running and not context.keeps_space and context.kind != "heading" and context.row is None:
            self._flush()
        else:
            self._pieces.append("\n")

    def _text(self, element: lxml_html.HtmlElement, *, tail: bool = False) -> None:
        """Take in an element's text, or its tail."""
        text = element.tail if tail else element.text
        if not text:
            return
        self._place = (element, tail)
        context = self._contexts[-1]
        if not self._breaks or context.keeps_space:
            self._gather(text)
            return
        position = 0
        for gap in _EMPTY_LINE.finditer(text):
            self._gather(text[position : gap.start()])
            if context.kind == "heading" or context.row is not None:
                self._pieces.append(" ")
            else:
                self._flush()
            self._line += gap[0].count("\n")
            position = gap.end()
        self._gather(text[position:])

    def _gather(self, text: str) -> None:
        context = self._contexts[-1]
        if not context.keeps_space and _COLLAPSIBLE.fullmatch(text):
            self._line += text.count("\n")
            self._pieces.append(" ")
            return
        if text.strip():
            self._origin.add(*self._place, len(text.strip()), bool(self._link_starts))
        for index, line in enumerate(text.split("\n")):
            if index:
                self._line += 1
                self._pieces.append("\n" if context.keeps_space else " ")
            if line:
                self._pieces.append(line)
            if line.strip():
                self._lines.append(self._line)
                self._plain_seen = self._plain_seen or not context.bold

    def _next_number(self, item: lxml_html.HtmlElement) -> str:
        """Return the number that a browser shows before a list item, and count on."""
        if not self._counters or self._counters[-1] is None:
            return ""
        number = _integer(item.get("value"), self._counters[-1])
        self._counters[-1] = number + 1
        return f"{number}. "

    def _quoted(self, element: lxml_html.HtmlElement) -> Attribution:
        """Attribute a block quotation to its own `cite`, else to the address in the paragraph above it."""
        cited = element.get("cite") or ""
        name = " ".join(" ".join("".join(cite.itertext()) for cite in element.iter("cite")).split()) or None
        if cited.lower().startswith(("https://", "http://")):
            return Attribution("quoted", name, cited)
        return Attribution("quoted", name, quotation_source(self.draft.last_text, self._last_link))

    def _is_shown(self, element: lxml_html.HtmlElement) -> bool:
        if not isinstance(element.tag, str) or element.tag in _HIDDEN:  # what is no string is a comment
            return False
        stated = element.attrib  # most have none
        if not stated:
            return element.tag != "dialog"
        return (
            "hidden" not in stated
            and (element.tag != "dialog" or "open" in stated)
            and not _NOT_SHOWN.search(stated.get("style") or "")
        )


def collapsed(pieces: list[str]) -> str:
    """Collapse white space as HTML does. A line end among the pieces is a `<br>` and stays one."""
    text = _COLLAPSIBLE.sub(" ", "".join(pieces))
    return _AROUND_BREAKS.sub("\n", text) if "\n" in text else text


def _first_number(element: lxml_html.HtmlElement) -> int | None:
    """Return where an ordered list begins to count, or None when it shows letters, counts down or hides its marks."""
    if element.get("type", "1") != "1" or "reversed" in element.attrib:
        return None
    return None if _UNMARKED_LIST.search(element.get("style") or "") else _integer(element.get("start"), 1)


def _integer(value: str | None, default: int) -> int:
    return int(value) if value and _NUMBER.fullmatch(value) else default
