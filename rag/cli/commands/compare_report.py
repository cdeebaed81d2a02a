"""Report a comparison of two indexes, as the JSON that the README documents and as rows of tables."""

from __future__ import annotations

import textwrap
from typing import Any

from rag.cli.commands.evaluate_report import Table, shares
from rag.evaluation.comparison import ASPECTS, Change, Comparison
from rag.evaluation.questions import FirstQuote, Outcome
from rag.render.json_reports import build_record, index_record

_SHOWN = 120
"""How many characters of a first quote a table shows."""


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """Return the answers that would change, totals, and what both indexes are."""
    return {
        "questions": len(comparison.before.outcomes),
        "changed": [_change(change) for change in comparison.changes],
        "totals": {
            "changed": len(comparison.changes),
            "better": comparison.judged("better"),
            "worse": comparison.judged("worse"),
            **{aspect.replace(" ", "_"): comparison.differing_in(aspect) for aspect in ASPECTS},
        },
        "before": {**shares(comparison.before), "index": index_record(comparison.before.index)},
        "after": {**shares(comparison.after), "index": index_record(comparison.after.index)},
        "build": build_record(comparison.build),
    }


def change_rows(comparison: Comparison) -> Table:
    """Return a row an answer that would change, the worse ones first."""
    order = ("worse", "different", "better")
    rows: list[tuple[object, ...]] = [
        (
            change.before.question.turns[-1],
            f"{change.verdict}:\n{', '.join(change.differs)}",
            _in_words(change.before),
            _in_words(change.after),
        )
        for change in sorted(comparison.changes, key=lambda change: order.index(change.verdict))
    ]
    return ("question", "change", "published", "built now"), rows


def total_rows(comparison: Comparison) -> Table:
    """Return the shares of the question set, before and after."""
    before, after = shares(comparison.before), shares(comparison.after)
    rows: list[tuple[object, ...]] = [
        (name.replace("_", " "), f"{before[name]:.3f}", f"{after[name]:.3f}")
        for name in before
        if isinstance(before[name], float)
    ]
    return ("share", "published", "built now"), rows


def total_line(comparison: Comparison) -> str:
    """Say how many answers would change, and that nothing was published."""
    return (
        f"{len(comparison.changes)} of {len(comparison.before.outcomes)} answers would change: "
        f"{comparison.judged('better')} better, {comparison.judged('worse')} worse. "
        "Nothing was published; to publish: python -m rag build"
    )


def _change(change: Change) -> dict[str, Any]:
    return {
        "conversation": list(change.before.question.turns),
        "answerable": change.before.question.answerable,
        "verdict": change.verdict,
        "differs": [aspect.replace(" ", "_") for aspect in change.differs],
        "before": _outcome(change.before),
        "after": _outcome(change.after),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "confidence": outcome.confidence,
        "rank": outcome.rank,
        "highlighted": outcome.highlighted,
        "first_quote": _first_quote(outcome.first) if outcome.first else None,
    }


def _first_quote(first: FirstQuote) -> dict[str, Any]:
    return {"passage": first.passage, "document": first.document, "text": first.text}


def _in_words(outcome: Outcome) -> str:
    lines = [f"{outcome.status.replace('_', ' ')}, {outcome.confidence:.2f}"]
    if outcome.rank:
        lines.append(f"expected at rank {outcome.rank}{', highlighted' if outcome.highlighted else ''}")
    elif outcome.question.answerable and outcome.answered:
        lines.append("not what is expected")
    if outcome.first:
        lines.append(f"{outcome.first.document}: {textwrap.shorten(outcome.first.text, _SHOWN, placeholder=' …')}")
    return "\n".join(lines)
