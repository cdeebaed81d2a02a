"""Refusal, measured through the whole path."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from rag.answer.engine import open_index
from rag.building.build import build
from rag.cli.main import command
from rag.core.config import DEFAULT_MODEL, Settings
from rag.core.types.protocols import no_progress
from rag.corpus.question_set import Question
from rag.evaluation.beir import read_benchmark
from rag.evaluation.benchmark_index import benchmark_folder
from rag.evaluation.questions import ask_questions
from rag.evaluation.refusing import evaluate_refusal


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    folder = tmp_path / "ship"
    (folder / "qrels").mkdir(parents=True)
    lines: dict[str, list[dict[str, object]]] = {
        "corpus": [
            {"_id": "salt", "title": "Of salt", "text": "Salt calms the heart of the sailor in the night."},
            {"_id": "pepper", "title": "Of pepper", "text": "Pepper wakes the sailor in the morning."},
        ],
        "queries": [
            {"_id": "1", "text": "Does salt calm the heart?"},
            {"_id": "2", "text": "What wakes the sailor in the morning?"},
            {"_id": "judged, and nothing answers", "text": "Who is the captain?"},
            {"_id": "not judged", "text": "?"},
        ],
        "queries_unanswerable": [
            {"_id": "3", "text": "What is the price of kryptonite in Tokyo?", "kind": "far"},
            {"_id": "4", "text": "Does it calm the sailor?", "kind": "near", "context": ["What is salt?"]},
            {"_id": "5", "text": "Does salt wake the sailor?", "kind": "in part", "aside": True},
        ],
    }
    for name, values in lines.items():
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, values)), encoding="utf-8")
    rows = ["query-id\tcorpus-id\tscore", "1\tsalt\t1", "2\tpepper\t1", "judged, and nothing answers\tsalt\t0"]
    (folder / "qrels" / "test.tsv").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.fixture
def cache(benchmark: Path, tmp_path: Path, seeded: Callable[[Path], Path]) -> Path:
    """A cache folder in which the encoder is at hand."""
    seeded(benchmark_folder(read_benchmark(benchmark), tmp_path / "cache") / "index")
    return tmp_path / "cache"


def test_a_benchmark_is_asked_through_the_whole_path(benchmark: Path, cache: Path) -> None:
    ran = CliRunner().invoke(command, ["eval", str(benchmark), "--cache", str(cache), "--json"])
    assert ran.exit_code == 0, ran.stderr
    record = json.loads(ran.stdout)
    assert record["figures"]["fused"]["nDCG@10"][0] > 0.5
    refusal = record["refusal"]
    assert (refusal["together"]["answerable"], refusal["together"]["unanswerable"]) == (2, 2)
    for name, count in (("of_answerable", 2), ("of_unanswerable", 2)):
        assert sum(refusal["together"][name].values()) == count
    assert refusal["kinds"]["far"]["of_unanswerable"]["answered"] == 0
    assert refusal["together"]["wrongly_refused"] == 0
    assert refusal["kinds"]["far"]["auroc"][0] == 1.0
    assert refusal["kinds"]["far"]["wrongly_answered"] == 0
    assert set(refusal["kinds"]) == {"far", "near", "in part"}
    assert 0 < refusal["operating_point"]["threshold"] < 1


def test_one_half_of_the_measuring_can_be_left_out(benchmark: Path, cache: Path, tmp_path: Path) -> None:
    arguments = ["eval", str(benchmark), "--cache", str(cache)]
    ranking = json.loads(CliRunner().invoke(command, [*arguments, "--only", "ranking", "--json"]).stdout)
    refusal = json.loads(CliRunner().invoke(command, [*arguments, "--only", "refusal", "--json"]).stdout)
    assert "refusal" not in ranking
    assert "figures" not in refusal
    assert ranking["index"] == refusal["index"]
    table = CliRunner().invoke(command, [*arguments, "--only", "refusal"], env={"COLUMNS": "140"}).stdout
    assert "AUROC" in table
    assert "what is shown" in table
    assert "without one, together" in table
    assert "Shown as an answer from a confidence of" in table
    contrary = [*arguments, "--only", "refusal", "--run", str(tmp_path / "run.trec")]
    assert CliRunner().invoke(command, contrary).exit_code == 2
    (benchmark / "queries_unanswerable.jsonl").unlink()
    without = CliRunner().invoke(command, [*arguments, "--only", "refusal"])
    assert without.exit_code == 2
    assert "Put them into queries_unanswerable.jsonl" in without.stderr
    assert "refusal" not in json.loads(CliRunner().invoke(command, [*arguments, "--json"]).stdout)


def test_benchmarks_of_the_same_documents_share_their_index(benchmark: Path, tmp_path: Path) -> None:
    first = benchmark_folder(read_benchmark(benchmark), tmp_path / "cache")
    first.mkdir(parents=True)
    assert benchmark_folder(read_benchmark(benchmark.rename(tmp_path / "boat")), tmp_path / "cache") == first


def test_a_question_set_reports_refusal_by_kind(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    questions = [
        {"question": "Does salt calm the heart?", "status": "answered", "document": "a.txt", "quote": "Salt calms"},
        {"question": "What is the price of kryptonite?", "status": "not_in_corpus", "kind": "far"},
        {"question": "Does salt calm the sailor's wife?", "status": "not_in_corpus"},
    ]
    (own.corpus / "questions.jsonl").write_text("\n".join(map(json.dumps, questions)))
    build(own)
    arguments = ["eval", str(own.corpus), "--corpus", str(own.corpus), "--index", str(own.index)]
    record = json.loads(CliRunner().invoke(command, [*arguments, "--json"]).stdout)
    assert record["refusal"]["together"]["unanswerable"] == 2
    assert record["refusal"]["kinds"]["far"]["auroc"][0] == 1.0
    assert "wrongly_answered_at_95" in record["refusal"]["together"]
    assert (
        "Shown as an answer from a confidence of"
        in CliRunner().invoke(command, arguments, env={"COLUMNS": "140"}).stdout
    )


def test_a_withheld_question_counts_as_refused_in_every_figure(benchmark: Path, cache: Path, own: Settings) -> None:
    crisis = "I want to kill myself"
    (benchmark / "queries_unanswerable.jsonl").write_text(json.dumps({"_id": "6", "text": crisis}), encoding="utf-8")
    refused = evaluate_refusal(read_benchmark(benchmark), DEFAULT_MODEL, cache, no_progress)
    assert refused.refusals.together.wrongly_answered == 0
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    build(own)
    asked = ask_questions(open_index(own.index), [Question((crisis,), answerable=False)], no_progress)
    assert asked.wrongly_answered == 0
