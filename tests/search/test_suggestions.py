"""The words of an index, and suggestions for misspelled ones."""

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
from hypothesis import strategies as st
from support.indexes import Prebuilt
from support.properties import examples

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.core.errors import IndexDamaged
from rag.core.types.answers import Suggestion
from rag.index.opening import OpenIndex
from rag.render.wording import outcome, remarks

LENGTHS = (0, 10_000)


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


@examples(8)
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


@pytest.mark.parametrize(
    "change",
    ["UPDATE spellings SET passages = x'01000000'", "UPDATE spellings SET passages = x'01'", "DROP TABLE spellings"],
)
def test_torn_words_are_named(prebuilt: Prebuilt, change: str) -> None:
    own = prebuilt({"a.txt": "Salt calms the heart of the sailor."})
    engine = open_index(own.index)
    (store,) = (own.index / "generations").glob("*/store.sqlite")
    with sqlite3.connect(store) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(IndexDamaged, match="--rebuild"):
        engine.ask("Does salt calm the saylor?")


@pytest.mark.parametrize(
    ("question", "term", "word"),
    [
        ("What is magnisium?", "magnisium", "magnesium"),
        ("What is memantne?", "memantne", "memantine"),
        ("Which brain messengers does Amphetmine push out?", "Amphetmine", "amphetamine"),
        ("What helps anxeity?", "anxeity", "anxiety"),
        ("What is a receptro?", "receptro", "receptor"),
        ("Does it cause depresion?", "depresion", "depression"),
    ],
)
def test_a_misspelled_word_is_searched_as_the_corpus_s_own(
    starter: Engine, question: str, term: str, word: str
) -> None:
    answer = starter.ask(question)
    assert f"{term} ({word})" in answer.searched_as
    assert term not in answer.missing_terms


@pytest.mark.parametrize(("question", "term", "words"), [("Is cetamine addictive?", "cetamine", ("ketamine",))])
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
