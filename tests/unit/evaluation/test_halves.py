"""Calibrating on half of the questions: the other half is judged by what has not seen it, and promises are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.core.corpus_files import FEWEST
from rag.evaluation.halves import POINTS, measure_halves
from rag.evaluation.refusal import Judged


def judged(good: list[float], bad: list[float]) -> list[Judged]:
    return [Judged(each, "answered", answerable=True) for each in good] + [
        Judged(each, "answered", answerable=False) for each in bad
    ]


def test_halves_that_are_alike_keep_what_they_promise() -> None:
    good = [0.3 + place / 200 for place in range(120)]
    bad = [0.1 + place / 200 for place in range(120)]
    found = measure_halves(judged(good, bad))
    assert found is not None
    assert [each.may_mislead for each in found.promises] == list(POINTS)
    for each in found.promises:
        assert each.unanswered == pytest.approx(each.promised_unanswered, abs=0.03)
        assert each.answered == pytest.approx(each.promised_answered, abs=0.03)
        assert each.wrong == pytest.approx(each.promised_wrong, abs=0.03)
    assert found.calibration_error < 0.1


def test_a_half_that_is_unlike_the_other_breaks_its_promise() -> None:
    """Every other good question is far less sure: what one half promises the other cannot keep."""
    good = [0.9, 0.2] * 20
    found = measure_halves(judged(good, [0.5] * 40))
    assert found is not None
    assert max(abs(each.unanswered - each.promised_unanswered) for each in found.promises) > 0.3


def test_too_few_questions_promise_nothing() -> None:
    assert measure_halves(judged([0.9] * FEWEST, [0.1] * (FEWEST - 1))) is None
    aside = [Judged(0.5, "answered", answerable=False, aside=True)] * 100
    assert measure_halves([*judged([0.9] * 100, [0.1]), *aside]) is None


@examples(50)
@given(st.lists(st.floats(0, 1), min_size=FEWEST, max_size=60), st.lists(st.floats(0, 1), min_size=FEWEST, max_size=60))
def test_shares_are_shares_whatever_the_confidences(good: list[float], bad: list[float]) -> None:
    found = measure_halves(judged(good, bad))
    assert found is not None
    assert 0 <= found.calibration_error <= 1
    for each in found.promises:
        promised = (each.promised_unanswered, each.promised_answered, each.promised_wrong)
        assert all(0 <= share <= 1 for share in (*promised, each.unanswered, each.answered, each.wrong))
    _, strict, lenient = found.promises
    assert strict.promised_wrong <= lenient.promised_wrong
    assert strict.promised_unanswered >= lenient.promised_unanswered
