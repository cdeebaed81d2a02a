"""Measure how well confidence parts the questions that the corpus answers from the others, and what it is worth.

AUROC is the chance that a question with an answer gets a higher confidence than one without, ties counted half (Mann
and Whitney, 1947). Calibration takes the confidence as the probability that there is an answer: the expected
calibration error (Guo et al., "On Calibration of Modern Neural Networks", 2017) and the Brier score (Brier, 1950). Both
depend on the share of questions with an answer in the set, AUROC does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy

from rag.core.types.outcomes import OUTCOMES, Status
from rag.core.types.reports import OperatingPoint

BINS = 10
"""Equal widths of confidence, for the expected calibration error."""

MOST_OF_THE_ANSWERABLE = 0.95
"""The share of questions with an answer that are to be answered, where the share of the others is read off."""

RESAMPLES = 2_000
BATCH = 100
"""How many resamples are in memory at once."""


class HasStatus:
    """Something that was asked and has a status: whether it was answered, or shown related passages alone."""

    __slots__ = ()
    status: Status

    @property
    def answered(self) -> bool:
        """Whether quotes were shown as an answer."""
        return OUTCOMES[self.status].is_answered

    @property
    def related(self) -> bool:
        """Whether related passages were shown, and no answer."""
        return OUTCOMES[self.status].has_related


@dataclass(frozen=True, slots=True)
class Judged(HasStatus):
    """One question that was asked: its confidence, what came of it, and whether the corpus has an answer.

    `kind` says of what sort a question without an answer is; one that is `aside` belongs to neither class.
    """

    confidence: float
    status: Status
    answerable: bool
    kind: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions were answered, were shown related passages alone, or were shown no passage."""

    answered: int
    related: int
    nothing: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the 95% interval of a bootstrap over the questions."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RefusalReport:
    """The figures of refusing. Shares run from 0 to 1; None where a class that a figure needs has no questions.

    As the program stands, `wrongly_refused` is the share of questions with an answer that were shown no passage,
    `only_related` the share that were shown related ones alone, `wrongly_answered` the share of the others that were
    answered, and `wrong_answers` the share of what was answered that has no answer, both classes weighed alike;
    `of_answerable` and `of_unanswerable` count the same. `wrongly_answered_at_95` is the share of the others that are
    as sure as 95% of the questions with an answer.
    """

    answerable: int
    unanswerable: int
    of_answerable: Tally
    of_unanswerable: Tally
    auroc: Interval | None
    wrongly_refused: float | None
    only_related: float | None
    wrongly_answered: float | None
    wrong_answers: float | None
    wrongly_answered_at_95: float | None
    calibration_error: float | None
    brier: float | None


@dataclass(frozen=True, slots=True)
class Refusals:
    """The figures of both classes, and of each kind without an answer against all the questions that have one."""

    point: OperatingPoint
    together: RefusalReport
    kinds: Mapping[str, RefusalReport]
    judged: tuple[Judged, ...]


def measure_kinds(point: OperatingPoint, judged: Sequence[Judged]) -> Refusals:
    """Measure questions together and kind by kind; a kind that is aside stands among the kinds alone."""
    kinds = sorted({each.kind for each in judged if each.kind})
    return Refusals(
        point=point,
        together=measure_refusal([each for each in judged if not each.aside]),
        kinds={
            kind: measure_refusal([each for each in judged if each.answerable or each.kind == kind]) for kind in kinds
        },
        judged=tuple(judged),
    )


def measure_refusal(judged: Sequence[Judged]) -> RefusalReport:
    """Return the figures of questions that were asked."""
    confidence = numpy.array([each.confidence for each in judged], dtype=numpy.float64)
    answerable = numpy.array([each.answerable for each in judged], dtype=bool)
    good, bad = confidence[answerable], confidence[~answerable]
    both = len(good) > 0 and len(bad) > 0
    right = tally([each for each in judged if each.answerable])
    wrong = tally([each for each in judged if not each.answerable])
    return RefusalReport(
        answerable=len(good),
        unanswerable=len(bad),
        of_answerable=right,
        of_unanswerable=wrong,
        auroc=Interval(auroc(good, bad), *auroc_interval(good, bad)) if both else None,
        wrongly_refused=right.nothing / len(good) if len(good) else None,
        only_related=right.related / len(good) if len(good) else None,
        wrongly_answered=wrong.answered / len(bad) if len(bad) else None,
        wrong_answers=mistaken(right.answered / len(good), wrong.answered / len(bad)) if both else None,
        wrongly_answered_at_95=answered_at(MOST_OF_THE_ANSWERABLE, good, bad) if both else None,
        calibration_error=expected_calibration_error(confidence, answerable) if len(judged) else None,
        brier=float(((confidence - answerable) ** 2).mean()) if len(judged) else None,
    )


def tally(judged: Sequence[Judged]) -> Tally:
    """Count what came of questions; one that was withheld was shown nothing."""
    answered, related = sum(each.answered for each in judged), sum(each.related for each in judged)
    return Tally(answered, related, len(judged) - answered - related)


def mistaken(right: float, wrong: float) -> float:
    """Return the share of wrong answers among all, of the shares of either class that are answered."""
    return wrong / (right + wrong) if wrong else 0.0


def auroc(good: numpy.ndarray, bad: numpy.ndarray) -> float:
    """Return the chance that one of `good` is above one of `bad`, ties counted half; neither may be empty."""
    return float(_area(*_counts(good, bad)))


def auroc_interval(good: numpy.ndarray, bad: numpy.ndarray) -> tuple[float, float]:
    """Return the 95% percentile interval of a bootstrap (Efron, 1979) within each class, with a fixed seed.

    Drawing questions anew is drawing anew how many stand at each distinct confidence, which needs no sorting.
    """
    chance = numpy.random.default_rng(0)
    good_counts, bad_counts = _counts(good, bad)
    areas = [
        _area(
            chance.multinomial(len(good), good_counts / len(good), size=BATCH),
            chance.multinomial(len(bad), bad_counts / len(bad), size=BATCH),
        )
        for _ in range(RESAMPLES // BATCH)
    ]
    low, high = numpy.percentile(areas, [2.5, 97.5])
    return float(low), float(high)


def answered_at(share: float, good: numpy.ndarray, bad: numpy.ndarray) -> float:
    """Return the share of `bad` at or above the highest confidence that at least `share` of `good` reach."""
    descending = numpy.sort(good)[::-1]
    needed = int(numpy.ceil(share * len(good) - 1e-9))  # 0.95 × 20 is 19, whatever floating point says
    return float((bad >= descending[max(needed, 1) - 1]).mean())


def expected_calibration_error(confidence: numpy.ndarray, answerable: numpy.ndarray) -> float:
    """Return the mean distance, over the questions, of their bin's mean confidence from its share with an answer."""
    bins = numpy.clip(numpy.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)  # (0, 0.1], (0.1, 0.2], …
    distance = numpy.bincount(bins, confidence - answerable, minlength=BINS)
    return float(numpy.abs(distance).sum() / len(confidence))


def _counts(good: numpy.ndarray, bad: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return how many of each class stand at each distinct confidence, in ascending order of confidence."""
    distinct, places = numpy.unique(numpy.concatenate([good, bad]), return_inverse=True)
    return (
        numpy.bincount(places[: len(good)], minlength=len(distinct)),
        numpy.bincount(places[len(good) :], minlength=len(distinct)),
    )


def _area(good: numpy.ndarray, bad: numpy.ndarray) -> numpy.ndarray:
    """Return the area under the ROC curve of counts in ascending order of confidence, shape (…, distinct) → (…)."""
    below = numpy.cumsum(bad, axis=-1) - bad
    pairs = good.sum(axis=-1) * bad.sum(axis=-1)
    return numpy.asarray((good * (below + bad / 2)).sum(axis=-1) / pairs)
