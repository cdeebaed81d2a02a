"""Define what a reader returns, and the helper that drafts it block by block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.core.types.documents import AUTHOR, Attribution, Block, BlockKind, CatalogueEntry

SENTENCE_WORDS = 8
"""From how many words on a bold line with a full stop is a sentence and no title."""

_TO_THE_READER = re.compile(r"\byou(?:r|rs|rself)?\b|^(?:do not|don['’]t|never|always|stop|seek)\b", re.IGNORECASE)

PSEUDO_HEADING_LEVEL = 7
"""The level of a bold line that stands where a heading would: under every real one."""

_UNDERLINE = re.compile(r"\n[^\S\n]*[=-]{3,}\s*\Z")
_FOLDED = re.compile("[ \\t\\n\\r\\f]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,:;)\]]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source's decoded text without its front matter; `first_line` is where it starts in the file."""

    text: str
    first_line: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """The canonical text of a source, its blocks in order, the title that it gives itself, what it says of itself."""

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    entry: CatalogueEntry = CatalogueEntry()


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """A block before its heading path is known; `level` is set for headings alone, `lines` and `page` where known."""

    start: int
    end: int
    kind: BlockKind
    lines: tuple[int, int] | None
    attribution: Attribution = AUTHOR
    level: int | None = None
    furniture: str | None = None
    wrapped: bool = False
    page: int | None = None
    page_label: str | None = None


class Draft:
    """Collects visible text block by block; blocks stand apart by an empty line, rows and items by a line end."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.blocks: list[DraftBlock] = []
        self.last_text = ""
        """The text of the last block, which may say whose words come next."""

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._pieces)

    def add(
        self,
        kind: BlockKind,
        text: str,
        lines: tuple[int, int] | None,
        *,
        attribution: Attribution = AUTHOR,
        level: int | None = None,
        furniture: str | None = None,
        page: int | None = None,
        page_label: str | None = None,
        wrapped: bool = False,
    ) -> None:
        """Append one block; text without a visible character adds nothing."""
        if not any(character.isprintable() and not character.isspace() for character in text):
            return
        if self.blocks:
            tight = kind == self.blocks[-1].kind and kind in ("list item", "table row")
            self._append("\n" if tight else "\n\n")
        text = text.replace("\r\n", "\n").replace("\r", "\n")  # `&#13;` is one where the file's own were folded
        body = text.strip()
        if kind == "code":  # the first line's indentation stays in the text, before the block
            self._append(text[: text.index(body)].rpartition("\n")[2])
        start = self._length
        self._append(body)
        self.last_text = body
        self.blocks.append(
            DraftBlock(start, self._length, kind, lines, attribution, level, furniture, wrapped, page, page_label)
        )

    def finish(self, title: str | None = None, entry: CatalogueEntry = CatalogueEntry()) -> Reading:
        """Give each block its heading path and return the reading."""
        text = self.text
        return Reading(text, with_sections(text, self.blocks), title, entry)

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


def with_sections(text: str, drafts: Sequence[DraftBlock]) -> tuple[Block, ...]:
    """Turn drafts into blocks, each under the headings that stand above it.

    A heading inside a quotation rules over that quotation alone, under the author's headings, whatever its level.
    A footnote belongs to no section but the outermost: it stands at the end, whatever it is a note to.
    """
    blocks: list[Block] = []
    authors: list[tuple[int, str]] = []
    quoted: list[tuple[int, str]] = []
    speaker = AUTHOR
    for draft in drafts:
        if draft.attribution != speaker:
            speaker, quoted = draft.attribution, []
        own = authors if speaker.kind == "author" else quoted
        if draft.kind == "heading" and draft.furniture is None:
            level = draft.level or 1
            own[:] = [step for step in own if step[0] < level]
            own.append((level, heading_words(text[draft.start : draft.end])))
        path = tuple(heading for _, heading in (*authors, *quoted))
        blocks.append(
            Block(
                start=draft.start,
                end=draft.end,
                kind=draft.kind,
                section=path[:1] if draft.kind == "footnote" else path,
                attribution=draft.attribution,
                furniture=draft.furniture,
                page=draft.page,
                page_label=draft.page_label,
                lines=draft.lines,
                wrapped=draft.wrapped,
            )
        )
    return tuple(blocks)


def in_a_cell(text: str) -> str:
    """Return a cell's text on one line: white space that a page folds becomes one space, any other stays as it is."""
    return _FOLDED.sub(" ", text).strip(" ")


def heading_words(heading: str) -> str:
    """Return a heading's words on one line, without the rule that underlines it in a plain text."""
    return " ".join(_UNDERLINE.sub("", heading).split())


def quotation_source(lead_in: str, link: tuple[str, str] | None = None) -> str | None:
    """Return the address that the paragraph above a quotation names as where it is from, if it does.

    It does when its last words are an address or a link (given as its text and target), or when it ends in
    a colon and holds a link.
    """
    end = lead_in.rstrip().rstrip(".:)] ")
    if link is not None and link[1].lower().startswith(("https://", "http://")):
        words, target = link[0].strip(), link[1]
        if lead_in.rstrip().endswith(":") or (words and end.endswith(words)):
            return target
    last = end.rsplit(maxsplit=1)[-1:]
    address = _ADDRESS.search(last[0]) if last else None
    return address[0] if address and address.end() == len(last[0]) else None


def promote_pseudo_headings(text: str, drafts: Sequence[DraftBlock], candidates: Sequence[int]) -> list[DraftBlock]:
    """Make headings of the bold-only paragraphs of a text (by index) that have a body right below them.

    Blog exports set the title of each item in bold instead of marking it as a heading. One that is followed
    by ordinary text of the same speaker heads it; any other stays the paragraph that it is, and so does a
    sentence to the reader, which leaflets set in bold because it must not be missed.
    """
    chosen = set(candidates)
    result = list(drafts)
    for index in candidates:
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        if (
            following is not None
            and not _tells_the_reader(text[drafts[index].start : drafts[index].end])
            and following.kind != "heading"
            and index + 1 not in chosen
            and following.attribution == drafts[index].attribution
        ):
            result[index] = replace(drafts[index], kind="heading", level=PSEUDO_HEADING_LEVEL)
    return result


def _tells_the_reader(text: str) -> bool:
    """Say whether a text is a sentence that speaks to whoever reads it; titles of papers have full stops as well."""
    return (
        text.rstrip().endswith((".", "!")) and len(text.split()) >= SENTENCE_WORDS and bool(_TO_THE_READER.search(text))
    )
