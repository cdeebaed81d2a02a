"""Follow-ups: how they are understood, by a table of our own, and a conversation that is asked."""

import csv
import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from rag import Conversation, Engine
from rag.answer.conversation import AS_ASKED
from rag.core.errors import QuestionError
from rag.core.types.protocols import Vocabulary
from rag.search.followups.recognising import is_small_talk, rules, worded
from rag.search.followups.resolving import MOST_BORROWED, resolve
from rag.text.rules.rule_set import Rule

TABLE = Path(__file__).with_name("follow_ups.tsv")


def follow_ups() -> list[dict[str, str]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def worded_like(rule: Rule, question: str) -> bool:
    return any(said is rule for said, _ in rules().said(worded(question).text))


@pytest.mark.parametrize("rule", rules().rules, ids=lambda rule: rule.name)
def test_the_examples_beside_a_rule_hold(rule: Rule) -> None:
    assert rule.matches and rule.passes
    assert [each for each in rule.matches if not worded_like(rule, each)] == []
    assert [each for each in rule.passes if worded_like(rule, each)] == []


@pytest.mark.parametrize("row", follow_ups(), ids=lambda row: f"{row['earlier']} {row['typed']}")
def test_a_follow_up_is_understood(starter: Engine, row: dict[str, str]) -> None:
    resolution = starter.understand(row["typed"], row["earlier"].split(" ;; "))
    expected = row["typed"] if row["searched as"] == "-" else row["searched as"]
    assert resolution.resolved == expected
    assert (resolution.reason is None) == (resolution.resolved == row["typed"])


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


class _Rare:
    """A vocabulary in which every word is as rare as another."""

    def terms(self, text: str) -> list[str]:
        return text.casefold().split()

    def contains(self, term: str) -> bool:
        return True

    def inverse_document_frequency(self, term: str) -> float:
        return 1.0


def _first(text: str, others: Sequence[str]) -> list[float]:
    return [1.0, *(0.0 for _ in others[1:])]


words = st.text(alphabet="abz mdIt?(),.'and what", max_size=60)


@given(question=words, earlier=st.lists(words, max_size=3))
@examples(max_examples=300, deadline=None)
def test_no_question_is_lent_what_nobody_asked(question: str, earlier: list[str]) -> None:
    vocabulary: Vocabulary = _Rare()  # type: ignore[assignment]
    resolution = resolve(question, earlier, vocabulary, _first)
    assert all(any(word in each for each in earlier) for word in resolution.borrowed_words)
    assert len(resolution.borrowed_words) <= MOST_BORROWED
    if not earlier or resolution.reason is None:
        assert resolution.resolved == question
    assert resolve(question, earlier, vocabulary, _first) == resolution


@pytest.mark.parametrize("said", ["thanks!", "Thank you so much", "hi", "ok great", "lol", "I see, thanks"])
def test_small_talk_asks_nothing(said: str) -> None:
    assert is_small_talk(said)


@pytest.mark.parametrize("said", ["thanks, what about ketamine", "hello?is magnesium safe", "great doses?", "zinc", ""])
def test_a_greeting_before_a_question_is_none(said: str) -> None:
    assert not is_small_talk(said)


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
