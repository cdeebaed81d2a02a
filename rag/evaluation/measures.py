"""Compute figures of rankings, with confidence intervals; `ir-measures` computes the measures."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy

from rag.core.errors import UsageError

MEASURES = ("nDCG@10", "R@5", "R@10", "R@100", "RR@10")
RESAMPLES = 2_000

Run = Mapping[str, Mapping[str, float]]
"""Query → document → score."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The mean of a measure over the queries, with the 95% interval of a bootstrap over them."""

    measure: str
    mean: float
    low: float
    high: float


def require_measures() -> None:
    """Raise `UsageError` when ir-measures is not installed: asked first of all, for what it measures takes long."""
    if importlib.util.find_spec("ir_measures") is None:
        raise UsageError(
            "The ranking is measured by the package ir-measures, which is not installed.",
            "In the project's folder, type: pip install -e '.[eval]'",
        )


def figures(qrels: Mapping[str, Mapping[str, int]], run: Run) -> list[Figure]:
    """Return the figures of a run; a query without results counts as nought."""
    import ir_measures

    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    values: dict[str, dict[str, float]] = {str(measure): dict.fromkeys(qrels, 0.0) for measure in measures}
    for metric in ir_measures.iter_calc(measures, qrels, {query: dict(found) for query, found in run.items()}):
        values[str(metric.measure)][metric.query_id] = float(metric.value)
    return [_figure(name, list(of_queries.values())) for name, of_queries in values.items()]


def _figure(measure: str, values: Sequence[float]) -> Figure:
    """Return mean and percentile bootstrap interval (Efron, 1979), with a fixed seed."""
    sample = numpy.asarray(values)
    chance = numpy.random.default_rng(0)
    means = sample[chance.integers(0, len(sample), size=(RESAMPLES, len(sample)))].mean(axis=1)
    low, high = numpy.percentile(means, [2.5, 97.5])
    return Figure(measure, float(sample.mean()), float(low), float(high))
