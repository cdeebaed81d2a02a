"""Every surface finds itself here: whatever renders an `Answer`, or turns that hold some, shows its notices first."""

from __future__ import annotations

import importlib
import inspect
import io
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from typing import Any, get_args

import click
import pytest
from click.testing import CliRunner
from rich.console import Console
from support.related import related_to

import rag.page.html
import rag.render
from rag.answer.engine import Engine
from rag.cli.main import command, command_named
from rag.core.config import Settings
from rag.core.types.answers import Answer, LeftOut, Turn
from rag.core.types.documents import Standing
from rag.core.types.outcomes import OUTCOMES, Status
from rag.render.exporting import EXPORTS
from rag.render.wording import NEAREST
from rag.safety.framing import FRAMING
from rag.safety.texts import text

QUESTIONS = {
    "answered": "Who should not take magnesium?",
    "not_in_corpus": "How do I renew my passport?",
    "withheld": "I want to kill myself",
}
MADE = ("related", "withheld, for sources have changed")
"""Outcomes that are made of the answered one."""

UNSEARCHED = "Nothing was searched and nothing is quoted: the notice above comes first."
CHANGED = "Nothing can be quoted: the sources that were found have changed since the index was built (a.txt)."

PARTS = {
    "related_html": "stands after what says that it is no answer, and is never shown alone",
    "remarks_html": "stands after an answer's quotes, and is never shown alone",
    "why_html": "stands after those, and has names and figures alone",
}
"""Functions that render a part of an answer, each with the reason why it shows no notices."""

ALL_PARTS = {"lacking", "layout", "wording"}
"""Modules that render parts of answers alone."""

RECORDS = {"answer_record", "conversation_record", "conversation_json"}
ASKED_AT = "2026-02-03T04:05:06+00:00"


def renderers() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield whatever renders answers: every public function that takes one, or turns, of what renders or makes HTML."""
    modules = [
        f"{folder.__name__}.{module.name}"
        for folder in (rag.render, rag.page.html)
        for module in pkgutil.iter_modules(folder.__path__)
        if module.name not in ALL_PARTS
    ]
    for module in modules:
        home = importlib.import_module(module)
        for name, function in inspect.getmembers(home, inspect.isfunction):
            takes = [str(each.annotation) for each in inspect.signature(function).parameters.values()]
            if (
                function.__module__ == home.__name__
                and {"Answer", "Sequence[Turn]"} & set(takes)
                and not name.startswith("_")
            ):
                yield name, function


def formats() -> list[str]:
    (form,) = (each for each in command_named("query").params if each.name == "form")
    assert isinstance(form.type, click.Choice)
    return list(form.type.choices)


SURFACES = dict(renderers())
CONVERSATIONS = sorted(name for name, surface in SURFACES.items() if "turns" in inspect.signature(surface).parameters)


def rendered(name: str, *answers: Answer) -> str:
    """Return what a surface shows, reduced to words; a console is handed to whoever wants one."""
    if name in CONVERSATIONS:
        turns = [Turn(answer.question, answer, ASKED_AT) for answer in answers]
        shown = SURFACES[name](turns, ASKED_AT)
        return plain(shown if isinstance(shown, str) else json.dumps(shown))
    (answer,) = answers
    function = SURFACES[name]
    out = io.StringIO()
    wants_console = "console" in inspect.signature(function).parameters
    returned = function(answer, Console(file=out, width=80)) if wants_console else function(answer)
    return plain(
        out.getvalue() if returned is None else returned if isinstance(returned, str) else json.dumps(returned)
    )


def plain(shown: str) -> str:
    """Return the words of any format: no tags, no escapes, no line ends."""
    if shown.startswith("{"):
        shown = json.dumps(json.loads(shown), ensure_ascii=False)
    return " ".join(
        unescape(re.sub(r"<[^>]*>|\\(?=[^\w\s])|\*\*|[│┃]", " ", re.sub(r"\\(?=[^\w\s])", "", shown))).split()
    )


@pytest.fixture(scope="module")
def answers(starter: Engine) -> dict[str, Answer]:
    by_status = {status: starter.ask(question) for status, question in QUESTIONS.items()}
    changed = replace(by_status["answered"], status="withheld", quotes=(), changed_sources=("a.txt",))
    return {**by_status, "related": related_to(by_status["answered"]), "withheld, for sources have changed": changed}


def test_every_status_is_tested(answers: dict[str, Answer]) -> None:
    assert {answer.status for answer in answers.values()} == set(get_args(Status)) == set(OUTCOMES)
    assert set(PARTS) <= set(SURFACES)


def test_an_answer_holds_what_the_table_of_outcomes_says(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        row = OUTCOMES[answer.status]
        assert (bool(answer.quotes), bool(answer.related), answer.is_answered, answer.is_withheld) == (
            row.has_quotes, row.has_related, row.is_answered, row.is_withheld,
        )  # fmt: skip
        assert row.has_topics or not answer.topics


@pytest.mark.parametrize("status", [*QUESTIONS, *MADE])
@pytest.mark.parametrize("name", sorted(set(SURFACES) - set(PARTS)))
def test_every_surface_shows_every_notice(name: str, status: str, answers: dict[str, Answer]) -> None:
    shown = rendered(name, answers[status])
    assert FRAMING.text in shown
    assert [notice.text for notice in answers[status].notices if notice.text not in shown] == []


@pytest.mark.parametrize("name", sorted(set(SURFACES) - set(PARTS)))
def test_urgent_notices_stand_first_on_every_surface(name: str, answers: dict[str, Answer]) -> None:
    shown = rendered(name, answers["withheld"])
    assert shown.index(text("crisis")) < shown.index(FRAMING.text)


@pytest.mark.parametrize("name", sorted(set(SURFACES) - set(PARTS) - {"notices_html"}))
def test_every_surface_says_why_an_answer_is_withheld(name: str, answers: dict[str, Answer]) -> None:
    crisis, changed = rendered(name, answers["withheld"]), rendered(name, answers["withheld, for sources have changed"])
    assert UNSEARCHED in crisis
    assert CHANGED not in crisis
    assert CHANGED in changed
    assert UNSEARCHED not in changed


@pytest.mark.parametrize("name", sorted(set(SURFACES) - set(PARTS) - {"notices_html"}))
def test_every_surface_says_what_was_left_out(name: str, answers: dict[str, Answer]) -> None:
    shown = rendered(name, replace(answers["answered"], left_out=LeftOut(1, 2)))
    said = "Not searched: 1 retracted and 2 superseded documents (--include-retracted, --include-superseded)."
    assert ('"left_out": {"retracted": 1, "superseded": 2}' if name in RECORDS else said) in shown
    assert "Not searched" not in rendered(name, answers["answered"])


@pytest.mark.parametrize("name", sorted(set(SURFACES) - set(PARTS) - {"notices_html"}))
def test_every_surface_names_the_nearest_topics_as_no_answer(name: str, answers: dict[str, Answer]) -> None:
    """They stand after the outcome, and with nothing of their passages' text."""
    answer = answers["not_in_corpus"]
    assert answer.topics
    shown = rendered(name, answer)
    named = [" › ".join((each.title, *each.passage.section[1:])) for each in answer.topics]
    if name in RECORDS:
        assert '"topics": [{"id": ' in shown
        assert [each.passage.id for each in answer.topics if each.passage.id not in shown] == []
    else:
        assert shown.index("The corpus does not say.") < shown.index(NEAREST) < shown.index(named[0])
        assert [each for each in named if each not in shown] == []
    assert NEAREST not in rendered(name, answers["answered"])
    assert NEAREST not in rendered(name, answers["withheld, for sources have changed"])


@pytest.mark.parametrize("name", sorted(SURFACES))
def test_every_surface_that_shows_quotes_says_how_their_documents_stand(name: str, answers: dict[str, Answer]) -> None:
    answer = answers["answered"]
    said = [
        "Retracted: 2021: in doubt",
        "Superseded by new.md",
        "Review was due on 2024-06",
        "Evidence grade: low (GRADE)",
    ]
    standing = Standing("2021: in doubt", "new.md", "2024-06", ("low", "GRADE"))
    shown = rendered(name, replace(answer, quotes=tuple(replace(each, standing=standing) for each in answer.quotes)))
    shows_quotes = answer.quotes[0].document.title in shown and name != "why_html"
    times = 2 if name in RECORDS else 1  # a record's citation of the quote says so as well
    assert [shown.count(line) for line in said] == [len(answer.quotes) * shows_quotes * times] * len(said)
    assert not [line for line in said if line in rendered(name, answer)]


@pytest.mark.parametrize("name", sorted(set(SURFACES) - set(PARTS)))
def test_no_surface_shows_an_answer_without_the_framing(name: str, answers: dict[str, Answer]) -> None:
    with pytest.raises(ValueError, match="without its framing"):
        rendered(name, replace(answers["answered"], notices=()))


def test_every_export_of_a_conversation_is_tested() -> None:
    assert set(EXPORTS.values()) <= {SURFACES[name] for name in CONVERSATIONS}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_every_answer_of_a_conversation_bears_its_own_notices(name: str, answers: dict[str, Answer]) -> None:
    shown = rendered(name, *answers.values())
    assert shown.count(FRAMING.text) == len(answers)
    asked = [shown.index(answer.question) for answer in answers.values()]
    assert asked[2] < shown.index(text("crisis"))
    with pytest.raises(ValueError, match="without its framing"):
        rendered(name, answers["not_in_corpus"], replace(answers["answered"], notices=()))


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_part_shows_no_quote(name: str, answers: dict[str, Answer]) -> None:
    shown = rendered(name, answers["answered"])
    assert not [quote for quote in answers["answered"].quotes if " ".join(quote.text.split())[:40] in shown]


@pytest.mark.parametrize("status", QUESTIONS)
@pytest.mark.parametrize("form", formats())
def test_every_format_of_the_command_line_shows_the_notices(
    form: str, status: str, answers: dict[str, Answer], starter_settings: Settings
) -> None:
    folders = ["--corpus", str(starter_settings.corpus), "--index", str(starter_settings.index), "--country", "US"]
    run = CliRunner().invoke(command, ["query", QUESTIONS[status], "--format", form, *folders])
    assert run.exit_code == 0
    shown = plain(run.stdout)
    assert FRAMING.text in shown
    assert (text("crisis", "US") in shown) == (status == "withheld")
    assert (UNSEARCHED in shown) == (status == "withheld")
    assert ("dosing" in [notice.kind for notice in answers[status].notices]) == (text("dosing", "US") in shown)
