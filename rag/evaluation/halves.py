"""Cross-validate a corpus's own questions: calibrate on half of them, and measure on the other half.

Each half is calibrated on and asked in turn, so that every question is judged by a calibration that has not seen it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy

from rag.core.corpus_files import FEWEST
from rag.core.types.reports import Calibration
from rag.evaluation.refusal import Judged, expected_calibration_error, mistaken
from rag.search.answerability import Certainty
from rag.search.calibration import calibrate, confidence, operating_point

POINTS = (None, 0.05, 0.2)
"""The operating points that are tried: the program's own, and shares of what is answered that may not answer."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An operating point's error rates as the one half promised them and as the other half had them, both ways.

    `unanswered` is the share of good questions that are not answered, `answered` that of bad ones that are, `wrong`
    that of answers that do not answer, good and bad questions weighed alike.
    """

    may_mislead: float | None
    promised_unanswered: float
    unanswered: float
    promised_answered: float
    answered: float
    promised_wrong: float
    wrong: float


@dataclass(frozen=True, slots=True)
class Halves:
    """The expected calibration error on questions that the calibration has not seen, and how promises were kept."""

    calibration_error: float
    promises: tuple[Promise, ...]


def measure_halves(judged: Sequence[Judged]) -> Halves | None:
    """Calibrate on every other question of each class and judge the rest; None where there are too few of either."""
    asked = [each for each in judged if not each.aside]
    good = [_log_odds(each.confidence) for each in asked if each.answerable]
    bad = [_log_odds(each.confidence) for each in asked if not each.answerable]
    if min(len(good), len(bad)) < FEWEST:
        return None
    folds = [_Fold(good[half::2], bad[half::2], good[1 - half :: 2], bad[1 - half :: 2]) for half in (0, 1)]
    confidences = numpy.concatenate([[*fold.good, *fold.bad] for fold in folds])
    answerable = numpy.concatenate([[True] * len(fold.good) + [False] * len(fold.bad) for fold in folds])
    return Halves(
        calibration_error=expected_calibration_error(confidences, answerable),
        promises=tuple(_promise(folds, share) for share in POINTS),
    )


class _Fold:
    """One half's calibration, and the other half's confidences by it."""

    def __init__(
        self, good: Sequence[float], bad: Sequence[float], other_good: Sequence[float], other_bad: Sequence[float]
    ) -> None:
        fitted = calibrate(_judgements(good), _judgements(bad), "the other half")
        # How near passages are is not known here; without that all questions are held to the threshold of answers.
        self.calibration: Calibration = replace(fitted, near=())
        self.good = [confidence(self.calibration, each) for each in other_good]
        self.bad = [confidence(self.calibration, each) for each in other_bad]


def _promise(folds: Sequence[_Fold], may_mislead: float | None) -> Promise:
    points = [operating_point(fold.calibration, may_mislead=may_mislead) for fold in folds]
    pairs = list(zip(folds, points, strict=True))
    unanswered = float(numpy.mean([each < point.threshold for fold, point in pairs for each in fold.good]))
    answered = float(numpy.mean([each >= point.threshold for fold, point in pairs for each in fold.bad]))
    return Promise(
        may_mislead=may_mislead,
        promised_unanswered=float(numpy.mean([point.wrongly_refused + point.only_related for point in points])),
        unanswered=unanswered,
        promised_answered=float(numpy.mean([point.wrongly_answered for point in points])),
        answered=answered,
        promised_wrong=float(numpy.mean([point.wrong_answers for point in points])),
        wrong=mistaken(1 - unanswered, answered),
    )


def _judgements(log_odds: Sequence[float]) -> list[Certainty]:
    return [Certainty(each, each) for each in log_odds]


def _log_odds(confidence: float) -> float:
    """Return the log-odds of a confidence, whose four digits say no more than this at either end."""
    clipped = min(max(confidence, 0.00005), 0.99995)
    return math.log(clipped / (1 - clipped))
