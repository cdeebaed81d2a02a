"""The cross-encoder as it is opened and run: what it reads, and every file that is not what it should be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.tiny_cross_encoder import write_cross_encoder

from rag.core.errors import ModelError
from rag.core.types.passage_readings import PassageText
from rag.encoder.cross_encoder import CrossEncoder
from rag.encoder.cross_encoder_files import CARD_FILE, MODEL_FILE

SENTENCES = ("Salt is white.", "Pepper is black.", "Both are cheap.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("model"), "pepper")


@pytest.fixture(scope="module")
def reader(folder: Path) -> CrossEncoder:
    return CrossEncoder(folder)


def test_a_passage_answers_by_its_sentences(reader: CrossEncoder) -> None:
    with_it, without = reader.read("What is black?", [PassageText("", SENTENCES, 0), PassageText("", SENTENCES[:1], 0)])
    assert with_it.answers == 4.0
    assert without.answers == -4.0
    assert list(with_it.sentences) == [0, 1, 2]
    assert max(with_it.sentences, key=lambda number: with_it.sentences[number]) == 1


def test_what_the_question_says_is_not_what_the_passage_says(reader: CrossEncoder) -> None:
    (reading,) = reader.read("Is pepper black?", [PassageText("", SENTENCES[:1], 0)])
    assert reading.answers == -4.0


def test_a_reading_does_not_depend_on_what_else_is_read(reader: CrossEncoder) -> None:
    passages = [PassageText(f"Spices {number}", SENTENCES * number, 1) for number in range(1, 9)]
    assert reader.read("Which is black?", passages) == [reader.read("Which is black?", [each])[0] for each in passages]


def test_of_a_long_passage_the_sentences_round_the_nearest_are_read(reader: CrossEncoder) -> None:
    many = tuple(f"This is the sentence with the number {number} of a great many." for number in range(40))
    sentences = (*many[:30], "Pepper is black.", *many[30:])
    near, far = reader.read("What?", [PassageText("", sentences, 29), PassageText("", sentences, 3)])
    assert (near.answers, far.answers) == (4.0, -4.0)
    assert 30 in near.sentences
    assert 30 not in far.sentences


@pytest.mark.parametrize(
    "question", ["", "?", "x" * 2_000, "Was ist schwarz? 胡椒は黒い", "\x00\ud7ff", "pepper " * 400]
)
def test_any_question_is_read(reader: CrossEncoder, question: str) -> None:
    (reading,) = reader.read(question, [PassageText("Ünïcode 香辛料", ("Pepper is black. 黒", "…"), 1)])
    assert reading.answers == 4.0


def truncated(folder: Path) -> None:
    file = folder / MODEL_FILE
    file.write_bytes(file.read_bytes()[:-100])


def altered(folder: Path) -> None:
    file = folder / MODEL_FILE
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def foreign(folder: Path) -> None:
    (folder / MODEL_FILE).write_text("This is no model.", encoding="utf-8")


def missing(folder: Path) -> None:
    (folder / MODEL_FILE).unlink()


def without_card(folder: Path) -> None:
    (folder / CARD_FILE).unlink()


def other_card(folder: Path) -> None:
    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    (folder / CARD_FILE).write_text(json.dumps({**card, "fingerprint": "0" * 16}), encoding="utf-8")


def empty_card(folder: Path) -> None:
    (folder / CARD_FILE).write_text("", encoding="utf-8")


@pytest.mark.parametrize("harm", [truncated, altered, foreign, missing, without_card, other_card, empty_card])
def test_files_that_are_not_what_they_should_be_are_said_so(harm: Callable[[Path], None], tmp_path: Path) -> None:
    folder = write_cross_encoder(tmp_path, "pepper")
    harm(folder)
    with pytest.raises(ModelError, match="cross-encoder cannot be opened"):
        CrossEncoder(folder)
