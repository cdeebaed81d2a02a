"""Calibrate log-odds to a probability that holds on this index, and find from where passages are shown, and how."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from rag.core.types.reports import Calibration, OperatingPoint
from rag.search.answerability import Certainty, probability

TRUST = 5.0
"""How much the slope is held to 1, as the log-likelihood that one unit of distance costs: a few questions' worth."""

LEAST_SLOPE = 0.05
"""Lower bound of the fitted slope; keeps confidence monotone in log-odds."""

MAY_REFUSE = 0.03
"""The share of questions with an answer for which nothing may be shown, unless the curator says otherwise."""

MAY_MISLEAD = 0.1
"""The share of what is answered that may not answer, unless the curator says otherwise."""

MAY_ONLY_RELATE = 0.15
"""The share of questions with an answer that may be shown related passages alone. It goes before what may mislead, if
the curator does not say what may: where no point keeps both, hardly any answers are of less use than doubtful ones."""

STEPS, TOLERANCE = 100, 1e-9


def confidence(calibration: Calibration, log_odds: float) -> float:
    """Return the probability that the hits answer, on the index that the calibration is of, to four digits."""
    return round(probability(calibration.slope * log_odds + calibration.intercept), 4)


def operating_point(
    calibration: Calibration, may_refuse: float | None = None, may_mislead: float | None = None
) -> OperatingPoint:
    """Return the point that keeps both shares of errors and answers as much as it can.

    Nothing is shown for at most `may_refuse` of the good questions; at most `may_mislead` of what is answered is of bad
    ones, both kinds weighed alike: where that cannot be kept, the least that can. None stands for the program's own
    shares, of which the second gives way where more than `MAY_ONLY_RELATE` of the good questions were not answered.
    """
    gives_way = may_mislead is None
    good, bad, near = calibration.good, calibration.bad, calibration.near
    may_refuse = MAY_REFUSE if may_refuse is None else may_refuse
    may_mislead = MAY_MISLEAD if may_mislead is None else may_mislead
    related_from = max(cut for cut in _cuts(*near) if _below(near, cut) <= may_refuse)
    cuts = [cut for cut in sorted({related_from, *_cuts(*good, *bad)}) if cut >= related_from and _from(good, cut)]
    mistaken = {cut: _mistaken(good, bad, cut) for cut in cuts}
    least = min(mistaken.values(), default=0.0)
    threshold = min((cut for cut, share in mistaken.items() if share <= max(may_mislead, least)), default=related_from)
    if gives_way:
        few = (cut for cut in cuts if _below(good, cut) <= MAY_ONLY_RELATE)
        threshold = min(threshold, max(few, default=related_from))
    refused = _below(near, related_from)
    return OperatingPoint(
        threshold=threshold,
        wrongly_refused=round(refused, 4),
        wrongly_answered=round(_from(bad, threshold), 4),
        measured_on=calibration.measured_on,
        related_from=related_from,
        only_related=round(max(0.0, _below(good, threshold) - refused), 4),
        wrong_answers=round(_mistaken(good, bad, threshold), 4),
    )


def calibrate(good: Sequence[Certainty], bad: Sequence[Certainty], measured_on: str) -> Calibration:
    """Fit a calibration to the judgement of questions with and without an answer, of which there are some each.

    Platt, "Probabilistic outputs for support vector machines", 1999, with his targets for small sets; the slope is held
    to 1 a little, so that a set which happens to be parted without an error does not make every answer certain.
    """
    import numpy

    log_odds = numpy.array([each.sure for each in (*good, *bad)], dtype=numpy.float64)
    targets = numpy.repeat([(len(good) + 1) / (len(good) + 2), 1 / (len(bad) + 2)], [len(good), len(bad)])
    middle = float(log_odds.mean())  # around it the two numbers hardly depend on each other
    design = numpy.stack([log_odds - middle, numpy.ones_like(log_odds)])
    penalty = numpy.diag([TRUST, 0.0])

    def loss(at: numpy.ndarray) -> float:
        inner = at @ design
        return float((numpy.logaddexp(0, inner) - targets * inner).sum() + TRUST / 2 * (at[0] - 1) ** 2)

    parameters = numpy.array([1.0, 0.0])
    for _ in range(STEPS):  # Newton's method, with steps halved until they lead downhill, on a convex function
        expected = 1 / (1 + numpy.exp(-numpy.clip(parameters @ design, -500, 500)))
        gradient = design @ (expected - targets) + penalty @ (parameters - [1.0, 0.0])
        curvature = (design * (expected * (1 - expected))) @ design.T + penalty + 1e-12 * numpy.eye(2)
        step = numpy.linalg.solve(curvature, gradient)
        while loss(parameters - step) > loss(parameters) and numpy.abs(step).max() > TOLERANCE:
            step = step / 2
        parameters = parameters - step
        if numpy.abs(step).max() <= TOLERANCE:
            break
    slope = round(max(float(parameters[0]), LEAST_SLOPE), 6)
    intercept = round(float(parameters[1]) - slope * middle, 6)
    fitted = Calibration(slope, intercept, (), (), measured_on)
    return replace(
        fitted,
        good=tuple(sorted(confidence(fitted, each.sure) for each in good)),
        bad=tuple(sorted(confidence(fitted, each.sure) for each in bad)),
        near=tuple(sorted(confidence(fitted, each.near) for each in good)),
    )


def _mistaken(good: Sequence[float], bad: Sequence[float], threshold: float) -> float:
    """Return the share of bad ones among those from a threshold on, good and bad ones weighed alike."""
    right, wrong = _from(good, threshold), _from(bad, threshold)
    return wrong / (right + wrong) if wrong else 0.0


def _cuts(*confidences: float) -> list[float]:
    """Return the places between neighbouring confidences, in ascending order, from 0 on."""
    return [0.0, *(round((low + high) / 2, 4) for low, high in pairwise(sorted({0.0, *confidences})))]


def _below(ascending: Sequence[float], threshold: float) -> float:
    return bisect_left(ascending, threshold) / len(ascending) if ascending else 0.0


def _from(ascending: Sequence[float], threshold: float) -> float:
    """Return the share from the threshold on: counted, since 1 less a share is not what 2/3 is compared with."""
    return (len(ascending) - bisect_left(ascending, threshold)) / len(ascending) if ascending else 0.0
