"""Calibration and the operating point: monotone, keeping what they promise, and at ease with any numbers at all."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.core.types.answers import Hit, Scores, SentenceMatch
from rag.core.types.documents import AUTHOR
from rag.core.types.passages import Passage
from rag.core.types.reports import Calibration
from rag.search.answerability import (
    NO_EVIDENCE,
    Certainty,
    Signals,
    coefficients,
    default_calibration,
    probability,
    signals,
)
from rag.search.calibration import calibrate, confidence, operating_point
from rag.search.terms import Asked

LOG_ODDS = st.floats(NO_EVIDENCE.likeness, 40, allow_nan=False)
JUDGED = st.builds(lambda near, lacks: Certainty(near, near - lacks), LOG_ODDS, st.sampled_from([0.0, 3.0]))
SETS = st.tuples(st.lists(JUDGED, min_size=1, max_size=25), st.lists(JUDGED, min_size=1, max_size=25))
SHARES = st.floats(0, 1, exclude_max=True)
ROUNDED = 5e-5
"""How far a share that is given to four digits may be off."""


def judged(*log_odds: float) -> list[Certainty]:
    return [Certainty(each, each) for each in log_odds]


def below(confidences: Sequence[float], threshold: float) -> float:
    return sum(each < threshold for each in confidences) / len(confidences)


def mistaken(calibration: Calibration, threshold: float) -> float:
    right, wrong = 1 - below(calibration.good, threshold), 1 - below(calibration.bad, threshold)
    return wrong / (right + wrong) if wrong else 0.0


@examples(200)
@given(SETS, LOG_ODDS, LOG_ODDS)
def test_a_confidence_is_a_probability_that_rises_with_the_log_odds(
    sets: tuple[list[Certainty], list[Certainty]], one: float, other: float
) -> None:
    calibration = calibrate(*sets, "a test")
    for confidences, given_ in zip(
        (calibration.good, calibration.bad, calibration.near), (*sets, sets[0]), strict=True
    ):
        assert list(confidences) == sorted(confidences)
        assert all(0 <= each <= 1 for each in confidences)
        assert len(confidences) == len(given_)
    low, high = sorted((one, other))
    assert 0 <= confidence(calibration, low) <= confidence(calibration, high) <= 1


@examples(200)
@given(SETS, SHARES, SHARES)
def test_the_more_may_be_refused_the_less_is_shown(
    sets: tuple[list[Certainty], list[Certainty]], one: float, other: float
) -> None:
    calibration = calibrate(*sets, "a test")
    few, many = (operating_point(calibration, share) for share in sorted((one, other)))
    assert few.related_from <= many.related_from
    assert few.wrongly_refused <= many.wrongly_refused


@examples(200)
@given(SETS, SHARES, SHARES)
def test_a_point_keeps_both_shares_and_says_what_it_does(
    sets: tuple[list[Certainty], list[Certainty]], may_refuse: float, may_mislead: float
) -> None:
    calibration = calibrate(*sets, "a test")
    point = operating_point(calibration, may_refuse, may_mislead)
    assert 0 <= point.related_from <= point.threshold <= 1
    assert below(calibration.near, point.related_from) <= may_refuse
    assert point.wrongly_refused == pytest.approx(below(calibration.near, point.related_from), abs=ROUNDED)
    assert point.wrongly_answered == pytest.approx(1 - below(calibration.bad, point.threshold), abs=ROUNDED)
    assert point.wrong_answers == pytest.approx(mistaken(calibration, point.threshold), abs=ROUNDED)
    assert point.measured_on == "a test"


CONFIDENCES = st.lists(st.integers(0, 100).map(lambda percent: percent / 100), min_size=1, max_size=20).map(sorted)


@examples(300)
@given(CONFIDENCES, CONFIDENCES, SHARES)
def test_as_much_is_answered_as_may_be(good: list[float], bad: list[float], share: float) -> None:
    """Against every threshold that there is: a lower one answers wrongly too often, or shows what is not near."""
    calibration = Calibration(1.0, 0.0, tuple(good), tuple(bad), "a test", tuple(good))
    point = operating_point(calibration, 0.03, share)
    for threshold in (0.0, *good, *bad):
        if point.related_from <= threshold < point.threshold and below(good, threshold) < below(good, point.threshold):
            assert mistaken(calibration, threshold) > share
    kept = [each for each in (*good, *bad) if each >= point.related_from and mistaken(calibration, each) <= share]
    assert point.wrong_answers <= share + ROUNDED or not [each for each in kept if below(good, each) < 1]


def test_a_set_that_is_parted_without_an_error_makes_no_answer_certain() -> None:
    calibration = calibrate(judged(*[2.0] * 10), judged(*[-2.0] * 10), "a test")
    point = operating_point(calibration)
    assert 0.5 < max(calibration.good) < 0.99
    assert 0.01 < min(calibration.bad) < 0.5
    assert (point.wrongly_refused, point.wrongly_answered) == (0.0, 0.0)
    assert max(calibration.bad) < point.threshold < min(calibration.good)


@pytest.mark.parametrize(
    ("good", "bad"),
    [([0.0], [0.0]), ([-40.0] * 10, [-40.0] * 10), ([40.0] * 10, [40.0] * 10), ([-3.0] * 10, [3.0] * 10)],
)
def test_sets_that_tell_nothing_still_give_a_point(good: list[float], bad: list[float]) -> None:
    calibration = calibrate(judged(*good), judged(*bad), "a test")
    assert calibration.slope > 0
    for share in (None, 0.0, 0.5, 0.999):
        assert 0 <= operating_point(calibration, share, share).threshold <= 1


def test_a_calibration_moves_confidences_towards_what_was_seen() -> None:
    """Log-odds that are too sure of themselves are taken back, and a corpus of harder questions lowers them."""
    unsure = calibrate(judged(*[2.0, -1.0] * 10), judged(*[1.0, -2.0] * 10), "a test")
    assert 0 < unsure.slope < 1
    shifted = calibrate(judged(*[3.0] * 10), judged(*[1.0] * 10), "a test")
    assert confidence(shifted, 2.0) < probability(2.0)


@pytest.mark.parametrize("middle", [-30.0, -4.0, 0.0, 25.0])
def test_a_calibration_is_right_on_average_wherever_log_odds_lie(middle: float) -> None:
    """The mean confidence is the share with an answer: what the best intercept means."""
    good, bad = [middle + each / 10 for each in range(-5, 25)], [middle + each / 10 for each in range(-25, 5)]
    found = calibrate(judged(*good), judged(*bad), "a test")
    mean = sum((*found.good, *found.bad)) / 60
    assert mean == pytest.approx(0.5, abs=0.01)
    assert found.slope > 1


def test_the_program_s_own_calibration_gives_a_point() -> None:
    point = operating_point(default_calibration())
    assert 0 <= point.threshold <= 1
    assert point.measured_on
    assert point.related_from < point.threshold
    assert operating_point(default_calibration(), 0.0).wrongly_refused == 0.0


ABOUT_SALT = Asked("salt kryptonite", "", {"salt": 1.0, "kryptonit": 3.0}, {}, ("kryptonite",), 0.75)


def hit(absolute: float, coverage: float, *scores: float) -> Hit:
    spans = tuple((place, place + 1) for place in range(len(scores)))
    matches = tuple(SentenceMatch(span, score, coverage, score) for span, score in zip(spans, scores, strict=True))
    passage = Passage("p", "d", 0, len(scores), spans, (), AUTHOR, None, None)
    return Hit(0, passage, Scores(absolute, absolute, 0.0), absolute, matches)


def test_what_the_judgement_sees() -> None:
    found = signals(ABOUT_SALT, [hit(0.4, 0.25, 0.3), hit(0.6, 0.0, 0.1, 0.5), hit(0.2, 0.1, 0.2)])
    assert found == Signals(absolute=0.6, lead=pytest.approx(math.log(2)), cosine=0.5, coverage=0.0, missing=0.75)
    assert signals(ABOUT_SALT, [hit(0.4, 0.25, 0.3)]).lead == 0.0
    assert signals(ABOUT_SALT, [hit(0.0, 0.0, 0.0), hit(-0.1, 0.0, 0.0)]).lead == 0.0  # near nothing there is no ratio


def test_how_many_quotes_are_shown_changes_no_judgement() -> None:
    best = [hit(0.5, 0.2, 0.4)] * 10
    assert signals(ABOUT_SALT, [*best, hit(0.9, 1.0, 0.9)]) == signals(ABOUT_SALT, best)


@pytest.mark.parametrize("name", ["absolute", "lead", "cosine", "coverage"])
def test_what_speaks_for_an_answer_never_counts_against_it(name: str) -> None:
    assert getattr(coefficients().weights, name) >= 0
    assert coefficients().weights.missing <= 0
