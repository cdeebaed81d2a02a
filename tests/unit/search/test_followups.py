"""Follow-ups: how they are understood, by a table of our own, and a conversation that is asked."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.core.types.protocols import Vocabulary
from rag.search.followups.recognising import is_small_talk, rules, worded
from rag.search.followups.resolving import MOST_BORROWED, resolve
from rag.text.rules.rule_set import Rule


def worded_like(rule: Rule, question: str) -> bool:
    return any(said is rule for said, _ in rules().said(worded(question).text))


@pytest.mark.parametrize("rule", rules().rules, ids=lambda rule: rule.name)
def test_the_examples_beside_a_rule_hold(rule: Rule) -> None:
    assert rule.matches and rule.passes
    assert [each for each in rule.matches if not worded_like(rule, each)] == []
    assert [each for each in rule.passes if worded_like(rule, each)] == []


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
@examples(300)
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
