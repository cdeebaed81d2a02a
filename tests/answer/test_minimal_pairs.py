"""Pairs of questions that differ in one thing: a name, the story around it, its spelling, the aspect that is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.paths import DATA

from rag.answer.engine import Engine
from rag.core.types.answers import Answer

CASES = [json.loads(line) for line in (DATA / "minimal_pairs.jsonl").read_text("utf-8").splitlines()]
NOT_YET = (
    "can dad just stop his sinemet suddenly",
    "What should she do now, please?",
)
"""Ends of questions that are not yet answered as they should be: very lay wordings, in a long message."""


def marked(case: dict[str, Any]) -> Any:
    fails = case["question"].endswith(NOT_YET) and case["outcome"] == "answered"
    marks = [pytest.mark.xfail(strict=True, reason="not yet")] if fails else []
    return pytest.param(case, id=case["question"][-60:], marks=marks)


def flat(text: str) -> str:
    return " ".join(text.split())


def shown_as_missing(answer: Answer) -> set[str]:
    named = (*answer.missing_terms, *(answer.shortfall.names if answer.shortfall else ()))
    return {word.casefold() for name in named for word in (name, *name.split())}


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_an_answer_speaks_of_what_was_asked(leaflets: Engine, case: dict[str, Any]) -> None:
    answer = leaflets.ask(case["question"])
    if case["outcome"] == "not answered":
        assert not answer.is_answered
        assert not answer.quotes
    else:
        assert answer.status in ("answered", "related")
        wanted = [flat(each) for each in (case["quote"], *case.get("quote_more", ()))]
        passages = [flat(each.text) for each in (*answer.quotes, *answer.related)]
        assert any(quote in passage for quote in wanted for passage in passages)
    missing = shown_as_missing(answer)
    assert {name.casefold() for name in case["must_name"]} <= missing
    assert missing.isdisjoint(word.casefold() for word in case["must_not_name"])


def test_most_of_what_has_an_answer_is_answered(leaflets: Engine) -> None:
    """A related passage is a way out for the doubtful ones: for one in five at most."""
    answerable = [case for case in CASES if case["outcome"] == "answered"]
    answered = sum(leaflets.ask(case["question"]).is_answered for case in answerable)
    assert answered >= 0.8 * len(answerable)
