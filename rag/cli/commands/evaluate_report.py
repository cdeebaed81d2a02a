"""Report an evaluation, as the JSON that the README documents and as rows of a table."""

from __future__ import annotations

from typing import Any

from rag.evaluation.halves import Halves, measure_halves
from rag.evaluation.highlighting import HighlightReport
from rag.evaluation.questions import QuestionReport
from rag.evaluation.refusal import RefusalReport, Refusals, Tally
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
    """Return a column a figure of answering and refusing, and a row a kind without an answer."""
    rows: list[tuple[object, ...]] = [
        (
            name,
            f"{found.answerable}/{found.unanswerable}",
            f"{found.auroc.value:.3f}\n{found.auroc.low:.3f}–{found.auroc.high:.3f}" if found.auroc else None,
            *map(_share, (found.wrongly_answered, found.wrongly_answered_at_95, found.wrong_answers)),
            *map(_share, (found.calibration_error, found.brier)),
        )
        for name, found in (*refusals.kinds.items(), ("together", refusals.together))
    ]
    columns = ("refusal", "asked", "AUROC", "wrongly answered", "at 95% answered", "wrong answers", "ECE", "Brier")
    return columns, rows


def tally_rows(refusals: Refusals) -> Table:
    """Return how many questions were answered, shown related passages alone, or shown nothing, a row a kind."""
    together = refusals.together
    tallies = [
        ("with an answer", together.of_answerable),
        *((kind, found.of_unanswerable) for kind, found in refusals.kinds.items() if found.unanswerable),
        ("without one, together", together.of_unanswerable),
    ]
    rows: list[tuple[object, ...]] = [(name, each.answered, each.related, each.nothing) for name, each in tallies]
    return ("what is shown", "an answer", "only related", "nothing"), rows


def halves_rows(refusals: Refusals) -> Table | None:
    """Return what calibrating on half of the questions promises and the other half keeps; None with too few."""
    halves = measure_halves(refusals.judged)
    if halves is None:
        return None
    rows: list[tuple[object, ...]] = [
        (
            "by default" if each.may_mislead is None else f"may mislead {each.may_mislead:g}",
            *map(_share, (each.promised_unanswered, each.unanswered, each.promised_answered, each.answered)),
            *map(_share, (each.promised_wrong, each.wrong)),
        )
        for each in halves.promises
    ]
    columns = (
        f"calibrated on the other half (ECE {halves.calibration_error:.3f})",
        *("not answered: promised", "kept", "wrongly answered: promised", "kept", "wrong answers: promised", "kept"),
    )
    return columns, rows


def operating_point_line(refusals: Refusals) -> str:
    """Say from which confidence on passages are shown, and what that is worth."""
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
                "status": outcome.status,
                "answered": outcome.answered,
                "confidence": outcome.confidence,
                "rank": outcome.rank,
                "related_rank": outcome.related_rank,
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
            wrongly = "not found" if outcome.answered else "only related" if outcome.related else "wrongly refused"
            rows.append((wrongly, asked))
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
        "in_what_is_shown": report.in_what_is_shown,
        "highlighted": report.highlighted,
        "wrongly_refused": report.wrongly_refused,
        "only_related": report.only_related,
        "wrongly_answered": report.wrongly_answered,
        "related_unanswered": report.related_unanswered,
    }


def _refusal_figures(report: RefusalReport) -> dict[str, Any]:
    auroc = report.auroc
    return {
        "answerable": report.answerable,
        "unanswerable": report.unanswerable,
        "auroc": [auroc.value, auroc.low, auroc.high] if auroc else None,
        "of_answerable": _tally(report.of_answerable),
        "of_unanswerable": _tally(report.of_unanswerable),
        "wrongly_refused": report.wrongly_refused,
        "only_related": report.only_related,
        "wrongly_answered": report.wrongly_answered,
        "wrong_answers": report.wrong_answers,
        "wrongly_answered_at_95": report.wrongly_answered_at_95,
        "calibration_error": report.calibration_error,
        "brier": report.brier,
    }


def _tally(counted: Tally) -> dict[str, int]:
    return {"answered": counted.answered, "related": counted.related, "nothing": counted.nothing}


def _halves_record(halves: Halves) -> dict[str, Any]:
    promises = [
        {
            "may_mislead": each.may_mislead,
            "promised_unanswered": each.promised_unanswered,
            "unanswered": each.unanswered,
            "promised_answered": each.promised_answered,
            "answered": each.answered,
            "promised_wrong": each.promised_wrong,
            "wrong": each.wrong,
        }
        for each in halves.promises
    ]
    return {"calibration_error": halves.calibration_error, "promises": promises}


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"
