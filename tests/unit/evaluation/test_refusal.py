"""The figures of refusing are the literature's, and come from answers that a person would get."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.core.types.outcomes import OUTCOMES, Status
from rag.core.types.reports import OperatingPoint
from rag.evaluation.refusal import (
    Judged,
    Tally,
    answered_at,
    auroc,
    auroc_interval,
    expected_calibration_error,
    measure_kinds,
    measure_refusal,
)

CONFIDENCES = st.lists(st.sampled_from([n / 20 for n in range(21)]) | st.floats(0, 1), min_size=1, max_size=40)
JUDGED = st.builds(Judged, st.floats(0, 1), st.sampled_from(list(OUTCOMES)), st.booleans())


def judged(
    good: list[float], bad: list[float], threshold: float = 0.5, kind: str = "", aside: bool = False
) -> list[Judged]:
    def status(confidence: float) -> Status:
        return "answered" if confidence >= threshold else "not_in_corpus"

    return [Judged(each, status(each), answerable=True) for each in good] + [
        Judged(each, status(each), answerable=False, kind=kind, aside=aside) for each in bad
    ]


@given(CONFIDENCES, CONFIDENCES)
def test_auroc_is_the_share_of_pairs_in_the_right_order(good: list[float], bad: list[float]) -> None:
    pairs = [(g > b) + (g == b) / 2 for g in good for b in bad]
    assert auroc(numpy.array(good), numpy.array(bad)) == pytest.approx(sum(pairs) / len(pairs))


@given(CONFIDENCES, CONFIDENCES)
def test_auroc_of_the_classes_exchanged_is_the_rest(good: list[float], bad: list[float]) -> None:
    assert auroc(numpy.array(bad), numpy.array(good)) == pytest.approx(1 - auroc(numpy.array(good), numpy.array(bad)))


@given(st.sampled_from([0.5, 0.9, 0.95, 1.0]), CONFIDENCES, CONFIDENCES)
def test_what_is_answered_when_most_of_the_answerable_are(share: float, good: list[float], bad: list[float]) -> None:
    enough = [t for t in good if sum(g >= t for g in good) >= share * len(good) - 1e-9]
    expected = sum(b >= max(enough) for b in bad) / len(bad)
    assert answered_at(share, numpy.array(good), numpy.array(bad)) == pytest.approx(expected)


@given(st.lists(JUDGED, min_size=1, max_size=60))
def test_the_calibration_error_bin_by_bin(asked: list[Judged]) -> None:
    error = 0.0
    for number in range(10):
        low, high = number / 10, (number + 1) / 10
        inside = [e for e in asked if low < e.confidence * 10 / 10 <= high or (number == 0 and e.confidence == 0)]
        if inside:
            accuracy = sum(e.answerable for e in inside) / len(inside)
            confidence = sum(e.confidence for e in inside) / len(inside)
            error += len(inside) / len(asked) * abs(accuracy - confidence)
    found = expected_calibration_error(
        numpy.array([e.confidence for e in asked]), numpy.array([e.answerable for e in asked])
    )
    assert found == pytest.approx(error)


@given(st.lists(JUDGED, max_size=60))
def test_every_share_is_one(asked: list[Judged]) -> None:
    report = measure_refusal(asked)
    assert report.answerable + report.unanswerable == len(asked)
    shares = (report.wrongly_refused, report.only_related, report.wrongly_answered, report.wrong_answers)
    for share in (*shares, report.wrongly_answered_at_95):
        assert share is None or 0 <= share <= 1
    for counted, of in ((report.of_answerable, report.answerable), (report.of_unanswerable, report.unanswerable)):
        assert counted.answered + counted.related + counted.nothing == of
    if report.wrongly_refused is not None and report.only_related is not None:
        assert report.wrongly_refused + report.only_related <= 1 + 1e-9
    for error in (report.calibration_error, report.brier):
        assert error is None or 0 <= error <= 1
    assert (report.auroc is not None) == (report.answerable > 0 and report.unanswerable > 0)
    if report.auroc:
        assert report.auroc.low <= report.auroc.high


def test_the_figures_of_a_small_set() -> None:
    report = measure_refusal(judged(good=[0.9, 0.8, 0.4], bad=[0.1, 0.6]))
    assert report.auroc is not None
    assert report.auroc.value == pytest.approx(5 / 6)
    assert report.wrongly_refused == pytest.approx(1 / 3)
    assert report.wrongly_answered == report.wrongly_answered_at_95 == pytest.approx(1 / 2)
    assert report.brier == pytest.approx((0.01 + 0.04 + 0.36 + 0.01 + 0.36) / 5)
    assert report.calibration_error == pytest.approx((0.1 + 0.2 + 0.6 + 0.1 + 0.6) / 5)


def test_related_passages_are_counted_apart_from_answers_and_from_nothing() -> None:
    good: list[Status] = ["answered", "answered", "related", "not_in_corpus"]
    bad: list[Status] = ["answered", "related", "related", "related", "withheld", "not_in_corpus", "related", "related"]
    report = measure_refusal(
        [Judged(0.5, each, answerable=True) for each in good] + [Judged(0.5, each, answerable=False) for each in bad]
    )
    assert (report.of_answerable, report.of_unanswerable) == (Tally(2, 1, 1), Tally(1, 5, 2))
    assert (report.wrongly_refused, report.only_related, report.wrongly_answered) == (1 / 4, 1 / 4, 1 / 8)
    assert report.wrong_answers == pytest.approx((1 / 8) / (1 / 2 + 1 / 8))


def test_a_class_without_questions_has_no_figures() -> None:
    report = measure_refusal(judged(good=[0.9], bad=[]))
    assert (report.auroc, report.wrongly_answered, report.wrongly_answered_at_95) == (None, None, None)
    assert report.wrongly_refused == 0
    assert measure_refusal([]).brier is None


def test_the_interval_is_that_of_a_bootstrap_and_always_the_same() -> None:
    chance = numpy.random.default_rng(1)
    good, bad = chance.normal(0.6, 0.1, 80).round(2), chance.normal(0.5, 0.1, 60).round(2)
    low, high = auroc_interval(good, bad)
    assert auroc_interval(good, bad) == (low, high)
    drawn = [auroc(chance.choice(good, len(good)), chance.choice(bad, len(bad))) for _ in range(2000)]
    assert [low, high] == pytest.approx(numpy.percentile(drawn, [2.5, 97.5]).tolist(), abs=0.01)
    assert low < auroc(good, bad) < high


def test_kinds_are_reported_apart_and_what_is_aside_counts_in_neither_class() -> None:
    asked = (
        judged([0.9], [0.1], kind="far")
        + judged([], [0.95], kind="near")
        + judged([], [1.0], kind="in part", aside=True)
    )
    found = measure_kinds(OperatingPoint(0.5, 0.1, 0.1, "a test"), asked)
    assert (found.together.answerable, found.together.unanswerable) == (1, 2)
    assert found.together.wrongly_answered == 0.5
    assert {kind: report.wrongly_answered for kind, report in found.kinds.items()} == {
        "far": 0,
        "near": 1,
        "in part": 1,
    }
    assert all(report.answerable == 1 for report in found.kinds.values())
