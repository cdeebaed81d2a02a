"""From log-odds to a probability that holds on this index, and the threshold below which nothing is quoted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.answerability import probability
from rag.types import OperatingPoint


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure the judgement is of questions whose answer is known to be there (`good`) or not (`bad`).

    Both hold confidences in ascending order: of an index's own questions all of them, else quantiles at equal steps.
    `slope` and `intercept` are Platt's, applied to the log-odds: Platt, "Probabilistic outputs for support vector
    machines", 1999.
    """

    slope: float
    intercept: float
    good: tuple[float, ...]
    bad: tuple[float, ...]
    measured_on: str

    def confidence(self, log_odds: float) -> float:
        """Return the probability that the hits answer, on this index."""
        return probability(self.slope * log_odds + self.intercept)

    def operating_point(self, wrongly_refused: float) -> OperatingPoint:
        """Return the highest threshold that refuses at most this share of the good questions."""
        place = min(int(wrongly_refused * len(self.good)), len(self.good) - 1)
        threshold = self.good[place] if self.good else 0.5
        return OperatingPoint(
            threshold=threshold,
            wrongly_refused=_below(self.good, threshold),
            wrongly_answered=1 - _below(self.bad, threshold),
            measured_on=self.measured_on,
        )


def _below(ascending: Sequence[float], threshold: float) -> float:
    return bisect_left(ascending, threshold) / len(ascending) if ascending else 0.0
