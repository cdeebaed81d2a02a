"""Define what proving an index, or one quotation, against the sources reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["exact", "moved", "in another document", "absent"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as the index says; `passages` of that document cannot be proven."""

    path: str
    reason: str
    passages: int


@dataclass(frozen=True, slots=True)
class IndexProof:
    """The outcome of re-reading every source."""

    documents: int
    passages: int
    proven: int
    problems: tuple[Problem, ...]
    damaged_files: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether everything was proven."""
        return not self.problems and not self.damaged_files


@dataclass(frozen=True, slots=True)
class QuotationPlace:
    """A place where a quotation stands; `start` and `end` are code points of the document's text."""

    document_id: str
    path: str
    start: int
    end: int
    furniture: bool


@dataclass(frozen=True, slots=True)
class QuotationProof:
    """The verdict on a quotation, against the sources as they are now.

    `near` holds places whose words are the same and whose white space is not, when there is no exact one.
    """

    verdict: Verdict
    places: tuple[QuotationPlace, ...]
    near: tuple[QuotationPlace, ...]
    unreadable: tuple[str, ...]
