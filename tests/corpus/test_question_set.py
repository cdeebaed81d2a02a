"""A corpus's own question set: read line by line, calibrating, and every problem with it named."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from click.testing import CliRunner

from rag.answer.engine import open_index
from rag.building.build import build
from rag.building.status import status
from rag.cli.main import command
from rag.core.config import Settings
from rag.core.corpus_files import FEWEST, QUESTION_SET
from rag.core.types.reports import Finding
from rag.corpus.lint.check import check
from rag.corpus.question_set import read_question_set
from rag.page.html.page_html import report_html
from rag.render.wording import calibration_remark

TODAY = datetime.date(2026, 11, 25)
SALT = "Salt calms the\nheart of the sailor. Salt is white and cheap."
ANSWERED = {
    "question": "Does salt calm the heart?",
    "status": "answered",
    "document": "a.txt",
    "quote": "calms the heart",
}
REFUSED = {"question": "What is the price of kryptonite?", "status": "not_in_corpus"}


def put(settings: Settings, *questions: dict[str, Any] | str) -> None:
    lines = [each if isinstance(each, str) else json.dumps(each) for each in questions]
    (settings.corpus / QUESTION_SET).write_text("\n".join(lines), encoding="utf-8")


def found_by_check(settings: Settings) -> list[Finding]:
    return [finding for finding in check(settings.corpus, TODAY) if finding.path == QUESTION_SET]


@pytest.fixture
def salt(own: Settings) -> Settings:
    """A corpus of one document."""
    (own.corpus / "a.txt").write_text(SALT)
    return own


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "it is not JSON: Expecting property name enclosed in double quotes at character 2"),
        ("[]", "it is no JSON object"),
        ("null", "it is no JSON object"),
        ("{}", "it has no question"),
        ('{"question": "a"}', "it has no status"),
        ('{"question": "a", "status": "?"}', "its status is '?'"),
        ('{"question": "a", "status": ["answered"]}', "its status is ['answered']"),
        ('{"question": "a", "status": "answered", "quote": "b"}', "it has no document"),
        ('{"question": "a", "status": "answered", "document": "a", "quote": " "}', "its quote is empty"),
        ('{"question": " ", "status": "not_in_corpus"}', "what it asks is no text"),
        ('{"question": 7, "status": "not_in_corpus"}', "what it asks is no text"),
        ('{"conversation": "a", "status": "not_in_corpus"}', "what it asks is no text"),
        ('{"conversation": ["a", ""], "status": "not_in_corpus"}', "what it asks is no text"),
        ('{"question": "%s", "status": "not_in_corpus"}' % ("x" * 2_001), "more than 2,000 characters"),
        ('{"question": "\\ud83d", "status": "not_in_corpus"}', "can't encode"),
        ("[" * 100_000, "it is nested too deep"),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_used(line: str, message: str, own: Settings) -> None:
    put(own, REFUSED, line, "", ANSWERED)
    found = read_question_set(own.corpus)
    assert [question.line for question in found.questions] == [1, 4]
    (problem,) = found.problems
    assert (problem.path, problem.level, problem.lines) == (QUESTION_SET, "problem", (2, 2))
    assert "It is no question" in problem.message
    assert message in problem.message


def test_files_of_other_editors_are_read(own: Settings) -> None:
    file = own.corpus / QUESTION_SET
    file.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(REFUSED).encode() + b"\r\n\r\n" + json.dumps(ANSWERED).encode() + b"\r\n"
    )
    assert [question.answerable for question in read_question_set(own.corpus).questions] == [False, True]
    file.write_bytes(json.dumps(REFUSED).encode() + b'\n{"question": "caf\xe9"}')
    (problem,) = read_question_set(own.corpus).problems
    assert (problem.lines, "not UTF-8" in problem.message) == ((2, 2), True)
    file.unlink()
    assert not read_question_set(own.corpus).here
    file.mkdir()
    (problem,) = read_question_set(own.corpus).problems
    assert problem.lines is None


def test_enough_questions_calibrate_the_index(salt: Settings) -> None:
    put(salt, *[ANSWERED] * FEWEST, *[REFUSED] * (FEWEST - 1))
    report = build(salt)
    assert (report.operating_point, open_index(salt.index).index.manifest.calibration) == (None, None)
    assert "put questions.jsonl into its folder" in (calibration_remark(report) or "")
    put(salt, *[ANSWERED] * FEWEST, *[REFUSED] * FEWEST)
    assert status(salt).reasons == ("the corpus's own questions are others, or this version judges differently",)
    report = build(salt)
    engine = open_index(salt.index)
    assert report.encoded == 0
    assert report.operating_point == engine.operating_point
    assert engine.operating_point.measured_on == "the corpus's own questions: 10 with an answer, 10 without"
    assert (engine.operating_point.wrongly_refused, engine.operating_point.wrongly_answered) == (0.0, 0.0)
    assert calibration_remark(report) is None
    assert engine.ask(str(ANSWERED["question"])).status == "answered"
    assert engine.ask(str(REFUSED["question"])).status == "not_in_corpus"
    again = build(salt)
    assert (again.published, again.operating_point) == (False, report.operating_point)


def test_a_line_that_is_no_question_is_reported_and_the_others_calibrate(salt: Settings) -> None:
    put(salt, *[ANSWERED] * FEWEST, "nonsense\x1b[31m", *[REFUSED] * FEWEST)
    for _ in range(2):  # one that builds, and one that finds nothing to do
        report = build(salt)
        assert [(finding.path, finding.lines) for finding in report.findings] == [(QUESTION_SET, (11, 11))]
        assert report.operating_point is not None
    assert "Left out: questions.jsonl, line 11: It is no question" in report_html(report) or not report.published
    folders = ["--corpus", str(salt.corpus), "--index", str(salt.index)]
    ran = CliRunner().invoke(command, ["build", *folders])
    assert (ran.exit_code, "\x1b" in ran.stdout + ran.stderr) == (1, False)
    assert "Left out: questions.jsonl, line 11: It is no question (it is not JSON" in ran.stderr
    record = json.loads(CliRunner().invoke(command, ["build", "--json", *folders]).stdout)
    assert record["findings"][0]["lines"] == [11, 11]
    assert record["operating_point"]["threshold"] > 0
    assert [(finding.level, finding.lines) for finding in found_by_check(salt)] == [("problem", (11, 11))]


def test_check_names_what_is_not_there_to_be_found(salt: Settings) -> None:
    (salt.corpus / "twin.txt").write_text(SALT)
    put(
        salt,
        *[ANSWERED] * FEWEST,
        {**ANSWERED, "document": "b.txt"},
        {**ANSWERED, "quote": "calms the liver"},
        {**ANSWERED, "document": "twin.txt"},
        {**ANSWERED, "quote": "calms  the heart\nof"},
        *[REFUSED] * FEWEST,
    )
    found = found_by_check(salt)
    assert [(finding.level, finding.kind, finding.lines) for finding in found] == [
        ("problem", "question set", (line, line)) for line in (11, 12, 13)
    ]
    assert "no document 'b.txt'" in found[0].message
    assert "does not stand in 'a.txt'" in found[1].message
    assert "indexed as 'a.txt'" in found[2].message
    ran = CliRunner().invoke(command, ["check", "--corpus", str(salt.corpus)])
    assert ran.exit_code == 1
    assert "question set (line 11): There is no document 'b.txt'" in ran.stdout


def test_check_notes_a_set_that_is_too_small_to_calibrate_by(salt: Settings) -> None:
    assert found_by_check(salt) == []
    put(salt, *[ANSWERED] * 3, REFUSED)
    (note,) = found_by_check(salt)
    assert (note.level, note.kind, note.lines) == ("note", "few questions", None)
    assert note.message.startswith("It holds 3 questions with an answer and 1 without; from 10 of each on")
    put(salt, *[ANSWERED] * FEWEST, *[REFUSED] * FEWEST)
    assert found_by_check(salt) == []


def test_the_starter_corpus_calibrates_its_index(starter_settings: Settings) -> None:
    found = read_question_set(starter_settings.corpus)
    assert (found.problems, found.calibrates) == ((), True)
    assert found_by_check(starter_settings) == []
    assert open_index(starter_settings.index).index.manifest.calibration is not None
