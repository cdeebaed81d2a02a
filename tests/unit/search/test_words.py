"""The corpus's own words, and what a misspelled question is told of them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from support.properties import examples

from rag.core.types.answers import Suggestion
from rag.core.types.protocols import Vocabulary
from rag.index.store.spellings import SPELLINGS_TABLE, spellings_in_rows, write_spellings
from rag.search.suggestions import MOST_WORDS, distance_allowed, suggest
from rag.text.analysis import analyzer
from rag.text.words import content_words


class Stems:
    """The project's own analysis of words, over none."""

    def terms(self, text: str) -> list[str]:
        return list(analyzer().analyze(text))

    def contains(self, term: str) -> bool:
        return False

    def inverse_document_frequency(self, term: str) -> float:
        return 1.0


def corpus_of(*words: str) -> Callable[[int, int], tuple[list[str], list[int]]]:
    """A corpus in which the words that come first are held by more passages."""
    counts = {word: len(words) - place for place, word in enumerate(words)}

    def between(shortest: int, longest: int) -> tuple[list[str], list[int]]:
        there = [word for word in counts if shortest <= len(word) <= longest]
        return there, [counts[word] for word in there]

    return between


def suggested(term: str, *words: str, spelled: bool = False) -> tuple[str, ...]:
    found = suggest([term], corpus_of(*words), Stems(), lambda _: spelled)
    return found[0].words if found else ()


@examples(100)
@given(st.dictionaries(st.from_regex(r"\w+", fullmatch=True), st.integers(1, 10**6)))
def test_words_are_read_as_they_were_written(words: dict[str, int]) -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SPELLINGS_TABLE)
    write_spellings(connection, Counter(words))
    rows = connection.execute("SELECT words, passages FROM spellings ORDER BY length").fetchall()
    connection.close()
    assert dict(zip(*spellings_in_rows(rows), strict=True)) == words


@pytest.mark.parametrize(
    ("word", "allowed"),
    [
        ("abc", 0),
        ("abcd", 1),
        ("abcde", 1),
        ("abcdef", 2),
        ("abcdefgh", 2),
        ("abcdefghi", 3),
        ("b12abcd", 0),
        ("a_bcd", 0),
    ],
)
def test_how_far_a_word_may_be_off(word: str, allowed: int) -> None:
    assert distance_allowed(word) == allowed


def test_the_nearest_are_suggested_and_those_first_that_more_passages_hold() -> None:
    assert suggested("calsium", "calcium", "caesium") == ("calcium", "caesium")
    assert suggested("calsium", "caesium", "calcium") == ("caesium", "calcium")
    assert suggested("calsium", "calcite", "calcium") == ("calcium",)  # three letters off, and one
    assert len(suggested("saltaa", "saltab", "saltac", "saltad", "saltae")) == MOST_WORDS


def test_one_form_of_a_word_is_enough() -> None:
    assert suggested("recepter", "receptors", "receptor") == ("receptor",)
    assert suggested("receptros", "receptors", "receptor") == ("receptors",)


@pytest.mark.parametrize(
    ("term", "word"),
    [
        ("hypertension", "hypotension"),
        ("antagonist", "agonist"),
        ("tolerable", "intolerable"),
        ("citalopram", "escitalopram"),
        ("noradrenaline", "adrenaline"),
        ("blockers", "blocks"),
        ("receptors", "receptor"),
        ("wher", "where"),
        ("bakes", "takes"),
        ("salt1", "salts"),
        ("salts", "salt1"),
    ],
)
def test_another_word_is_no_suggestion(term: str, word: str) -> None:
    assert suggested(term, word) == ()


def test_a_word_that_people_write_is_left_alone() -> None:
    assert suggested("calsium", "calcium", spelled=True) == ()


def test_suggestions_stand_with_the_terms_they_are_for() -> None:
    found = suggest(["kryptonite", "Calsium", "anxeity"], corpus_of("calcium", "anxiety"), Stems(), lambda _: False)
    assert found == (Suggestion("Calsium", ("calcium",)), Suggestion("anxeity", ("anxiety",)))


@examples(300)
@given(st.text("abcé1_", min_size=1, max_size=12), st.lists(st.text("abcé1_", min_size=1, max_size=12), unique=True))
def test_every_suggestion_is_a_word_of_the_corpus_within_its_distance(term: str, words: list[str]) -> None:
    vocabulary: Vocabulary = Stems()
    found = suggested(term, *words)
    assert len(found) <= MOST_WORDS
    assert set(found) <= set(words)
    for word in found:
        assert 0 < OSA.distance(term, word) <= distance_allowed(term)
        assert vocabulary.terms(word) != vocabulary.terms(term)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Is it necessary to have a will?", ["necessary", "will"]),
        ("What helps my will to live?", ["helps", "will", "live"]),
    ],
)
def test_the_will_that_is_written_is_no_function_word(question: str, words: list[str]) -> None:
    assert content_words(question) == words


def test_the_will_that_is_done_carries_nothing() -> None:
    assert content_words("Will it rain?") == ["rain"]
