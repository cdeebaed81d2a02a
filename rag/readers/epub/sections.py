"""Assign the blocks of a book to headings, and to the chapter where that has no heading in the text.

A table of contents may call a chapter what no page calls it. Such a name is a section of the blocks and no word of the
text, which stays the book's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.core.types.documents import Block
from rag.readers.epub.navigation import Chapter
from rag.readers.reading import DraftBlock, heading_words, with_sections


@dataclass(frozen=True, slots=True)
class Beginning:
    """The block at which a chapter begins; `opens_part` where that is the beginning of a file."""

    block: int
    chapter: Chapter
    opens_part: bool


def book_sections(text: str, drafts: Sequence[DraftBlock], beginnings: Sequence[Beginning]) -> tuple[Block, ...]:
    """Turn drafts into blocks.

    Headings rule until the next one of their level, and never beyond the beginning of a file that the table of contents
    names: there the chapters that it stands under rule. A file that is not named there goes on with the one before.
    """
    names = {beginning.chapter: _own_heading(text, drafts, beginning.block) for beginning in beginnings}
    blocks: list[Block] = []
    opening = [beginning for beginning in beginnings if beginning.opens_part]
    ends = [*(beginning.block for beginning in opening), len(drafts)]
    blocks.extend(with_sections(text, drafts[: ends[0]]))
    for beginning, end in zip(opening, ends[1:], strict=True):
        part = with_sections(text, drafts[beginning.block : end])
        above = _names_above(beginning.chapter, names)
        title = beginning.chapter.title
        headings = {heading_words(text[block.start : block.end]).casefold() for block in part if _is_heading(block)}
        if names[beginning.chapter] is None and title.casefold() not in headings:
            above += (title,)
        blocks.extend(_under(block, above + block.section) for block in part)
    # Inside of a file a name is what a bold line above a text is: a heading under every real one.
    stops = [*(beginning.block for beginning in beginnings), len(drafts)]
    for beginning, end in zip(beginnings, stops[1:], strict=True):
        if not beginning.opens_part and names[beginning.chapter] is None:
            for index in range(beginning.block, end):
                if _is_heading(blocks[index]):
                    break
                blocks[index] = _under(blocks[index], (*blocks[index].section, beginning.chapter.title))
    return tuple(blocks)


def _own_heading(text: str, drafts: Sequence[DraftBlock], start: int) -> str | None:
    """Return the words of the heading that a chapter begins with, if it does."""
    for number in range(start, len(drafts)):
        draft = drafts[number]
        if draft.furniture is None:
            return heading_words(text[draft.start : draft.end]) if draft.kind == "heading" else None
    return None


def _names_above(chapter: Chapter, names: dict[Chapter, str | None]) -> tuple[str, ...]:
    """Return the chapters that one stands under, from the outermost, as the text calls them where it does."""
    path: list[str] = []
    above = chapter.above
    while above is not None:
        path.append(names.get(above) or above.title)
        above = above.above
    return tuple(reversed(path))


def _under(block: Block, section: tuple[str, ...]) -> Block:
    return replace(block, section=section[:1] if block.kind == "footnote" else section)


def _is_heading(block: Block) -> bool:
    return block.kind == "heading" and block.furniture is None
