"""What the corpus lacks: each question in one group, the same in other words together, and the command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from support.programs import HEAVY, loaded_after, run_command
from support.records import KEPT

from rag.answer.engine import open_index
from rag.cli.main import command
from rag.core.config import Settings
from rag.corpus.records.gaps import find_gaps
from rag.corpus.records.record import Helped, RecordedQuestion
from rag.corpus.records.records_folder import RecordsFolder, records_folder

WORDS = ["salt", "pepper", "heart", "sailor", "Salt", "zorbulin"]


def by_words(texts: Sequence[str]) -> numpy.ndarray:
    """Stand for an encoder: what is alike shares words."""
    rows = numpy.array([[word.casefold() in text.casefold() for word in WORDS] + [not text] for text in texts], float)
    rows[:, -1] += 1e-3
    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def kept(number: int, question: str, terms: Sequence[str] = (), **how: object) -> RecordedQuestion:
    values = {"id": f"s-{number}", "question": question, "searched_as": question, "missing_terms": tuple(terms)}
    return replace(KEPT, **{**values, "asked_at": f"2026-05-{1 + number % 28:02}T10:00:00+00:00", **how})


questions = st.lists(
    st.builds(
        lambda words, terms, status, helped: (" ".join(words) + "?", terms, status, helped),
        st.lists(st.sampled_from(WORDS), max_size=3),
        st.lists(st.sampled_from(WORDS), max_size=2),
        st.sampled_from(["answered", "related", "not_in_corpus"]),
        st.sampled_from([None, True, False]),
    ),
    max_size=12,
).map(lambda all_: [kept(n, q, t, status=s, helped=h) for n, (q, t, s, h) in enumerate(all_)])


@given(questions, st.randoms())
def test_no_question_is_lost_and_their_order_does_not_matter(asked, chance):
    gaps = find_gaps(asked, by_words)
    unanswered = [each for each in asked if each.status != "answered"]
    unhelpful = [each for each in asked if each.status == "answered" and each.helped is False]
    for found, of in ((gaps.unanswered, unanswered), (gaps.not_helpful, unhelpful)):
        assert sum(gap.count for gap in found) == len(of)
        assert all(gap.count == sum(count for _, count in gap.wordings) for gap in found)
        wordings = [text.casefold() for gap in found for text, _ in gap.wordings]
        assert len(wordings) == len(set(wordings))
        assert set(wordings) == {each.searched_as.casefold() for each in of}
        assert [gap.count for gap in found] == sorted((gap.count for gap in found), reverse=True)
        assert all(gap.question in dict(gap.wordings) for gap in found)
    shuffled = list(asked)
    chance.shuffle(shuffled)
    assert find_gaps(shuffled, by_words) == gaps


def test_what_is_asked_in_other_words_is_one_gap(starter):
    asked = [
        kept(1, "How do I store insulin?"),
        kept(2, "Where should insulin be kept?"),
        kept(3, "how do i store insulin"),
        kept(4, "What is the capital of Mozambique?", ["capital", "Mozambique"]),
        kept(5, "Is zinc safe in pregnancy?", ["zinc"]),
        kept(6, "Can I take zinc while pregnant?", ["Zinc", "pregnant"]),
        kept(7, "Is iodine safe in pregnancy?", ["iodine"]),
    ]
    gaps = find_gaps(asked, starter.encoder.encode).unanswered
    assert [(gap.question, gap.count, gap.newest[:10]) for gap in gaps] == [
        ("how do i store insulin", 3, "2026-05-04"),
        ("Can I take zinc while pregnant?", 2, "2026-05-07"),
        ("Is iodine safe in pregnancy?", 1, "2026-05-08"),
        ("What is the capital of Mozambique?", 1, "2026-05-05"),
    ]
    assert [gap.missing_terms for gap in gaps] == [(), ("Zinc", "pregnant"), ("iodine",), ("capital", "Mozambique")]


def test_half_a_character_stops_nothing(starter):
    assert find_gaps([kept(1, "salt \ud83d?")], starter.encoder.encode).unanswered[0].count == 1


def test_the_command_lists_what_to_acquire(starter_settings, tmp_path):
    folder = RecordsFolder(tmp_path / "records")
    for number, question in enumerate(
        ["What is zorbulin?", "what is zorbulin", "zorbulin \x1b[31m\u202e: what is it?"]
    ):
        folder.append(kept(number, question, ["zorbulin"]))
    folder.append(kept(7, "Who should not take magnesium?", status="answered"))
    folder.append(Helped("abcd", "s-7", False))
    with folder.file.open("ab") as file:
        file.write(b'{"torn')
    ran = run("gaps", "--records", folder.path, settings=starter_settings)
    assert ran.exit_code == 0
    assert ran.stdout.startswith("Of 4 questions kept, 3 had no answer in the corpus.\n\nTo acquire:")
    assert "no document holds: zorbulin" in ran.stdout
    assert "\x1b" not in ran.output
    assert "\u202e" not in ran.output
    assert "marked as not helpful\n    1  Who should not take magnesium?" in ran.stdout
    assert "line 6 of the records" in ran.stderr
    assert "torn" in ran.stderr
    record = json.loads(run("gaps", "--json", "-q", "--records", folder.path, settings=starter_settings).stdout)
    assert (record["schema"], record["questions"], record["unanswered"][0]["count"]) == (2, 4, 3)
    assert record["not_helpful"][0]["question"] == "Who should not take magnesium?"
    assert record["unreadable"] == [{"line": 6, "reason": "it is torn, or no JSON"}]


def test_no_records_are_a_sentence(own, tmp_path):
    """Without an index as well: there is nothing to compare."""
    ran = run("gaps", settings=Settings(index=tmp_path / "none"))
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("No questions are kept in")
    assert json.loads(run("gaps", "--json", settings=own).stdout)["questions"] == 0
    assert not (own.index / "records").exists()
    records_folder(own).append(kept(1, "What is zorbulin?"))
    ran = run("gaps", settings=own)
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "There is no index" in ran.stderr


def test_listing_gaps_needs_neither_torch_nor_the_search(starter_settings, tmp_path):
    RecordsFolder(tmp_path).append(kept(1, "What is zorbulin?"))
    arguments = ["gaps", "--records", str(tmp_path), "--index", str(starter_settings.index)]
    assert not loaded_after(run_command(*arguments)) & {*HEAVY, "faiss"}


def test_the_encoder_of_the_index_is_the_one_that_compares(starter_settings):
    assert open_index(starter_settings.index).encoder.encode(["a"]).shape == (1, 384)


def run(*arguments: object, settings: Settings) -> Result:
    """Run a command on an index."""
    return CliRunner().invoke(command, [*map(str, arguments), "--index", str(Path(settings.index))], prog_name="rag")


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_is_encoded_where_there_is_nothing_to_group(count):
    asked = [kept(number, "salt?", status="answered", helped=True) for number in range(count)]
    assert find_gaps(asked, lambda texts: pytest.fail("encoded")).unanswered == ()
