"""Everyday words are told from names by what they are made of."""

from __future__ import annotations

import pytest

from rag.text.everyday_words import ends_like_a_word, is_everyday
from rag.text.story_words import tells_the_story

COMMON = frozenset("topple jig saw block revise sure quick motor bike jerk dog".split())


@pytest.mark.parametrize("word", ["toppling", "jigsaw", "blockers", "revising", "surest", "quickly", "tummy", "jerky"])
def test_words_made_of_common_ones_are_everyday(word: str) -> None:
    assert is_everyday(word, COMMON.__contains__)


@pytest.mark.parametrize("word", ["warfarin", "porencephaly", "leptospirosis", "levadopa"])
def test_names_are_not(word: str) -> None:
    assert not is_everyday(word, COMMON.__contains__)
    assert not ends_like_a_word(word)


@pytest.mark.parametrize("word", ["mum", "Nan", "yesterday", "since", "wondering"])
def test_the_asker_s_story_is_told_by_its_words(word: str) -> None:
    assert tells_the_story(word)


@pytest.mark.parametrize("word", ["magnesium", "liver", "headache", "price"])
def test_what_is_asked_about_is_no_story(word: str) -> None:
    assert not tells_the_story(word)
