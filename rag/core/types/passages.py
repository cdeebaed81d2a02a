"""Define the types of indexing: a passage, its words, and the labels on them.

All offsets are code points into `Document.text`, half-open (`start` included, `end` not).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.core.types.documents import Attribution

if TYPE_CHECKING:
    pass

Statement = Literal["plain", "aim", "finding"]


CueKind = str
"""What a cue says: "dose", or the name of a file of rules in `rag/text/labels/rules/`, such as "design"."""


Side = Literal["effect", "no_effect"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document that is searched and quoted as a whole.

    `sentences` are spans in the document's text, in order. A passage that is only a heading has none;
    it is kept so that passages cover the document, but it is never an answer.
    """

    id: str
    document_id: str
    start: int
    end: int
    sentences: tuple[tuple[int, int], ...]
    section: tuple[str, ...]
    attribution: Attribution
    page: int | None
    lines: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class PassageWords:
    """A passage as its words are matched: the search terms of each sentence, in order.

    `statements` says of each sentence whether it tells what somebody set out to learn or what was found, `sides`
    whether its words report an effect or deny one; None for both and for neither.
    """

    sentences: tuple[tuple[str, ...], ...]
    statements: tuple[Statement, ...]
    sides: tuple[Side | None, ...]


CueSpan = tuple[CueKind, int, int]
"""A cue's kind, and its span in the document."""
