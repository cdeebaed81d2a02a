"""Define the types of reading: a source, its document, the document's blocks, its catalogue entry.

All offsets are code points into `Document.text`, half-open (`start` included, `end` not).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    pass

BlockKind = Literal["heading", "paragraph", "list item", "table row", "quotation", "footnote", "caption", "code"]


Withdrawal = Literal["retracted", "superseded"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker of a stretch of text: the document's author, or somebody whom it quotes."""

    kind: Literal["author", "quoted"] = "author"
    name: str | None = None
    url: str | None = None


AUTHOR = Attribution()


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """The metadata of a source. Dates are ISO 8601: a year, a month or a day; `language` is a BCP 47 tag.

    `url` is where the document itself can be read; `source_title` and `source_url` name what a document restates.
    `retracted` is a date, a reason or "yes"; `superseded_by` a path in the corpus, a title or an address. Of these two
    an empty text says that it is not so, which a document's own entry need not say. `evidence_grade` is one that was
    published, of the scheme that `evidence_scheme` names.
    """

    title: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    url: str | None = None
    published: str | None = None
    reviewed_on: str | None = None
    review_due: str | None = None
    licence: str | None = None
    kind: str | None = None
    language: str | None = None
    notes: str | None = None
    retracted: str | None = None
    superseded_by: str | None = None
    evidence_grade: str | None = None
    evidence_scheme: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The warnings and the grade that a document carries today.

    `review_was_due` is a date that is over; `evidence` is a published grade with the name of its scheme, never one
    without the other.
    """

    retracted: str | None = None
    superseded_by: str | None = None
    review_was_due: str | None = None
    evidence: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file under the corpus folder: `path` is relative to it, with forward slashes."""

    path: str
    sha256: str
    entry: CatalogueEntry = CatalogueEntry()


@dataclass(frozen=True, slots=True)
class SkippedSource:
    """A file that was left out, with the reason and what to do about it; `sha256` if its bytes could be read."""

    path: str
    reason: str
    advice: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item… at `start:end` of the document's text.

    `section` is the heading path, a heading's own text included. `furniture` is the reason why the block
    is set aside as not part of what the document says, or None. `wrapped` says that line ends inside the
    block come from hard wrapping and may be shown as spaces. `lines` are the source's, from 1, inclusive.
    `page` is counted from 1; `page_label` is what the file calls that page where it calls it otherwise ("iv").
    """

    start: int
    end: int
    kind: BlockKind
    section: tuple[str, ...] = ()
    attribution: Attribution = AUTHOR
    furniture: str | None = None
    page: int | None = None
    lines: tuple[int, int] | None = None
    wrapped: bool = False
    page_label: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One source as it was read: the canonical text, its blocks, and what is known of it.

    `id` is the beginning of `sha256`, the hash of the source's bytes.
    """

    id: str
    path: str
    sha256: str
    media_type: str
    encoding: str
    title: str
    text: str
    blocks: Sequence[Block]
    entry: CatalogueEntry
