"""Read Markdown: the text of the rendered page, block by block, with the source's lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import AUTHOR, Attribution, BlockKind
from rag.readers.html.html_reader import html_blocks
from rag.readers.reading import Draft, Reading, SourceText, in_a_cell, promote_pseudo_headings, quotation_source

_DEEPEST = 100  # open containers, a list counting twice; at the limit markdown-it drops the text in silence
_TOO_DEEP = "Its lists or quotations nest too deeply to be read whole."
_QUOTATION_TAG = re.compile(r"<(/?)blockquote\b", re.IGNORECASE)


def read_markdown(source: SourceText) -> Reading:
    """Read CommonMark with tables and footnotes; a line end inside a paragraph is a space, as on the page.

    Footnotes stay where the source has them, also those that nothing refers to. Raises `UnreadableDocument` when
    lists and quotations nest too deeply to be read whole.
    """
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable("table")
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    try:
        tokens = parser.parse(source.text)
    except RecursionError as error:
        raise UnreadableDocument(_TOO_DEEP, "Mend it.") from error
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        raise UnreadableDocument(_TOO_DEEP, "Mend it.")
    return _Walk(source.first_line).run(tokens)


class _Walk:
    """One pass over the block tokens: what is open decides what an inline run is."""

    def __init__(self, first_line: int) -> None:
        self.draft = Draft()
        self.first_line = first_line
        self.lines = (first_line, first_line)
        self.attributions: list[Attribution] = [AUTHOR]
        self.items = 0
        self.counters: list[int | None] = []
        self.mark = ""
        self.cells: list[str] | None = None
        self.in_footnote = False
        self.level: int | None = None
        self.title: str | None = None
        self.last_link: tuple[str, str] | None = None
        self.bold: list[int] = []

    def run(self, tokens: Sequence[Token]) -> Reading:
        """Take in all tokens and return the reading."""
        for token in tokens:
            if token.map:
                start, end = token.map
                self.lines = (self.first_line + start, self.first_line + max(start, end - 1))
            handler = getattr(self, f"_on_{token.type}", None)
            if handler is not None:
                handler(token)
        self.draft.blocks = promote_pseudo_headings(self.draft.text, self.draft.blocks, self.bold)
        return self.draft.finish(self.title)

    def _on_heading_open(self, token: Token) -> None:
        self.level = int(token.tag[1])

    def _on_heading_close(self, token: Token) -> None:
        self.level = None

    def _on_blockquote_open(self, token: Token) -> None:
        url = quotation_source(self.draft.last_text, self.last_link)
        self.attributions.append(Attribution("quoted", None, url))

    def _on_blockquote_close(self, token: Token) -> None:
        self.attributions.pop()

    def _on_bullet_list_open(self, token: Token) -> None:
        self.counters.append(None)

    def _on_ordered_list_open(self, token: Token) -> None:
        start = token.attrGet("start")
        self.counters.append(1 if start is None else int(start))

    def _on_bullet_list_close(self, token: Token) -> None:
        self.counters.pop()

    _on_ordered_list_close = _on_bullet_list_close

    def _on_list_item_open(self, token: Token) -> None:
        self.items += 1
        number = self.counters[-1]
        if number is not None:
            self.mark += f"{number}. "
            self.counters[-1] = number + 1

    def _on_list_item_close(self, token: Token) -> None:
        self.items -= 1
        self.mark = ""

    def _on_tr_open(self, token: Token) -> None:
        self.cells = []

    def _on_tr_close(self, token: Token) -> None:
        cells, self.cells = self.cells or [], None
        self._add("table row", "\t".join(cells))

    def _on_footnote_reference_open(self, token: Token) -> None:
        self.in_footnote = True
        self.mark = f"[{_footnote_label(token)}] "

    def _on_footnote_reference_close(self, token: Token) -> None:
        self.in_footnote = False
        self.mark = ""

    def _on_fence(self, token: Token) -> None:
        first, last = self.lines
        blank = len(token.content) - len(token.content.lstrip())
        above = token.content.count("\n", 0, blank) + (token.type == "fence")  # blank lines, and the fence itself
        start = min(first + above, last)
        self.lines = (start, max(start, last - (token.type == "fence")))
        self._add("code", token.content)

    _on_code_block = _on_fence

    def _on_html_block(self, token: Token) -> None:
        """Take in raw HTML. A quotation that it opens or closes rules over the Markdown between, too."""
        url = quotation_source(self.draft.last_text, self.last_link)
        for block, text in html_blocks(token.content, self.lines[0]):
            self.lines = block.lines or self.lines
            attribution = self.attributions[-1]
            if block.attribution.kind == "quoted":
                attribution = replace(block.attribution, url=block.attribution.url or url)
            else:
                url = None  # it is not a quotation that stands right below the link
            self._add(block.kind, text, level=block.level, attribution=attribution)
        for tag in _QUOTATION_TAG.finditer(token.content):
            if not tag[1]:
                self.attributions.append(Attribution("quoted", None, url))
            elif len(self.attributions) > 1:
                self.attributions.pop()

    def _on_inline(self, token: Token) -> None:
        children = token.children or []
        text, link = _inline(children)
        if self.cells is not None:
            self.cells.append(in_a_cell(text))
            return
        if self.level is not None:
            if self.level == 1 and self.title is None:
                self.title = " ".join(text.split()) or None
            self._add("heading", text, level=self.level)
        else:
            if not self.items and not self.in_footnote and _is_bold_only(children):
                self.bold.append(len(self.draft.blocks))
            self._add("paragraph", text)
        self.last_link = link

    def _add(
        self, kind: BlockKind, text: str, *, level: int | None = None, attribution: Attribution | None = None
    ) -> None:
        """Append a block; what is open makes a paragraph a list item, a footnote or a quotation."""
        attribution = attribution or self.attributions[-1]
        if kind == "paragraph" and self.in_footnote:
            kind = "footnote"
        elif kind == "paragraph" and self.items:
            kind = "list item"
        elif kind == "paragraph" and attribution.kind == "quoted":
            kind = "quotation"
        self.last_link = None
        if not text.strip():
            return
        text, self.mark = (self.mark + text.lstrip() if self.mark else text), ""
        self.draft.add(kind, text, self.lines, attribution=attribution, level=level)


def _inline(children: Sequence[Token]) -> tuple[str, tuple[str, str] | None]:
    """Return the visible text of an inline run, and its last link as (text, target)."""
    pieces: list[str] = []
    link: tuple[str, str] | None = None
    link_start, target = 0, ""
    hidden = False
    for child in children:
        if child.type in ("text", "code_inline", "text_special"):
            if not hidden:
                pieces.append(child.content)
        elif child.type == "softbreak":
            pieces.append(" ")
        elif child.type == "hardbreak":
            pieces.append("\n")
        elif child.type == "footnote_ref":
            pieces.append(f"[{_footnote_label(child)}]")
        elif child.type == "html_inline":
            tag = child.content.lower()
            if tag.startswith(("<script", "<style")):
                hidden = True
            elif tag.startswith(("</script", "</style")):
                hidden = False
            elif tag.startswith("<br"):
                pieces.append("\n")
        elif child.type == "link_open":
            link_start, target = len(pieces), str(child.attrGet("href") or "")
        elif child.type == "link_close":
            link = ("".join(pieces[link_start:]), target)
    return "".join(pieces), link


def _footnote_label(token: Token) -> str:
    meta = token.meta or {}
    return str(meta.get("label") or int(meta.get("id", 0)) + 1)


def _is_bold_only(children: Sequence[Token]) -> bool:
    """Say whether a paragraph is one bold run and nothing else."""
    shown = [child for child in children if child.type != "text" or child.content.strip()]
    return (
        len(shown) >= 3
        and shown[0].type == "strong_open"
        and shown[-1].type == "strong_close"
        and sum(child.type == "strong_open" for child in shown) == 1
    )
