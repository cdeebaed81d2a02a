"""How readily it refuses: a setting, and the operating point that it leads to, on every surface."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.cli.main import command
from rag.cli.ready import ready_engine
from rag.core.config import Settings, load_settings
from rag.core.errors import ConfigError
from rag.core.types.protocols import no_progress
from rag.corpus.question_set import questions_of
from rag.evaluation.comparison import compare_build
from rag.render.wording import point_line

QUESTION = "Who should not take magnesium?"


def run(settings: Settings, *arguments: str) -> Result:
    folders = ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    ran = CliRunner().invoke(command, [*arguments, *folders])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def record(settings: Settings, *arguments: str) -> Any:
    return json.loads(run(settings, *arguments, "--json").stdout)


def point_of(settings: Settings, share: float | None) -> dict[str, Any]:
    return asdict(open_index(settings.index, may_refuse=share).operating_point)


def test_flags_over_environment_over_file_over_the_balanced_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings(tmp_path).may_refuse is None
    (tmp_path / "rag.toml").write_text("may_refuse = 0.05")
    assert load_settings(tmp_path) == Settings(may_refuse=0.05)
    monkeypatch.setenv("RAG_MAY_REFUSE", "0.1")
    assert load_settings(tmp_path).may_refuse == 0.1
    assert load_settings(tmp_path, may_refuse="0").may_refuse == 0.0
    monkeypatch.setenv("RAG_MAY_REFUSE", "")
    (tmp_path / "rag.toml").write_text("may_refuse = 0")
    assert load_settings(tmp_path).may_refuse == 0.0


@pytest.mark.parametrize("value", ["1", "-0.1", "nan", "inf", "many", "5%", "true", "[0.1]", "1e999", "9" * 400])
def test_a_share_that_is_none_is_named_with_what_to_type(value: str, tmp_path: Path) -> None:
    (tmp_path / "rag.toml").write_text(f"may_refuse = {value if value not in ('many', '5%', '1e999') else repr(value)}")
    with pytest.raises(ConfigError, match=r"Type a number from 0 to under 1, such as 0\.05"):
        load_settings(tmp_path)
    with pytest.raises(ConfigError, match="Type a number"):
        load_settings(may_refuse=value)


@pytest.mark.parametrize("arguments", [["query", QUESTION], ["status"], ["eval", "q.jsonl"], ["build"]])
def test_a_wrong_share_is_a_usage_error_of_every_command_that_has_it(
    arguments: list[str], starter_settings: Settings
) -> None:
    ran = run(starter_settings, *arguments, "--may-refuse", "5")
    assert (ran.exit_code, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)
    assert "Type a number from 0 to under 1" in ran.stderr


@pytest.mark.parametrize("share", [None, 0.0, 0.05, 0.99])
def test_a_question_is_answered_from_the_point_on(share: float | None, starter_settings: Settings) -> None:
    flag = [] if share is None else ["--may-refuse", str(share)]
    threshold = point_of(starter_settings, share)["threshold"]
    for question in (QUESTION, "Does aspirin prevent strokes?", "How long do the effects of ketamine last?"):
        answer = record(starter_settings, "query", question, *flag)
        assert (answer["status"] == "answered") == (answer["confidence"] >= threshold)


def test_fewer_refusals_are_more_related_passages(starter_settings: Settings, starter: Engine) -> None:
    few, many = (point_of(starter_settings, share) for share in (0.0, 0.5))
    assert few["wrongly_refused"] == 0.0 < many["wrongly_refused"] <= 0.5
    assert few["only_related"] > many["only_related"]
    assert few["related_from"] < starter.operating_point.related_from < many["related_from"]


def test_fewer_wrong_answers_are_more_related_passages(starter_settings: Settings) -> None:
    few, many = (open_index(starter_settings.index, may_mislead=share).operating_point for share in (0.0, 0.3))
    assert few.wrong_answers < many.wrong_answers <= 0.3
    assert few.wrongly_answered < many.wrongly_answered
    assert few.only_related > many.only_related
    assert few.threshold > many.threshold


@pytest.mark.parametrize("share", [None, 0.2])
def test_status_says_how_readily_it_refuses(
    share: float | None, starter_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if share is not None:
        monkeypatch.setenv("RAG_MAY_REFUSE", str(share))
    assert record(starter_settings, "status")["operating_point"] == point_of(starter_settings, share)
    line = point_line(open_index(starter_settings.index, may_refuse=share).operating_point)
    assert line in run(starter_settings, "status").stdout
    assert "the corpus's own questions: " in line


def test_eval_measures_at_the_point_that_is_set(starter_settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": QUESTION, "status": "not_in_corpus"}))
    for share in (None, 0.99):
        flag = [] if share is None else ["--may-refuse", str(share)]
        found = record(starter_settings, "eval", str(file), *flag)
        point = point_of(starter_settings, share)
        assert found["refusal"]["operating_point"] == point
        (outcome,) = found["outcomes"]
        assert outcome["answered"] == (outcome["confidence"] >= point["threshold"])
        shown = run(starter_settings, "eval", str(file), *flag).stdout
        assert point_line(open_index(starter_settings.index, may_refuse=share).operating_point) in shown


def test_both_indexes_of_a_comparison_are_asked_at_the_point_that_is_set(starter_settings: Settings) -> None:
    asked = questions_of(starter_settings.corpus)[:1]
    settings = Settings(corpus=starter_settings.corpus, index=starter_settings.index, may_refuse=0.3)
    compared = compare_build(settings, asked, no_progress, rebuild=False)
    expected = open_index(settings.index, may_refuse=0.3).operating_point
    assert (compared.before.point, compared.after.point) == (expected, expected)


def test_every_way_to_an_engine_keeps_the_share(own: Settings) -> None:
    settings = Settings(corpus=own.corpus, index=own.index, may_refuse=0.2)
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    assert ready_engine(settings).may_refuse == 0.2  # builds
    assert ready_engine(settings).may_refuse == 0.2
    assert ready_engine(settings, refresh=False).may_refuse == 0.2
    for file in own.corpus.iterdir():
        file.unlink()
    own.corpus.rmdir()
    away = Settings(index=own.index, corpus=Settings().corpus, may_refuse=0.2)
    if not away.corpus.is_dir():
        assert ready_engine(away).may_refuse == 0.2


def test_build_says_at_what_point_it_answers_or_how_to_have_one(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    ran = run(own, "build")
    assert (ran.exit_code, ran.stderr.count("\n")) == (0, 1)
    assert "Not calibrated to this corpus: for that, put questions.jsonl into its folder, with 10 or more" in ran.stderr
    assert run(own, "build", "-q").stderr == ""
    assert record(own, "build")["operating_point"] is None
    questions = [{"question": f"Does salt calm heart {n}?", "status": "answered", "document": "a.txt", "quote": "Salt"}
                 for n in range(10)]  # fmt: skip
    questions += [{"question": f"What is kryptonite {n}?", "status": "not_in_corpus"} for n in range(10)]
    (own.corpus / "questions.jsonl").write_text("\n".join(map(json.dumps, questions)))
    ran = run(own, "build", "--may-refuse", "0.1")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert point_line(open_index(own.index, may_refuse=0.1).operating_point) in ran.stdout
    assert record(own, "build", "--may-refuse", "0.1")["operating_point"] == point_of(own, 0.1)


def test_an_empty_corpus_is_not_asked_for_questions(own: Settings) -> None:
    assert run(own, "build").stderr == ""


def test_the_balanced_point_is_the_one_without_a_share(starter_settings: Settings) -> None:
    build(starter_settings)
    assert open_index(starter_settings.index).may_refuse is None
