"""Markdown: the text that a reader of the rendered page sees, block by block, with the source's lines."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from rag.readers.html import quotation_source, visible_text
from rag.readers.reading import Draft, Reading, SourceText, promote_pseudo_headings
from rag.types import AUTHOR, Attribution, BlockKind


def read_markdown(source: SourceText) -> Reading:
    """Read CommonMark with tables and footnotes; a line end inside a paragraph is a space, as on the page."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").use(footnote_plugin).parse(source.text)
    return _Walk(source.first_line).run(tokens)


class _Walk:
    """One pass over the block tokens: what is open decides what an inline run is."""

    def __init__(self, first_line: int) -> None:
        self.draft = Draft()
        self.first_line = first_line
        self.lines = (first_line, first_line)
        self.attributions: list[Attribution] = [AUTHOR]
        self.items: list[str] = []
        self.counters: list[int | None] = []
        self.cells: list[str] | None = None
        self.footnote = ""
        self.level: int | None = None
        self.title: str | None = None
        self.last_link: tuple[str, str] | None = None
        self.bold: list[int] = []

    def run(self, tokens: Sequence[Token]) -> Reading:
        for token in tokens:
            if token.map:
                start, end = token.map
                self.lines = (self.first_line + start, self.first_line + max(start, end - 1))
            handler = getattr(self, f"_on_{token.type}", None)
            if handler is not None:
                handler(token)
        self.draft.blocks = promote_pseudo_headings(self.draft.blocks, self.bold)
        return self.draft.finish(self.title)

    def _on_heading_open(self, token: Token) -> None:
        self.level = int(token.tag[1])

    def _on_heading_close(self, token: Token) -> None:
        self.level = None

    def _on_blockquote_open(self, token: Token) -> None:
        previous = self.draft.blocks[-1] if self.draft.blocks else None
        lead_in = self.draft.text[previous.start : previous.end] if previous else ""
        url = quotation_source(lead_in, self.last_link)
        self.attributions.append(Attribution("quoted", None, url))

    def _on_blockquote_close(self, token: Token) -> None:
        self.attributions.pop()

    def _on_bullet_list_open(self, token: Token) -> None:
        self.counters.append(None)

    def _on_ordered_list_open(self, token: Token) -> None:
        self.counters.append(int(token.attrGet("start") or 1))

    def _on_bullet_list_close(self, token: Token) -> None:
        self.counters.pop()

    _on_ordered_list_close = _on_bullet_list_close

    def _on_list_item_open(self, token: Token) -> None:
        number = self.counters[-1]
        self.items.append("" if number is None else f"{number}. ")
        if number is not None:
            self.counters[-1] = number + 1

    def _on_list_item_close(self, token: Token) -> None:
        self.items.pop()

    def _on_tr_open(self, token: Token) -> None:
        self.cells = []

    def _on_tr_close(self, token: Token) -> None:
        self._add("table row", "\t".join(self.cells or ()))
        self.cells = None

    def _on_footnote_open(self, token: Token) -> None:
        self.footnote = f"[{_footnote_label(token)}] "

    def _on_footnote_close(self, token: Token) -> None:
        self.footnote = ""

    def _on_fence(self, token: Token) -> None:
        self._add("code", token.content)

    _on_code_block = _on_fence

    def _on_html_block(self, token: Token) -> None:
        self._add("paragraph", visible_text(token.content))

    def _on_inline(self, token: Token) -> None:
        children = token.children or []
        text, self.last_link = _inline(children)
        if self.cells is not None:
            self.cells.append(" ".join(text.split()))
        elif self.level is not None:
            if self.level == 1 and self.title is None:
                self.title = " ".join(text.split())
            self._add("heading", text, level=self.level)
        elif self.footnote:
            self._add("footnote", self.footnote + text)
            self.footnote = ""
        elif self.items:
            self._add("list item", self.items[-1] + text)
            self.items[-1] = ""
        else:
            if _is_bold_only(children):
                self.bold.append(len(self.draft.blocks))
            self._add("quotation" if self.attributions[-1].kind == "quoted" else "paragraph", text)

    def _add(self, kind: BlockKind, text: str, level: int | None = None) -> None:
        self.draft.add(kind, text, self.lines, attribution=self.attributions[-1], level=level)


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
