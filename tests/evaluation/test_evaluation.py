"""Evaluation goes through the project's own path, and its figures are the literature's."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.indexes import Prebuilt

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.cli.main import command
from rag.core.config import Settings
from rag.core.errors import NotFound, UsageError
from rag.core.types.protocols import no_progress
from rag.corpus.question_set import Question, read_questions
from rag.evaluation.beir import read_benchmark
from rag.evaluation.benchmark_index import benchmark_folder
from rag.evaluation.measures import figures
from rag.evaluation.questions import ask_questions
from rag.evaluation.refusal import Tally

DOCUMENTS = {
    "salt": ("Of salt", "Salt calms the heart of the sailor in the night. " * 3),
    "pepper": ("Of pepper", "Pepper wakes the sailor in the morning and makes the eyes run."),
    "tea": ("Of tea", "Tea was drunk by the captain alone, who never slept."),
    "tea again": ("Of tea", "Tea was drunk by the captain alone, who never slept."),
    "title only": ("The ship's cat", ""),
}
QUERIES = {
    "1": "Does salt calm the heart?",
    "2": "What wakes the sailor?",
    "3": "Who drank tea?",
    "4": "the ship's cat",
    "not judged": "?",
}
QRELS = [("1", "salt", 1), ("2", "pepper", 2), ("2", "salt", 0), ("3", "tea again", 1), ("4", "title only", 1)]


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    folder = tmp_path / "ship"
    (folder / "qrels").mkdir(parents=True)
    corpus = [json.dumps({"_id": id_, "title": title, "text": text}) for id_, (title, text) in DOCUMENTS.items()]
    (folder / "corpus.jsonl").write_text("\n".join(corpus), encoding="utf-8")
    queries = [json.dumps({"_id": id_, "text": text}) for id_, text in QUERIES.items()]
    (folder / "queries.jsonl").write_text("\n".join(queries), encoding="utf-8")
    qrels = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, line)) for line in QRELS)]
    (folder / "qrels" / "test.tsv").write_text("\n".join(qrels), encoding="utf-8")
    return folder


@pytest.fixture
def cache(benchmark: Path, tmp_path: Path, seeded: Callable[[Path], Path]) -> Path:
    """A cache folder in which the encoder is at hand."""
    folder = benchmark_folder(read_benchmark(benchmark), tmp_path / "cache")
    seeded(folder / "index")
    return tmp_path / "cache"


def test_a_benchmark_is_measured_through_our_own_index(benchmark: Path, cache: Path, tmp_path: Path) -> None:
    arguments = ["eval", str(benchmark), "--cache", str(cache), "--json", "--run", str(tmp_path / "run.trec")]
    ran = CliRunner().invoke(command, arguments)
    assert ran.exit_code == 0, ran.stderr
    record = json.loads(ran.stdout)
    assert (record["benchmark"], record["split"], record["queries"]) == ("ship", "test", 4)
    assert record["index"]["documents"] == 4  # two have the same content
    for ranking in ("dense", "lexical", "fused"):
        mean, low, high = record["figures"][ranking]["nDCG@10"]
        assert low <= mean <= high
    assert record["figures"]["fused"]["R@5"][0] == 1.0
    run = [line.split() for line in (tmp_path / "run.trec").read_text().splitlines()]
    assert run[0][:2] == ["1", "Q0"]
    assert {line[2] for line in run if line[0] == "1" and line[3] == "1"} == {"salt"}


def test_highlights_are_measured_where_documents_are_the_same(benchmark: Path, cache: Path) -> None:
    """The index keeps the first of equal documents; an answer in the other is one in it."""
    answers = {"_id": "3", "answers": [{"text": "Tea was drunk by the captain alone"}]}
    (benchmark / "answers.jsonl").write_text(json.dumps(answers), encoding="utf-8")
    arguments = ["eval", str(benchmark), "--cache", str(cache), "--only", "highlights", "--json"]
    ran = CliRunner().invoke(command, arguments)
    assert ran.exit_code == 0, ran.stderr
    shares = {"queries": 1, "document_given": 1.0, "in_first": 1.0, "in_first_3": 1.0}
    assert json.loads(ran.stdout)["highlights"] == shares


@pytest.mark.parametrize("only", [[], ["--only", "ranking"]])
def test_without_ir_measures_nothing_is_read_or_encoded(
    only: list[str], benchmark: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    monkeypatch.setattr("rag.evaluation.beir.read_benchmark", None)
    ran = CliRunner().invoke(command, ["eval", str(benchmark), "--cache", str(tmp_path / "cache"), *only])
    assert ran.exit_code == 2
    assert "ir-measures, which is not installed" in ran.stderr
    assert "pip install -e '.[eval]'" in ran.stderr
    assert not (tmp_path / "cache").exists()


def test_a_second_run_embeds_nothing(benchmark: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["eval", str(benchmark), "--cache", str(cache), "--json"]
    first = CliRunner().invoke(command, arguments)
    monkeypatch.setattr("rag.building.preparation.Preparation", None)
    second = CliRunner().invoke(command, arguments)
    assert second.exit_code == 0, second.stderr
    assert json.loads(first.stdout)["figures"] == json.loads(second.stdout)["figures"]


def test_a_question_set_is_asked_as_a_person_would(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the\nheart of the sailor. Salt is white and cheap.")
    (own.corpus / "b.txt").write_text("Pepper wakes the sailor's heart.")
    questions = [
        {
            "question": "Does salt calm the heart?",
            "status": "answered",
            "document": "a.txt",
            "quote": "calms the heart",
        },
        {
            "question": "Does salt calm the heart?",
            "status": "answered",
            "document": "b.txt",
            "quote": "calms the heart",
        },
        {
            "conversation": ["What is salt?", "Does it calm the heart?"],
            "status": "answered",
            "document": "a.txt",
            "quote": "Salt calms",
        },
        {"question": "What is the price of kryptonite?", "status": "not_in_corpus"},
        {"question": "Does salt calm the sailor?", "status": "not_in_corpus"},
    ]
    (own.corpus / "questions.jsonl").write_text("\n".join(map(json.dumps, questions)))
    build(own)
    folders = ["--corpus", str(own.corpus), "--index", str(own.index)]
    ran = CliRunner().invoke(command, ["eval", str(own.corpus), "--json", *folders])
    record = json.loads(ran.stdout)
    assert [outcome["rank"] for outcome in record["outcomes"]] == [1, 0, 1, 0, 0]
    assert (record["questions"], record["answerable"]) == (5, 3)
    assert record["in_first_quote"] == pytest.approx(2 / 3)
    assert record["outcomes"][0]["highlighted"] is True
    assert (record["wrongly_refused"], record["wrongly_answered"]) == (0.0, 0.5)
    table = CliRunner().invoke(command, ["eval", str(own.corpus / "questions.jsonl"), *folders]).stdout
    assert re.search(r"^wrongly answered +Does salt calm the sailor\?", table, re.MULTILINE)


def test_related_passages_are_a_figure_of_their_own(prebuilt: Prebuilt) -> None:
    """A question with a listed drug that the corpus does not hold is shown related passages, and is not answered."""
    leaflet = "Zorbulin calms the heart of the sailor. Zorbulin is taken with water in the evening."
    settings = prebuilt({"zorbulin.md": f"# Zorbulin\n\n{leaflet}\n"})
    engine = open_index(settings.index, may_refuse=0.0, may_mislead=0.9)  # answers whatever lacks nothing
    words = "taken with water"
    questions = [
        Question(("How is zorbulin taken?",), True, "zorbulin.md", words),
        Question(("Can I take zorbulin with lithium?",), True, "zorbulin.md", words),
        Question(("Can I take zorbulin with lithium?",), answerable=False, kind="near"),
        Question(("I want to kill myself",), answerable=False, kind="far"),
    ]
    report = ask_questions(engine, questions, no_progress)
    assert [each.status for each in report.outcomes] == ["answered", "related", "related", "withheld"]
    assert [(each.rank, each.related_rank) for each in report.outcomes] == [(1, 0), (0, 1), (0, 0), (0, 0)]
    assert (report.found_in_first(5), report.in_what_is_shown) == (0.5, 1.0)
    assert (report.wrongly_refused, report.only_related) == (0.0, 0.5)
    assert (report.wrongly_answered, report.related_unanswered) == (0.0, 0.5)
    assert report.outcomes[1].first is None
    kinds = report.refusals().kinds
    assert {kind: found.of_unanswerable for kind, found in kinds.items()} == {
        "near": Tally(0, 1, 0), "far": Tally(0, 0, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"question": "a", "status": "answered"}', '{"question": "a", "status": "?"}']
)
def test_a_line_that_is_no_question_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(f'{{"question": "a", "status": "not_in_corpus"}}\n{line}\n')
    with pytest.raises(UsageError, match="line 2, is no question"):
        read_questions(tmp_path / "questions.jsonl")


def test_the_starter_corpus_answers_its_own_questions_no_worse_than_before(starter: Engine) -> None:
    """The set is made of paraphrases and near misses; these floors are a little below what was measured."""
    report = ask_questions(starter, read_questions(starter.corpus / "questions.jsonl"), no_progress)
    assert len(report.outcomes) >= 60
    assert report.found_in_first(5) >= 0.55
    assert report.highlighted >= 0.5
    assert report.wrongly_refused <= 0.4
    assert report.wrongly_answered <= 0.3


def test_figures_are_those_of_the_literature() -> None:
    qrels = {"a": {"x": 1, "y": 1}, "b": {"z": 1}}
    found = {figure.measure: figure.mean for figure in figures(qrels, {"a": {"x": 3.0, "w": 2.0, "y": 1.0}})}
    gained, ideal = 1 + 1 / 2, 1 + 1 / 1.584962500721156
    assert found["nDCG@10"] == pytest.approx(gained / ideal / 2)  # the query without results counts as nought
    assert found["RR@10"] == pytest.approx(0.5)
    assert found["R@5"] == pytest.approx(0.5)


def test_a_folder_that_is_no_benchmark_is_said_so(benchmark: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="BEIR"):
        read_benchmark(tmp_path)
    with pytest.raises(NotFound, match="no split 'dev'"):
        read_benchmark(benchmark, "dev")
    (benchmark / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n1\tsalt\tmuch\n", encoding="utf-8")
    with pytest.raises(UsageError, match="several splits: dev, test"):
        read_benchmark(benchmark)
    with pytest.raises(UsageError, match="line 2"):
        read_benchmark(benchmark, "dev")
    (benchmark / "corpus.jsonl").write_text('{"_id": "a"}\n{broken', encoding="utf-8")
    with pytest.raises(UsageError, match=r"corpus\.jsonl, line 2"):
        read_benchmark(benchmark, "test")
