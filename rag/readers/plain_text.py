"""Plain text: the canonical text is the file's own, character for character; blocks are found in it."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.readers.furniture import set_furniture_aside
from rag.readers.reading import DraftBlock, Reading, SourceText, with_sections
from rag.types import AUTHOR, Attribution, BlockKind

_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![^\S\n]*\n|[^\S\n]*\Z))*")
_LIST_ITEM = re.compile(r"[^\S\n]*(?:[-•*–]|\d{1,3}[.)]|\(\d{1,3}\)|[a-z][.)])[^\S\n]+\S")
_FOOTNOTE = re.compile(r"(?:\\?\*+|[†‡§]|\[\d{1,3}\]|\[\^\w+\]:)[^\S\n]+\S")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})[^\S\n]*")
_QUOTED_LINE = re.compile(r"[^\S\n]*>")
_SHORT_LINE = 40  # characters: prose that is wrapped has longer lines than verse and addresses


def read_plain_text(source: SourceText) -> Reading:
    """Read a text without markup: paragraphs, lists, footnotes, `>` quotations, underlined headings, furniture."""
    text = source.text
    drafts: list[DraftBlock] = []
    for paragraph in _PARAGRAPH.finditer(text):
        drafts.extend(_blocks(text, paragraph.start(), _stripped_end(text, paragraph.end()), source.first_line))
    drafts = _footnotes_whose_mark_is_used(text, drafts)
    drafts, title = set_furniture_aside(text, drafts)
    return Reading(text, with_sections(text, drafts), title)


def _blocks(text: str, start: int, end: int, first_line: int) -> list[DraftBlock]:
    lines = _line_spans(text, start, end)
    line_number = first_line + text.count("\n", 0, start)
    quoted = all(_QUOTED_LINE.match(text, a, b) for a, b in lines)

    def draft(first: int, last: int, kind: BlockKind, level: int | None = None) -> DraftBlock:
        body = lines[first : last + 1]
        return DraftBlock(
            start=body[0][0],
            end=body[-1][1],
            kind=kind,
            lines=(line_number + first, line_number + last),
            attribution=Attribution("quoted") if quoted else AUTHOR,
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
        return [
            draft(first, last, "list item" if first in items else "paragraph")
            for first, last in zip(starts, ends, strict=True)
        ]
    return [draft(0, len(lines) - 1, "paragraph")]


def _footnotes_whose_mark_is_used(text: str, drafts: list[DraftBlock]) -> list[DraftBlock]:
    """A paragraph that opens with a mark is a footnote when that mark hangs on a word before it."""
    result = []
    for draft in drafts:
        opening = _FOOTNOTE.match(text, draft.start, draft.end)
        mark = text[draft.start : draft.end].split(maxsplit=1)[0].rstrip(":") if opening else ""
        if mark and re.search(r"\w" + re.escape(mark) + r"(?![\w*])", text[: draft.start]):
            draft = replace(draft, kind="footnote")
        result.append(draft)
    return result


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Say whether line ends stand where a width ran out: some line is long, or goes on in lower case."""
    if len(lines) < 2:
        return False
    goes_on = any(text[a:b].lstrip()[:1].islower() for a, b in lines[1:])
    return goes_on or max(b - a for a, b in lines[:-1]) >= _SHORT_LINE


def _line_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    position = start
    for line in text[start:end].split("\n"):
        spans.append((position, position + len(line)))
        position += len(line) + 1
    return spans


def _stripped_end(text: str, end: int) -> int:
    while text[end - 1].isspace():
        end -= 1
    return end
