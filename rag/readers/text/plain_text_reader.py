"""Read plain text: the file's own, character for character, in which blocks are found."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.core.types.documents import AUTHOR, Attribution, BlockKind
from rag.readers.reading import DraftBlock, Reading, SourceText, heading_words, quotation_source, with_sections
from rag.readers.text.furniture import set_furniture_aside

# Possessive: what could be given back takes 100 bytes a character, and nothing ever is.
_PARAGRAPH = re.compile(r"\S(?:[^\n]++|\n(?![^\S\n]*\n|[^\S\n]*\Z))*+")
_LIST_ITEM = re.compile(r"[^\S\n]*(?:[-•*–]|\d{1,3}[.)]|\(\d{1,3}\)|[a-z][.)])[^\S\n]+\S")
_FOOTNOTE = re.compile(r"(?:\\?\*+|[†‡§]|\[\d{1,3}\]|\[\^\w+\]:)[^\S\n]+\S")
_HANGING_MARK = re.compile(r"(?<=[^\s*\\])(\\?\*+|[†‡§]|\[\d{1,3}\]|\[\^\w+\])(?![\w*])")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})[^\S\n]*")
_QUOTED_LINE = re.compile(r"[^\S\n]*>")
_SHORT_LINE = 40  # characters: prose that is wrapped has longer lines than verse and addresses


def read_plain_text(source: SourceText) -> Reading:
    """Read a text without markup: paragraphs, lists, footnotes, `>` quotations, underlined headings, furniture."""
    text = source.text
    drafts: list[DraftBlock] = []
    line, position = source.first_line, 0
    for paragraph in _PARAGRAPH.finditer(text):
        line += text.count("\n", position, paragraph.start())
        position = paragraph.start()
        lead_in = text[drafts[-1].start : drafts[-1].end] if drafts else ""
        drafts.extend(_blocks(text, position, _stripped_end(text, paragraph.end()), line, lead_in))
    drafts = _footnotes_whose_mark_is_used(text, drafts)
    drafts, title = set_furniture_aside(text, drafts)
    return Reading(text, with_sections(text, drafts), title or _opening_heading(text, drafts))


def _blocks(text: str, start: int, end: int, line_number: int, lead_in: str) -> list[DraftBlock]:
    lines = _line_spans(text, start, end)
    quoted = all(_QUOTED_LINE.match(text, a, b) for a, b in lines)
    attribution = Attribution("quoted", None, quotation_source(lead_in)) if quoted else AUTHOR

    def draft(first: int, last: int, kind: BlockKind, level: int | None = None) -> DraftBlock:
        body = lines[first : last + 1]
        return DraftBlock(
            start=body[0][0],
            end=body[-1][1],
            kind=kind,
            lines=(line_number + first, line_number + last),
            attribution=attribution,
            level=level,
            wrapped=not quoted and _is_wrapped(text, body),
        )

    if quoted:
        return [draft(0, len(lines) - 1, "quotation")]
    if len(lines) == 2 and _UNDERLINE.fullmatch(text, *lines[1]):
        return [draft(0, 1, "heading", 1 if text[lines[1][0]] == "=" else 2)]
    items = [index for index, (a, b) in enumerate(lines) if _LIST_ITEM.match(text, a, b)]
    if len(items) >= 2 or (items == [0] and not _FOOTNOTE.match(text, start, end)):
        starts = items if items[0] == 0 else [0, *items]
        ends = [*(index - 1 for index in starts[1:]), len(lines) - 1]
        marked = set(items)
        return [
            draft(first, last, "list item" if first in marked else "paragraph")
            for first, last in zip(starts, ends, strict=True)
        ]
    return [draft(0, len(lines) - 1, "paragraph")]


def _footnotes_whose_mark_is_used(text: str, drafts: list[DraftBlock]) -> list[DraftBlock]:
    """A paragraph that opens with a mark is a footnote when that mark hangs on a word before it."""
    first_use: dict[str, int] = {}
    for use in _HANGING_MARK.finditer(text):
        first_use.setdefault(use[0].lstrip("\\"), use.start())
    result = []
    for draft in drafts:
        opening = _FOOTNOTE.match(text, draft.start, draft.end) if draft.kind == "paragraph" else None
        mark = opening[0].split(maxsplit=1)[0].rstrip(":").lstrip("\\") if opening else ""
        if first_use.get(mark, draft.start) < draft.start:
            draft = replace(draft, kind="footnote")
        result.append(draft)
    return result


def _opening_heading(text: str, drafts: list[DraftBlock]) -> str | None:
    """Return the heading that a text begins with, without its underline: it is the title that the text has."""
    first = next((draft for draft in drafts if draft.furniture is None), None)
    if first is None or first.kind != "heading":
        return None
    return heading_words(text[first.start : first.end])


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Say whether line ends stand where a width ran out: some line is long, or goes on in lower case."""
    if len(lines) < 2:
        return False
    goes_on = any(text[a:b].lstrip()[:1].islower() for a, b in lines[1:])
    return goes_on or max(b - a for a, b in lines[:-1]) >= _SHORT_LINE


def _line_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the lines of a paragraph without the white space around them."""
    spans = []
    position = start
    for line in text[start:end].split("\n"):
        spans.append((position + len(line) - len(line.lstrip()), position + len(line.rstrip())))
        position += len(line) + 1
    return spans


def _stripped_end(text: str, end: int) -> int:
    while text[end - 1].isspace():
        end -= 1
    return end
