"""Safety notices in answers, and the rules on questions that people asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NoReturn

import pytest
from click.testing import CliRunner

from rag.answer.engine import Engine, open_index
from rag.cli.main import command
from rag.core.config import Settings
from rag.core.errors import ConfigError, QuestionError
from rag.core.types.answers import Answer
from rag.safety.framing import FRAMING
from rag.safety.notice_rules import applies
from rag.safety.notices import URGENT
from rag.safety.question_wording import misspelled, spellings, wording
from rag.safety.texts import text

CRISIS = "I want to kill myself"
EMERGENCY = "My father has crushing chest pain. Is magnesium safe?"
ANSWERED = "Who should not take magnesium?"


def urgent(question: str) -> list[str]:
    said = wording(question)
    return [kind for kind in URGENT if applies(kind, said)]


def kinds(answer: Answer) -> list[str]:
    return [notice.kind for notice in answer.notices]


KNOWLEDGE = {"Information", "Action", "Appearance", "Ingredient", "Storage", "Storage and disposal"}


def test_questions_on_doses_that_people_asked(shared_data: Path) -> None:
    rows = lines_of(shared_data, "safety/medication_questions.jsonl")
    seen = [(row, applies("dosing", wording(row["text"]))) for row in rows]
    strict = [got for row, got in seen if row["dose_strict"]]
    knowledge = [got for row, got in seen if row["type"] in KNOWLEDGE]
    assert sum(strict) / len(strict) >= 0.95
    assert sum(knowledge) / len(knowledge) <= 0.25


def test_questions_on_doses_from_leaflets(shared_data: Path) -> None:
    rows = [row for row in lines_of(shared_data, "safety/drug_questions.jsonl") if row["dose"]]
    assert sum(applies("dosing", wording(row["text"])) for row in rows) / len(rows) >= 0.95


def test_questions_of_research_that_were_asked(shared_data: Path) -> None:
    rows = [row["text"] for name in ("nfcorpus", "scifact") for row in lines_of(shared_data, f"{name}/queries.jsonl")]
    asked = Random(1).sample(rows, 1000)
    assert sum(bool(urgent(each)) for each in asked) <= 2


def test_safe_prompts_that_sound_unsafe_are_no_crisis(shared_data: Path) -> None:
    safe = [row for row in lines_of(shared_data, "safety/xstest.jsonl") if row["label"] == "safe"]
    assert sum(applies("crisis", wording(row["prompt"])) for row in safe) / len(safe) <= 0.02


def test_no_word_that_people_write_is_taken_for_a_misspelling(exported_encoder: Path) -> None:
    """The words of the model's vocabulary are spelled as people spell them."""
    words = json.loads((exported_encoder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    assert not {word: misspelled(word, spellings()) for word in words if misspelled(word, spellings())}


def test_a_crisis_is_withheld_and_nothing_is_searched(starter: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> NoReturn:
        raise AssertionError("it was searched")

    monkeypatch.setattr("rag.answer.assemble.find", never)
    answer = starter.ask(CRISIS)
    assert (answer.status, answer.quotes, answer.changed_sources) == ("withheld", (), ())
    assert kinds(answer) == ["crisis", "framing"]


def test_an_emergency_stands_before_the_framing_and_the_quotes_are_the_same(
    starter: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = starter.ask(EMERGENCY)
    assert kinds(answer)[:2] == ["emergency", "framing"]
    monkeypatch.setattr("rag.safety.notices.applies", lambda *_: False)
    plain = starter.ask(EMERGENCY)
    assert kinds(plain) == ["framing"]
    assert (answer.quotes, answer.status, answer.confidence) == (plain.quotes, plain.status, plain.confidence)


def test_a_notice_on_doses_stands_after_the_framing(starter: Engine) -> None:
    answer = starter.ask(ANSWERED)
    assert (answer.status, kinds(answer), answer.notices[0]) == ("answered", ["framing", "dosing"], FRAMING)


def test_a_notice_stands_whether_or_not_anything_is_found(starter: Engine) -> None:
    answer = starter.ask("I can't breathe after the zorbulin vaccine of Mozambique")
    assert (answer.status, kinds(answer)[0]) == ("not_in_corpus", "emergency")


def test_a_country_that_is_not_known_is_named(starter_settings: Settings) -> None:
    for wrong in (lambda: text("crisis", "XX"), lambda: open_index(starter_settings.index, country="XX")):
        refused(wrong)
    run = CliRunner().invoke(command, ["status", "--index", str(starter_settings.index)], env={"RAG_COUNTRY": "XX"})
    assert run.exit_code == 2 and "The country XX is not known" in run.stderr


def refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ConfigError, match="The country XX is not known"):
        wrong()


def test_the_engine_names_its_countrys_numbers(starter_settings: Settings) -> None:
    answer = open_index(starter_settings.index, country="GB").ask(CRISIS)
    assert answer.notices[0].text == text("crisis", "GB")


def lines_of(folder: Path, name: str) -> list[dict[str, str]]:
    data = folder / "data" / name
    if not data.is_file():
        pytest.skip(f"the data to measure on are not here (set RAG_TEST_DATA to the folder that holds data/{name})")
    return [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("where", ["{cry} {rest}", "{rest} {cry}"])
def test_a_cry_for_help_is_heard_in_a_question_that_is_too_long(where: str, starter: Engine) -> None:
    long = where.format(cry=CRISIS, rest="I am so tired. " * 400)
    answer = starter.ask(long)
    assert (answer.status, answer.quotes) == ("withheld", ())
    assert kinds(answer)[0] == "crisis"
    with pytest.raises(QuestionError):
        starter.ask("I am so tired. " * 400)
