"""Report what the corpus lacks, as text and as the JSON object that the README documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.corpus.records.gaps import Gap, Gaps
from rag.corpus.records.records_folder import Records
from rag.render.wording import count_of
from rag.text.characters import one_line

_WORDINGS = 3


def gaps_record(gaps: Gaps, records: Records, folder: str) -> dict[str, Any]:
    """Return the object of `gaps --json`, but for its schema."""
    return {
        "records": folder,
        "questions": len(records.questions),
        "unanswered": [_record(gap) for gap in gaps.unanswered],
        "not_helpful": [_record(gap) for gap in gaps.not_helpful],
        "unreadable": [{"line": line, "reason": reason} for line, reason in records.unreadable],
    }


def gap_lines(gaps: Gaps, records: Records, folder: str) -> list[str]:
    """Return what the corpus lacks in lines that are safe for a terminal."""
    if not records.questions:
        return [
            f"No questions are kept in {one_line(folder)}. The page keeps them where somebody turns on "
            "“Keep a record of my questions”."
        ]
    asked = count_of(len(records.questions), "question")
    lines = [f"Of {asked} kept, {sum(gap.count for gap in gaps.unanswered)} had no answer in the corpus."]
    if gaps.unanswered:
        lines += ["", "To acquire: documents that answer", *_listed(gaps.unanswered)]
    if gaps.not_helpful:
        lines += ["", "Answered, and marked as not helpful", *_listed(gaps.not_helpful)]
    return lines


def unreadable_lines(records: Records, folder: str) -> list[str]:
    """Name the lines that could not be read."""
    return [f"Left out: line {line} of the records in {folder}: {reason}." for line, reason in records.unreadable]


def _listed(gaps: Sequence[Gap]) -> list[str]:
    lines = []
    for gap in gaps:
        lines.append(f"{gap.count:>5}  {one_line(gap.question)}  (last on {one_line(gap.newest[:10])})")
        if gap.missing_terms:
            lines.append(f"       no document holds: {', '.join(map(one_line, gap.missing_terms))}")
        others = [text for text, _ in gap.wordings if text != gap.question]
        lines += [f"       also: {one_line(text)}" for text in others[:_WORDINGS]]
        if len(others) > _WORDINGS:
            lines.append(f"       and {count_of(len(others) - _WORDINGS, 'more wording')}")
    return lines


def _record(gap: Gap) -> dict[str, Any]:
    wordings = [{"question": text, "count": count} for text, count in gap.wordings]
    return {
        "question": gap.question,
        "count": gap.count,
        "newest": gap.newest,
        "missing_terms": list(gap.missing_terms),
        "wordings": wordings,
    }
