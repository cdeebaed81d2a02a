"""HTML, whole pages and fragments of exports: every visible word, in order, under its headings.

White space is collapsed as a browser does; entities are decoded; nothing is judged to be "the main content".
In a fragment, as blog exports have them, an empty line in running text is a paragraph break, because the
blog made it one when it showed the post.
"""

from __future__ import annotations

import re

from lxml import html as lxml_html
from lxml.etree import ParserError

from rag.errors import UnreadableDocument
from rag.readers.reading import Draft, Reading, SourceText, promote_pseudo_headings
from rag.types import AUTHOR, Attribution, BlockKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = {
    "script",
    "style",
    "template",
    "noscript",
    "head",
    "title",
    "iframe",
    "object",
    "svg",
    "select",
    "textarea",
}
_BLOCKS = {
    "address", "article", "aside", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p",
    "pre", "section", "summary", "table", "caption", "tbody", "thead", "tfoot", "tr", "td", "th", "ul",
    "blockquote", *_HEADINGS,
}  # fmt: skip
_KINDS: dict[str, BlockKind] = {
    "li": "list item",
    "dd": "list item",
    "caption": "caption",
    "figcaption": "caption",
}
_COLLAPSIBLE = " \t\n\r\f"
_EMPTY_LINE = re.compile(r"\n[ \t\r\f]*\n")
_WHOLE_PAGE = re.compile(r"<!doctype html|<(?:html|body)[\s>]", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def read_html(source: SourceText) -> Reading:
    """Read a page or a fragment. Raises `UnreadableDocument` when no word of it is visible."""
    fragment = not _WHOLE_PAGE.search(source.text[:10_000])
    walk = _Walk(source.first_line, empty_lines_break=fragment)
    root = _parsed(source.text)
    if root is not None:
        walk.element(root)
        walk.flush()
    if not walk.draft.blocks:
        raise UnreadableDocument("No word of this HTML is visible.", "Look at it in a browser; remove it if empty.")
    walk.draft.blocks = promote_pseudo_headings(walk.draft.blocks, walk.bold)
    title = root.findtext(".//title") if root is not None else None
    return walk.draft.finish(" ".join((title or "").split()) or walk.first_heading)


def visible_text(markup: str) -> str:
    """Return the visible words of a piece of HTML, its blocks apart by line ends."""
    root = _parsed(markup)
    if root is None:
        return ""
    walk = _Walk(1, empty_lines_break=False)
    walk.element(root)
    walk.flush()
    return "\n".join(walk.draft.text[block.start : block.end] for block in walk.draft.blocks)


def quotation_source(lead_in: str, link: tuple[str, str] | None) -> str | None:
    """Return the address that the paragraph above a quotation names as where it is from, if it does.

    It does when its last words are the link, or when it ends in a colon and holds one.
    """
    if link is None or not link[1].lower().startswith(("https://", "http://")):
        return None
    text, target = link
    end = lead_in.rstrip()
    return target if end.endswith(":") or end.rstrip(".:)] ").endswith(text.strip()) else None


def _parsed(markup: str) -> lxml_html.HtmlElement | None:
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        # Control characters would end libxml2's reading of the text; they are not visible anyway.
        safe = re.sub(r"[\x00-\x08\x0b\x0e-\x1f]", "", markup)
        return lxml_html.document_fromstring(safe.encode("utf-8"), parser=parser)
    except ParserError:
        return None


class _Walk:
    """Depth-first over the elements: inline text gathers until a block begins or ends."""

    def __init__(self, first_line: int, empty_lines_break: bool) -> None:
        self.draft = Draft()
        self.bold: list[int] = []
        self.first_heading: str | None = None
        self._offset = first_line - 1
        self._line = 1
        self._breaks = empty_lines_break
        self._pieces: list[str] = []
        self._lines: list[int] = []
        self._bold_depth = 0
        self._plain_seen = False
        self._kind: list[tuple[BlockKind, int | None]] = [("paragraph", None)]
        self._attributions: list[Attribution] = [AUTHOR]
        self._counters: list[int | None] = []
        self._prefix = ""
        self._cells: list[str] | None = None
        self._pre = False
        self._link: tuple[str, str] | None = None
        self._last_link: tuple[str, str] | None = None

    def element(self, element: lxml_html.HtmlElement) -> None:
        """Take in an element with all below it, without its tail."""
        tag = element.tag
        if not isinstance(tag, str) or self._is_hidden(element, tag):
            return
        self._line = max(self._line, element.sourceline or 1)
        if tag == "br":
            self._pieces.append("\n")
        elif tag == "tr":
            self._row(element)
        elif tag in _BLOCKS:
            self.flush()
            self._block(element, tag)
            self.flush()
        else:
            self._inline(element, tag)

    def flush(self) -> None:
        """End the block that has gathered so far."""
        pieces, lines, self._pieces, self._lines = self._pieces, self._lines, [], []
        bold_only, self._plain_seen = not self._plain_seen, False
        link, self._link = self._link, None
        text = "".join(pieces) if self._pre else _collapsed(pieces)
        if not text.strip():
            return
        if self._cells is not None:
            self._cells.append(" ".join(text.split()))
            return
        kind, level = self._kind[-1]
        if kind == "heading" and self.first_heading is None:
            self.first_heading = " ".join(text.split())
        quoted = self._attributions[-1].kind == "quoted"
        if kind == "paragraph" and bold_only:
            self.bold.append(len(self.draft.blocks))
        if kind == "paragraph" and quoted:
            kind = "quotation"
        prefix, self._prefix = self._prefix, ""
        self._last_link = link
        self._add(kind, prefix + text.strip(), (min(lines), max(lines)), level)

    def _add(self, kind: BlockKind, text: str, lines: tuple[int, int], level: int | None = None) -> None:
        span = (lines[0] + self._offset, lines[1] + self._offset)
        self.draft.add(kind, text, span, attribution=self._attributions[-1], level=level)

    def _children(self, element: lxml_html.HtmlElement) -> None:
        self._text(element.text or "")
        for child in element:
            self.element(child)
            self._text(child.tail or "")

    def _block(self, element: lxml_html.HtmlElement, tag: str) -> None:
        if tag in _HEADINGS:
            self._kind.append(("heading", _HEADINGS[tag]))
        elif tag == "pre":
            self._kind.append(("code", None))
        else:
            self._kind.append((_KINDS.get(tag, self._kind[-1][0]), None))
        if tag == "blockquote":
            self._attributions.append(self._quoted(element))
        if tag in ("ul", "ol"):
            self._counters.append(_int(element.get("start")) if tag == "ol" else None)
        if tag == "li" and self._counters and self._counters[-1] is not None:
            self._prefix = f"{self._counters[-1]}. "
            self._counters[-1] += 1
        outer_pre, self._pre = self._pre, self._pre or tag == "pre"
        self._children(element)
        self.flush()
        self._pre = outer_pre
        if tag == "li":
            self._prefix = ""
        if tag in ("ul", "ol"):
            self._counters.pop()
        if tag == "blockquote":
            self._attributions.pop()
        self._kind.pop()

    def _row(self, row: lxml_html.HtmlElement) -> None:
        """Gather a table row's cells; a table inside a cell is taken as that cell's text."""
        if self._cells is not None:
            self._children(row)
            return
        self.flush()
        first = self._line
        cells: list[str] = []
        for cell in row:
            if cell.tag in ("td", "th") and not self._is_hidden(cell, cell.tag):
                self._cells = []
                self._line = max(self._line, cell.sourceline or 1)
                self._children(cell)
                self.flush()
                cells.append(" ".join(self._cells))
        self._cells = None
        self._add("table row", "\t".join(cells), (first, self._line))

    def _inline(self, element: lxml_html.HtmlElement, tag: str) -> None:
        is_bold = tag in ("b", "strong")
        self._bold_depth += is_bold
        start = len(self._pieces)
        self._children(element)
        self._bold_depth -= is_bold
        target = element.get("href") if tag == "a" else None
        if target:
            self._link = (_collapsed(self._pieces[start:]).strip(), target)

    def _text(self, text: str) -> None:
        if not text:
            return
        if self._pre:
            self._gather(text)
            return
        position = 0
        for gap in _EMPTY_LINE.finditer(text) if self._breaks else ():
            self._gather(text[position : gap.start()])
            if self._kind[-1][0] == "heading" or self._cells is not None:
                self._pieces.append(" ")
            else:
                self.flush()
            self._line += gap[0].count("\n")
            position = gap.end()
        self._gather(text[position:])

    def _gather(self, text: str) -> None:
        for index, line in enumerate(text.split("\n")):
            if index:
                self._line += 1
                self._pieces.append("\n" if self._pre else " ")
            if line:
                self._pieces.append(line if self._pre else re.sub(f"[{_COLLAPSIBLE}]+", " ", line))
            if line.strip():
                self._lines.append(self._line)
                if not self._bold_depth:
                    self._plain_seen = True

    def _quoted(self, element: lxml_html.HtmlElement) -> Attribution:
        """Whose words a block quotation is: its own `cite`, else the address in the paragraph above it."""
        cited = element.get("cite") or ""
        name = " ".join(" ".join(cite.text_content() for cite in element.iter("cite")).split()) or None
        if cited.lower().startswith(("https://", "http://")):
            return Attribution("quoted", name, cited)
        previous = self.draft.blocks[-1] if self.draft.blocks else None
        lead_in = self.draft.text[previous.start : previous.end] if previous else ""
        return Attribution("quoted", name, quotation_source(lead_in, self._last_link))

    @staticmethod
    def _is_hidden(element: lxml_html.HtmlElement, tag: str) -> bool:
        return tag in _HIDDEN or "hidden" in element.attrib or bool(_NOT_SHOWN.search(element.get("style") or ""))


def _collapsed(pieces: list[str]) -> str:
    """Collapse white space as HTML does. A line end among the pieces is a `<br>` and stays one."""
    text = re.sub("[ \t\r\f]+", " ", "".join(pieces))
    return re.sub(" ?\n ?", "\n", text)


def _int(value: str | None) -> int:
    return int(value) if value and value.strip().lstrip("-").isdigit() else 1
