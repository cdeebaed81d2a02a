"""The corpus's own words, and what a misspelled question is told of them."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from rag.answer.engine import Engine, open_index
from rag.answer.suggestions import MOST_WORDS, distance_allowed, suggest
from rag.building.build import build
from rag.core.config import Settings
from rag.core.errors import IndexDamaged
from rag.core.types.answers import Suggestion
from rag.core.types.protocols import Vocabulary
from rag.index.opening import OpenIndex
from rag.index.store.spellings import SPELLINGS_TABLE, spellings_in_rows, write_spellings
from rag.render.wording import outcome, remarks
from rag.text.analysis import analyzer

LENGTHS = (0, 10_000)


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


def words_by_hand(index: OpenIndex) -> Counter[str]:
    """The count that the index should have, one passage at a time."""
    words: Counter[str] = Counter()
    for document in index.store.documents():
        for passage in index.store.passages_of(document.id):
            text = f"{document.title} {' '.join(passage.section)} {document.text[passage.start : passage.end]}"
            words.update(set(re.findall(r"\w+", text.lower())))
    return words


def stored_words(index: OpenIndex) -> dict[str, int]:
    return dict(zip(*index.store.spellings(*LENGTHS), strict=True))


def test_the_index_knows_the_words_of_its_passages_titles_and_headings(starter: Engine) -> None:
    stored = stored_words(starter.index)
    assert stored == words_by_hand(starter.index)
    assert stored["memantine"] > stored["bioavailability"] > 0
    assert all(word == word.lower() for word in stored)


@examples(max_examples=8, derandomize=True, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(("Salt calms.", "Iron tires!", ""))), min_size=2)
)
def test_words_follow_the_corpus_and_are_those_of_a_build_from_nothing(
    seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("words")
    (folder / "corpus").mkdir()
    step_by_step = Settings(corpus=folder / "corpus", index=seeded(folder / "index"))
    for texts in steps[:4]:
        for name, text in texts.items():
            file = step_by_step.corpus / f"{name}.txt"
            file.write_text(f"Of {name}{name}\n\n{text}") if text else file.unlink(missing_ok=True)
        build(step_by_step)
    at_once = replace(step_by_step, index=seeded(folder / "other"))
    build(at_once)
    one, other = open_index(step_by_step.index).index, open_index(at_once.index).index
    assert stored_words(one) == stored_words(other) == words_by_hand(other)
    shutil.rmtree(folder)


@examples(max_examples=100, derandomize=True, deadline=None)
@given(st.dictionaries(st.from_regex(r"\w+", fullmatch=True), st.integers(1, 10**6)))
def test_words_are_read_as_they_were_written(words: dict[str, int]) -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SPELLINGS_TABLE)
    write_spellings(connection, Counter(words))
    rows = connection.execute("SELECT words, passages FROM spellings ORDER BY length").fetchall()
    connection.close()
    assert dict(zip(*spellings_in_rows(rows), strict=True)) == words


@pytest.mark.parametrize(
    "change",
    ["UPDATE spellings SET passages = x'01000000'", "UPDATE spellings SET passages = x'01'", "DROP TABLE spellings"],
)
def test_torn_words_are_named(own: Settings, change: str) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    build(own)
    engine = open_index(own.index)
    (store,) = (own.index / "generations").glob("*/store.sqlite")
    with sqlite3.connect(store) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(IndexDamaged, match="--rebuild"):
        engine.ask("Does salt calm the saylor?")


@pytest.mark.parametrize(
    ("question", "term", "words"),
    [
        ("What is magnisium?", "magnisium", ("magnesium",)),
        ("What is memantne?", "memantne", ("memantine",)),
        ("Which brain messengers does Amphetmine push out?", "Amphetmine", ("amphetamine",)),
        ("Is cetamine addictive?", "cetamine", ("ketamine",)),
        ("What helps anxeity?", "anxeity", ("anxiety",)),
        ("What is a receptro?", "receptro", ("receptor",)),
        ("Does it cause depresion?", "depresion", ("depression",)),
    ],
)
def test_a_misspelled_word_gets_the_corpus_s_own(
    starter: Engine, question: str, term: str, words: tuple[str, ...]
) -> None:
    answer = starter.ask(question)
    assert Suggestion(term, words) in answer.suggestions
    assert f"{term} (did you mean {words[0]}?)" in " ".join([outcome(answer), *remarks(answer)])


@pytest.mark.parametrize(
    "question",
    [
        "Does warfarin clash with magnesium?",
        "What is the half-life of lamotrigine?",
        "Is melatonin safe?",
        "Does the cold season injure a shirt at night?",  # rightly spelled, however near to "could", "reason", "short"
        "Is a bone infection or a sheath or renal injury bad?",
        "Is esketamine better?",  # another drug than ketamine
        "Is treatment ineffective?",
        "镁是什么?",
    ],
)
def test_a_word_that_is_no_misspelling_gets_no_suggestion(starter: Engine, question: str) -> None:
    answer = starter.ask(question)
    assert answer.missing_terms
    assert answer.suggestions == ()


def test_a_question_without_unknown_words_looks_for_none(starter: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.index.store.sqlite_store.Store.spellings", None)
    assert starter.ask("What is memantine?").missing_terms == ()


@pytest.mark.parametrize(
    "word", "device beyond recent nothing kids worrying larger lock sites during counts morning weaken beat".split()
)
def test_a_rightly_spelled_word_of_the_question_set_gets_no_suggestion(starter: Engine, word: str) -> None:
    assert starter.ask(f"{word}?").suggestions == ()


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


@examples(max_examples=300, derandomize=True, deadline=None)
@given(st.text("abcé1_", min_size=1, max_size=12), st.lists(st.text("abcé1_", min_size=1, max_size=12), unique=True))
def test_every_suggestion_is_a_word_of_the_corpus_within_its_distance(term: str, words: list[str]) -> None:
    vocabulary: Vocabulary = Stems()
    found = suggested(term, *words)
    assert len(found) <= MOST_WORDS
    assert set(found) <= set(words)
    for word in found:
        assert 0 < OSA.distance(term, word) <= distance_allowed(term)
        assert vocabulary.terms(word) != vocabulary.terms(term)
