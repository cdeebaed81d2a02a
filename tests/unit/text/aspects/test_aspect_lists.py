"""The aspects that questions ask for and passages speak of."""

from __future__ import annotations

import pytest

from rag.text.aspects.aspect_lists import Wordings, asked_aspects, spoken_aspects


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("what brings on a migraine", "cause"),
        ("side effects of clopidogrel", "side_effect"),
        ("can you mix zinc with milk", "interaction"),
        ("who shouldn't take ketamine", "who_should_not"),
        ("what does it cost", "cost"),
        ("does it run in families", "inheritance"),
        ("What is zinc?", "definition"),
    ],
)
def test_a_question_s_aspect_is_told_by_its_words(question: str, aspect: str) -> None:
    assert aspect in asked_aspects(question)


def test_what_is_asks_for_a_definition_only_where_nothing_else_is_asked() -> None:
    assert "definition" not in asked_aspects("What is the price of zinc?")


def test_the_longest_wording_uses_up_its_words() -> None:
    wordings = Wordings({"mechanism": ["work"], "end": ["stop working", "stop work"], "side": ["harm*"]})
    assert wordings.aspects_in("when does it stop work") == {"end"}
    assert wordings.aspects_in("does it work") == {"mechanism"}
    assert wordings.aspects_in("is it Harmful") == {"side"}
    assert wordings.aspects_in("") == frozenset()


def test_a_heading_speaks_of_its_aspect() -> None:
    assert "side_effect" in spoken_aspects("Clopidogrel. Side effects. Bruising is common.")
