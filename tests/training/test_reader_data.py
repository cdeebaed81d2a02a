"""The whole recipe on small data of our own: spans, parts that are apart, wordings kept aside, and sameness."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.scripts import training_script

recipe = training_script("reader_data")
health = training_script("health_questions")
styles = training_script("question_styles")
rows = training_script("reader_rows")

COLOURS = "amber blue crimson dun ebony fawn green hazel ivory jade khaki lilac mauve navy ochre pink".split()
NOUNS = "mill barn weir gate".split()
TOPICS = [f"{colour} {place}" for colour in COLOURS for place in ("hill", "vale", "moor")]
QTYPES = {
    "symptoms": "People with {} pox have a symptom or two, such as pain in the thumb and a dry nose at night.",
    "causes": "The {} pox is caused by dust from old hay, and nothing else has ever been found to bring it about.",
    "treatment": "The {} pox is treated with rest and a warm drink; surgery is never called for, as far as is known.",
    "research": "Scientists study the {} pox in trials at two schools, where research goes on until spring.",
}


def public_lines() -> list[dict[str, Any]]:
    lines = []
    for number, (colour, noun) in enumerate((c, n) for c in COLOURS for n in NOUNS):
        builder, year = f"Anna {colour.title()}son", 1700 + number
        passage = f"The old {colour} {noun} was built in {year} by {builder} . It is the highest {noun} of the land ."
        passage += f" A story of {colour} things is told here ." * (30 if number % 10 == 0 else 1)
        for source, text in (("squadshifts_new_wiki", passage), ("squad2train_adv_nqg", passage.lower())):
            answer = builder if text == passage else builder.lower()
            asked = f"Who built the highest {colour} {noun} in {year} ?"
            common = {"source": source, "title": f"{colour}_{noun}" if text == passage else "", "passage": text}
            spans = [{"text": answer, "start": text.index(answer)}]
            lines += [
                common
                | {"id": f"{source} {number}", "question": asked, "answers": spans, "answerable": True, "kind": "span"},
                common
                | {
                    "id": f"{source} {number}n",
                    "question": f"Who owned the {noun} ?",
                    "answers": [],
                    "answerable": False,
                }
                | {"kind": "adversarial"},
            ]
    return lines


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both sets, in the layout of the real ones."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "reader").mkdir()
    with gzip.open(folder / "reader/train_clean.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in public_lines())
    (folder / "medquad").mkdir()
    asked = [
        {
            "_id": f"M-{topic}-{qtype}".replace(" ", "_"),
            "text": f"What of {topic} pox?",
            "qtype": qtype,
            "focus": f"{topic} pox",
        }
        for topic in TOPICS
        for qtype in QTYPES
    ]
    (folder / "medquad/questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in asked))
    texts = [
        {
            "_id": each["_id"],
            "title": each["focus"],
            "text": QTYPES[each["qtype"]].format(each["focus"].removesuffix(" pox")),
        }
        for each in asked
    ]
    (folder / "medquad/corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in texts))
    return folder


@pytest.fixture(scope="module")
def made(data: Path) -> dict[str, list[Any]]:
    return recipe.made(data, 1)


def asked_for(row: Any, wordings: tuple[str, ...]) -> bool:
    """Say whether a question is one of the wordings with a topic in its gap."""
    return any(row.question.casefold().endswith(ending) for ending in endings(wordings, topic_of(row)))


def topic_of(row: Any) -> str:
    """Return the topic that a question names."""
    (topic,) = {each for each in TOPICS if each in row.question.casefold()}
    return f"{topic} pox"


@cache
def endings(wordings: tuple[str, ...], topic: str) -> tuple[str, ...]:
    """Return the wordings with a topic in their gaps."""
    return tuple(wording.replace("{}", topic).casefold() for wording in wordings)


def test_every_part_has_both_labels(made: dict[str, list[Any]]) -> None:
    assert {name: {row.answers for row in found} for name, found in made.items()} == {
        name: {True, False} for name in ("train", "dev", "held_out")
    }
    assert {row.kind for row in made["held_out"]} == {"positive", "aspect", "topic"}


def test_spans_hold_the_answer_in_passages_that_are_short(made: dict[str, list[Any]]) -> None:
    for row in made["train"]:
        assert len(row.passage.split()) <= rows.MOST_WORDS
        assert " ," not in row.passage
        for start, end in row.spans:
            assert re.fullmatch(r"anna \w+son", row.passage[start:end].casefold())
        assert bool(row.spans) == (row.grain != "none")
        assert row.answers or not row.spans


def test_no_passage_of_one_part_is_in_another(made: dict[str, list[Any]]) -> None:
    passages = [{row.passage for row in found} for found in made.values()]
    groups = [{row.group for row in found} for found in made.values()]
    for number, first in enumerate(passages):
        for other in range(number):
            assert not first & passages[other]
            assert not groups[number] & groups[other]


def test_wordings_kept_aside_never_occur_in_training(made: dict[str, list[Any]]) -> None:
    training = [
        row
        for name in ("train", "dev")
        for row in made[name]
        if row.source == "medquad" and row.id.endswith(row.question)
    ]
    assert training
    for row in training:
        assert any(asked_for(row, aspect.training) for aspect in health.aspects().values())
    for row in made["held_out"]:
        assert any(asked_for(row, aspect.held_out) for aspect in health.aspects().values())


def test_wordings_of_training_and_those_kept_aside_differ() -> None:
    for aspect in health.aspects().values():
        assert len(aspect.training) + len(aspect.held_out) >= 20
        assert len(aspect.held_out) >= 8
    training = {wording.casefold() for aspect in health.aspects().values() for wording in aspect.training}
    assert not training & {wording.casefold() for aspect in health.aspects().values() for wording in aspect.held_out}


def test_negatives_of_health_name_neither_topic_nor_aspect(made: dict[str, list[Any]]) -> None:
    for row in made["held_out"]:
        topic = re.search(r"(\w+ \w+) pox", f"{row.passage} {row.context}")
        assert topic
        assert (topic[1].casefold() in row.question.casefold()) == (row.kind != "topic")


def test_the_same_data_give_the_same_rows(data: Path, made: dict[str, list[Any]]) -> None:
    assert recipe.made(data, 1) == made


def test_another_seed_makes_other_choices() -> None:
    assert rows.Chance("reader 1").of("x") == rows.Chance("reader 1").of("x") != rows.Chance("reader 2").of("x")


def test_written_files_are_the_same_bytes(made: dict[str, list[Any]], tmp_path: Path) -> None:
    for name in "ab":
        rows.write_rows(tmp_path / f"{name}.jsonl.gz", made["dev"])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
    read = list(rows.read_lines(tmp_path / "a.jsonl.gz"))
    assert [line["id"] for line in read] == [row.id for row in made["dev"]]
    assert set(read[0]) == set("id source kind question context passage answers spans grain weight".split())


def test_styles_say_nothing_of_the_label(made: dict[str, list[Any]]) -> None:
    """An edit is asked again where its original is, in the same style."""
    ids = {row.id for row in made["train"]}
    for id_ in ids:
        original, edited, rest = id_.partition(" edited ")
        style = rest.split(" ")[-1] if edited else ""
        if style in styles.STYLES and original in ids and style != "keywords":
            assert f"{original} {style}" in ids


def test_there_are_many_openings_and_none_asks() -> None:
    openings = styles.openings()
    assert len(openings) == len(set(openings)) >= 60
    assert not [opening for opening in openings if "?" in opening]


def test_the_project_is_no_place_for_what_is_made(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    monkeypatch.setattr("sys.argv", ["reader_data.py", str(data), str(recipe.ROOT / "made")])
    with pytest.raises(SystemExit):
        recipe.main()
    assert not (recipe.ROOT / "made").exists()
