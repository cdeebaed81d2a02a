"""Report an evaluation, as the JSON that the README documents and as rows of a table."""

from __future__ import annotations

from typing import Any

from rag.evaluation.halves import Halves, measure_halves
from rag.evaluation.highlighting import HighlightReport
from rag.evaluation.questions import QuestionReport
from rag.evaluation.refusal import RefusalReport, Refusals
from rag.evaluation.refusing import BenchmarkRefusals
from rag.evaluation.retrieving import BenchmarkReport
from rag.render.json_reports import index_record, operating_point_record
from rag.render.wording import point_line

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
        "index": index_record(report.index),
    }


def benchmark_rows(report: BenchmarkReport) -> Table:
    """Return a row a ranking: each measure's mean, and its interval below."""
    columns = tuple(figure.measure for figure in report.figures["fused"])
    rows: list[tuple[object, ...]] = [
        (name, *(f"{figure.mean:.4f}\n{figure.low:.3f}–{figure.high:.3f}" for figure in found))
        for name, found in report.figures.items()
    ]
    return ("ranking", *columns), rows


def highlight_record(report: HighlightReport) -> dict[str, Any]:
    """Return the shares of queries whose answer is highlighted."""
    return {"benchmark": report.benchmark, "highlights": _highlight_shares(report), "index": index_record(report.index)}


def highlight_rows(report: HighlightReport) -> Table:
    """Return a row a share of queries whose answer is highlighted."""
    shares = _highlight_shares(report)
    rows: list[tuple[object, ...]] = [
        (name.replace("_", " "), value if isinstance(value, int) else f"{value:.3f}") for name, value in shares.items()
    ]
    return ("answer highlighted", "figure"), rows


def _highlight_shares(report: HighlightReport) -> dict[str, float | int]:
    return {
        "queries": report.queries,
        "document_given": report.document_given,
        "in_first": report.in_first,
        "in_first_3": report.in_first_3,
    }


def benchmark_refusal_record(report: BenchmarkRefusals) -> dict[str, Any]:
    """Return what refusing came to on a benchmark."""
    return {
        "benchmark": report.benchmark,
        "split": report.split,
        "refusal": refusal_record(report.refusals),
        "index": index_record(report.index),
    }


def refusal_record(refusals: Refusals) -> dict[str, Any]:
    """Return the operating point and the figures of refusing, together and kind by kind."""
    return {
        "operating_point": operating_point_record(refusals.point),
        "together": _refusal_figures(refusals.together),
        "kinds": {kind: _refusal_figures(found) for kind, found in refusals.kinds.items()},
        "halves": _halves_record(halves) if (halves := measure_halves(refusals.judged)) else None,
    }


def refusal_rows(refusals: Refusals) -> Table:
    """Return a column a figure of refusing, and a row a kind without an answer."""
    rows: list[tuple[object, ...]] = [
        (
            name,
            f"{found.answerable}/{found.unanswerable}",
            f"{found.auroc.value:.3f}\n{found.auroc.low:.3f}–{found.auroc.high:.3f}" if found.auroc else None,
            *map(_share, (found.wrongly_refused, found.wrongly_answered, found.wrongly_answered_at_95)),
            *map(_share, (found.calibration_error, found.brier)),
        )
        for name, found in (*refusals.kinds.items(), ("together", refusals.together))
    ]
    columns = ("refusal", "asked", "AUROC", "wrongly refused", "wrongly answered", "at 95% answered", "ECE", "Brier")
    return columns, rows


def halves_rows(refusals: Refusals) -> Table | None:
    """Return what calibrating on half of the questions promises and the other half keeps; None with too few."""
    halves = measure_halves(refusals.judged)
    if halves is None:
        return None
    rows: list[tuple[object, ...]] = [
        (
            "balanced" if each.may_refuse is None else f"may refuse {each.may_refuse:g}",
            *map(_share, (each.promised_refused, each.refused, each.promised_answered, each.answered)),
        )
        for each in halves.promises
    ]
    columns = (
        f"calibrated on the other half (ECE {halves.calibration_error:.3f})",
        *("refused: promised", "kept", "wrongly answered: promised", "kept"),
    )
    return columns, rows


def operating_point_line(refusals: Refusals) -> str:
    """Say from which confidence on quotes are shown, and what that is worth."""
    return point_line(refusals.point)


def question_record(report: QuestionReport) -> dict[str, Any]:
    """Return the shares of a question set, and what came of each question."""
    return {
        **shares(report),
        "refusal": refusal_record(report.refusals()),
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
        "index": index_record(report.index),
    }


def question_rows(report: QuestionReport) -> Table:
    """Return the shares, then each question that did not come out as it should."""
    rows: list[tuple[object, ...]] = [
        (name.replace("_", " "), value if isinstance(value, int) else f"{value:.3f}")
        for name, value in shares(report).items()
    ]
    for outcome in report.outcomes:
        asked = outcome.question.turns[-1]
        if outcome.question.answerable and outcome.rank == 0:
            rows.append(("not found" if outcome.answered else "wrongly refused", asked))
        elif not outcome.question.answerable and outcome.answered:
            rows.append(("wrongly answered", asked))
    return ("measure", "figure"), rows


def shares(report: QuestionReport) -> dict[str, float | int]:
    """Return how many questions there are, and the shares that matter, by name."""
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


def _refusal_figures(report: RefusalReport) -> dict[str, Any]:
    auroc = report.auroc
    return {
        "answerable": report.answerable,
        "unanswerable": report.unanswerable,
        "auroc": [auroc.value, auroc.low, auroc.high] if auroc else None,
        "wrongly_refused": report.wrongly_refused,
        "wrongly_answered": report.wrongly_answered,
        "wrongly_answered_at_95": report.wrongly_answered_at_95,
        "calibration_error": report.calibration_error,
        "brier": report.brier,
    }


def _halves_record(halves: Halves) -> dict[str, Any]:
    promises = [
        {
            "may_refuse": each.may_refuse,
            "promised_refused": each.promised_refused,
            "refused": each.refused,
            "promised_answered": each.promised_answered,
            "answered": each.answered,
        }
        for each in halves.promises
    ]
    return {"calibration_error": halves.calibration_error, "promises": promises}


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"
