"""List the statuses of an answer, with what each says of the corpus and what an answer of it may hold.

One table, so that whoever shows, counts or keeps an answer asks it, and a new status is one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["answered", "related", "not_in_corpus", "withheld"]


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One status: its meaning, whether it counts as an answer, and which parts an answer of it may hold.

    `is_answered` is what evaluation counts and what the screens take for an answer. `has_quotes`, `has_related`,
    `has_topics` and `has_candidates` say whether an answer may hold quotes, passages that are near and no answer, the
    nearest topics, the passages that were found. `is_gap` says whether the question shows something that the corpus
    lacks.
    """

    meaning: str
    is_answered: bool = False
    is_withheld: bool = False
    is_gap: bool = False
    has_quotes: bool = False
    has_related: bool = False
    has_topics: bool = False
    has_candidates: bool = False


OUTCOMES: dict[Status, StatusRow] = {
    "answered": StatusRow("Passages that answer are quoted.", is_answered=True, has_quotes=True, has_candidates=True),
    "related": StatusRow(
        "Passages near the question, which do not speak of all that it is about, or may not answer it.",
        is_gap=True,
        has_related=True,
        has_candidates=True,
    ),
    "not_in_corpus": StatusRow(
        "No passage answers with enough confidence.", is_gap=True, has_topics=True, has_candidates=True
    ),
    "withheld": StatusRow(
        "A notice comes first and nothing is searched, or every source that was found has changed.", is_withheld=True
    ),
}
