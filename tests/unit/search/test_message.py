"""A long message is read for the sentences that ask."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.search.message import leans_on_others, read_message


@pytest.mark.parametrize(
    ("message", "asking"),
    [
        ("What is zinc?", ["What is zinc?"]),
        ("zinc and colds", ["zinc and colds"]),
        ("Mum is 84. She takes zinc. Is it safe? Thanks!", ["Is it safe?"]),
        ("I want to know if zinc helps. I am tired.", ["I want to know if zinc helps."]),
        ("so does it help. my nan says no", ["so does it help."]),
        ("He weighs 70.5 kg. How much zinc is in beef? And in milk?", ["How much zinc is in beef?", "And in milk?"]),
        ("Nan was told\nshe has gout\nwhat is that", ["what is that"]),
    ],
)
def test_sentences_that_ask_are_told_from_the_story(message: str, asking: list[str]) -> None:
    read = read_message(message)
    assert [message[start:end].strip() for start, end in read.asking] == asking


@examples(200)
@given(st.text(alphabet="ab ?.!\nwhat is it", max_size=60))
def test_every_word_of_a_message_is_in_one_sentence(message: str) -> None:
    read = read_message(message)
    spans = sorted((*read.asking, *read.story))
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    left = list(message)
    for start, end in spans:
        left[start:end] = " " * (end - start)
    assert not any(character.isalnum() for character in left)
    assert read.asking or not any(map(str.isalnum, message))


@pytest.mark.parametrize(("sentence", "leans"), [("Can she take it?", True), ("Is zinc safe?", False)])
def test_a_pronoun_leans_on_what_was_said(sentence: str, leans: bool) -> None:
    assert leans_on_others(sentence) is leans
