"""What an evaluation found, as the JSON that the README documents and as the rows of a table."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rag.evaluation.questions import QuestionReport
from rag.evaluation.retrieving import BenchmarkReport

Table = tuple[tuple[str, ...], list[tuple[object, ...]]]
"""Columns and rows."""


def benchmark_record(report: BenchmarkReport) -> dict[str, Any]:
    """Return the figures of a benchmark: ranking → measure → [mean, low, high]."""
    return {
        "benchmark": report.benchmark,
        "split": report.split,
        "queries": report.queries,
        "figures": {
            name: {figure.measure: [figure.mean, figure.low, figure.high] for figure in found}
            for name, found in report.figures.items()
        },
        "index": asdict(report.index),
    }


def benchmark_rows(report: BenchmarkReport) -> Table:
    """Return a row a ranking: each measure's mean, and its interval below."""
    columns = tuple(figure.measure for figure in report.figures["fused"])
    rows: list[tuple[object, ...]] = [
        (name, *(f"{figure.mean:.4f}\n{figure.low:.3f}–{figure.high:.3f}" for figure in found))
        for name, found in report.figures.items()
    ]
    return ("ranking", *columns), rows


def question_record(report: QuestionReport) -> dict[str, Any]:
    """Return the shares of a question set, and what came of each question."""
    return {
        **_shares(report),
        "outcomes": [
            {
                "conversation": list(outcome.question.turns),
                "answerable": outcome.question.answerable,
                "answered": outcome.answered,
                "confidence": outcome.confidence,
                "rank": outcome.rank,
                "highlighted": outcome.highlighted,
            }
            for outcome in report.outcomes
        ],
        "index": asdict(report.index),
    }


def question_rows(report: QuestionReport) -> Table:
    """Return the shares, then each question that did not come out as it should."""
    rows: list[tuple[object, ...]] = [
        (name.replace("_", " "), value if isinstance(value, int) else f"{value:.3f}")
        for name, value in _shares(report).items()
    ]
    for outcome in report.outcomes:
        asked = outcome.question.turns[-1]
        if outcome.question.answerable and outcome.rank == 0:
            rows.append(("not found" if outcome.answered else "wrongly refused", asked))
        elif not outcome.question.answerable and outcome.answered:
            rows.append(("wrongly answered", asked))
    return ("measure", "figure"), rows


def _shares(report: QuestionReport) -> dict[str, float | int]:
    return {
        "questions": len(report.outcomes),
        "answerable": sum(outcome.question.answerable for outcome in report.outcomes),
        "in_first_quote": report.found_in_first(1),
        "in_first_3": report.found_in_first(3),
        "in_first_5": report.found_in_first(5),
        "highlighted": report.highlighted,
        "wrongly_refused": report.wrongly_refused,
        "wrongly_answered": report.wrongly_answered,
    }
