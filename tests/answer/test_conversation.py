"""Follow-ups on the starter index, by a table of our own, and a conversation that is asked."""

import csv
import datetime
from dataclasses import replace

import pytest
from support.cases import check_each
from support.paths import DATA

from rag import Conversation, Engine
from rag.answer.conversation import AS_ASKED
from rag.core.errors import QuestionError
from rag.core.types.ask import EarlierQuestion
from rag.search.understanding import resolve_within

TABLE = DATA / "follow_ups.tsv"


def follow_ups() -> list[dict[str, str]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_a_follow_up_is_understood(starter: Engine) -> None:
    def check(row: dict[str, str]) -> None:
        earlier = [EarlierQuestion(each) for each in row["earlier"].split(" ;; ")]
        resolution = resolve_within(row["typed"], earlier, starter.index, starter.encoder)
        expected = row["typed"] if row["searched as"] == "-" else row["searched as"]
        assert resolution.resolved == expected, resolution
        assert (resolution.reason is None) == (resolution.resolved == row["typed"]), resolution

    check_each([(row,) for row in follow_ups()], check)


def test_the_table_holds_every_kind_of_follow_up() -> None:
    rows = follow_ups()
    assert len(rows) >= 60
    assert {row["kind"] for row in rows} == {
        "pronoun",
        "ellipsis",
        "comparison",
        "narrowing",
        "topic change",
        "correction",
        "small talk",
        "after an unanswered question",
    }


def noon() -> datetime.datetime:
    return datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)


def test_each_turn_is_cited_afresh(starter: Engine) -> None:
    conversation = Conversation(starter, quotes=2, now=noon)
    first = conversation.ask("Is magnesium supplementation safe?")
    second = conversation.ask("Who should not take it?")
    assert second.searched_as == "Who should not take it? (magnesium supplementation safe)"
    alone = starter.ask("Who should not take it?", context=["Is magnesium supplementation safe?"], quotes=2)
    assert replace(second, took_ms=0) == replace(alone, took_ms=0)
    assert [turn.answer for turn in conversation.turns] == [first, second]
    assert conversation.turns[0].asked_at == "2026-05-04T12:00:00+00:00"
    assert second.resolution is not None and second.resolution.reason == "pronoun"


def test_a_question_is_asked_differently(starter: Engine) -> None:
    conversation = Conversation(starter, quotes=1)
    with pytest.raises(IndexError):
        conversation.ask_differently("Is magnesium safe?")
    conversation.ask("Does memantine help OCD?")
    conversation.ask("And its side effects?")
    answer = conversation.ask_differently("What are the side effects of ketamine?")
    assert [turn.question for turn in conversation.turns] == ["Does memantine help OCD?", "And its side effects?"]
    assert answer.question == "And its side effects?"
    assert answer.searched_as == "What are the side effects of ketamine?"
    assert answer.resolution is not None and answer.resolution.reason == AS_ASKED
    assert conversation.ask("Is it safe?").searched_as == "Is it safe? (side effects ketamine)"
    with pytest.raises(QuestionError):
        conversation.ask_differently("")
    assert len(conversation.turns) == 3


def test_what_could_not_be_answered_is_not_kept(starter: Engine) -> None:
    conversation = Conversation(starter)
    with pytest.raises(QuestionError):
        conversation.ask("  ")
    assert conversation.turns == ()
    conversation.ask("What is memantine?")
    conversation.start_anew()
    assert conversation.turns == ()
    assert conversation.ask("Is it safe?").searched_as == "Is it safe?"


def test_a_cry_for_help_that_leans_back_is_heard(starter: Engine) -> None:
    conversation = Conversation(starter)
    conversation.ask("How much ketamine is too much?")
    answer = conversation.ask("I want to kill myself with it")
    assert answer.notices[0].kind == "crisis"
    assert answer.quotes == ()
