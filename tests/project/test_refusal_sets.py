"""Benchmarks of refusal: what is left out answers nothing that is asked as answerable, and it is always the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT

from rag.evaluation.beir import Benchmark, read_benchmark

SCRIPT = ROOT / "benchmarks" / "refusal_sets.py"
TOPICS = [f"{colour} {illness}" for colour in ("Red", "Blue", "Green", "Grey") for illness in ("pox", "Ague", "gout")]
QTYPES = ("symptoms", "treatment", "causes", "outlook")


def write(file: Path, lines: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small sets of our own in the layouts of the public ones."""
    folder = tmp_path_factory.mktemp("data")
    asked = [
        {
            "_id": f"{collection}-{topic}-{qtype}".replace(" ", "_"),
            "text": f"What are the {qtype} of {topic} ?",
            "qtype": qtype,
            "focus": topic.upper().replace(" ", "-") if collection == "B" else topic,
        }
        for topic in (*TOPICS, "pox")
        for qtype in QTYPES
        for collection in "AB"
    ]
    write(folder / "medquad/questions.jsonl", asked)
    write(
        folder / "medquad/corpus.jsonl",
        [{"_id": each["_id"], "title": each["focus"], "text": f"Answers {each['_id']}."} for each in asked],
    )
    paragraphs = [f"{article}#{number}" for article in ("Law", "Immune_system") for number in range(20)]
    write(folder / "squad2/corpus.jsonl", [{"_id": p, "title": "", "text": f"Text of {p}."} for p in paragraphs])
    for name in ("queries", "queries_unanswerable"):
        write(
            folder / f"squad2/{name}.jsonl",
            [{"_id": f"{name} {p}", "text": f"{name} {p}?", "metadata": {"paragraph": p}} for p in paragraphs],
        )
    for name in ("answerable", "unanswerable"):
        passage = [{"title": "T", "text": f"{name} text", "sentences": []}]
        write(folder / f"clapnq/{name}.jsonl", [{"id": name, "input": f"{name}?", "passages": passage}])
    for domain in ("clapnq", "cloud"):
        base = folder / "mtrag" / domain
        write(base / "corpus.jsonl", [{"_id": "p", "title": "", "text": "Passage.", "metadata": {}}])
        write(
            base / "queries_rewrite.jsonl",
            [{"_id": "1", "text": "What is salt?"}, {"_id": "2", "text": "Is salt dear?"}],
        )
        said = [{"speaker": "user", "text": "What is salt?"}, {"speaker": "agent", "text": "Salt."}]
        classes = [("1", "ANSWERABLE"), ("2", "PARTIAL"), ("3", "UNANSWERABLE"), ("4", "CONVERSATIONAL")]
        write(
            base / "turns.jsonl",
            [{"_id": i, "question": f"typed {i}", "history": said, "answerability": each} for i, each in classes],
        )
        (base / "qrels").mkdir()
        (base / "qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\n1\tp\t1\n2\tp\t1\n")
    return folder


def make(data: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(SCRIPT), str(data), str(target)], capture_output=True, text=True)


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("made")
    ran = make(data, target)
    assert ran.returncode == 0, ran.stderr
    return target


def kinds(benchmark: Benchmark) -> set[str]:
    return {query.kind for query in benchmark.unanswerable}


@pytest.mark.parametrize("name", ["medquad", "far", "squad2", "clapnq", "mtrag-clapnq", "mtrag-cloud"])
def test_every_set_is_whole_and_always_the_same(name: str, made: Path, data: Path, tmp_path: Path) -> None:
    benchmark = read_benchmark(made / name)
    documents = {document.id for document in benchmark.documents}
    assert benchmark.queries
    assert benchmark.unanswerable
    assert all(set(relevant) <= documents for relevant in benchmark.qrels.values())
    assert not set(benchmark.queries.values()) & {query.text for query in benchmark.unanswerable}
    make(data, tmp_path)
    for file in (path for path in (made / name).rglob("*") if path.is_file()):
        assert file.read_bytes() == (tmp_path / name / file.relative_to(made / name)).read_bytes()


def test_what_is_left_out_is_left_out_whole(made: Path) -> None:
    benchmark = read_benchmark(made / "medquad")
    assert kinds(benchmark) >= {"topic left out", "aspect left out"}
    documents = [document.id.replace("-", " ").replace("_", " ").lower() for document in benchmark.documents]
    for query in benchmark.unanswerable:
        qtype, topic = query.text.lower().removeprefix("what are the ").removesuffix(" ?").split(" of ")
        of_topic = [document for document in documents if document[2:].startswith(f"{topic} ")]
        assert not [document for document in of_topic if document.endswith(qtype)]
        assert (len(of_topic) > 0) == (query.kind == "aspect left out")


def test_the_same_question_of_two_collections_has_both_answers(made: Path) -> None:
    benchmark = read_benchmark(made / "medquad")
    assert {len(relevant) for relevant in benchmark.qrels.values()} == {2}


def test_a_topic_left_out_beside_a_wider_one_is_told_apart(made: Path) -> None:
    benchmark = read_benchmark(made / "medquad")
    staying = {document.title.lower().replace("-", " ") for document in benchmark.documents}
    for query in benchmark.unanswerable:
        topic = set(query.text.lower().removesuffix(" ?").split(" of ")[1].split())
        near = any(topic < set(other.split()) or topic > set(other.split()) for other in staying)
        assert (query.kind == "topic left out, a near one stays") == (near and query.kind != "aspect left out")


def test_far_questions_are_not_of_medicine(made: Path) -> None:
    benchmark = read_benchmark(made / "far")
    assert kinds(benchmark) == {"far"}
    assert not [query for query in benchmark.unanswerable if "Immune" in query.text]
    assert benchmark.queries == read_benchmark(made / "medquad").queries


def test_paragraphs_left_out_and_adversarial_questions(made: Path) -> None:
    benchmark = read_benchmark(made / "squad2")
    assert kinds(benchmark) == {"paragraph left out", "adversarial"}
    documents = {document.id for document in benchmark.documents}
    for query in benchmark.unanswerable:
        assert (query.text.split()[1].removesuffix("?") in documents) == (query.kind == "adversarial")


def test_turns_stand_alone_or_carry_their_conversation(made: Path) -> None:
    benchmark = read_benchmark(made / "mtrag-cloud")
    assert benchmark.queries == {"1": "What is salt?"}
    found = {query.kind: query for query in benchmark.unanswerable}
    assert (found["partly answerable"].text, found["partly answerable"].aside) == ("Is salt dear?", True)
    assert (found["unanswerable"].text, found["unanswerable"].context) == ("typed 3", ("What is salt?",))


def test_what_is_not_there_is_left_out_and_the_project_is_never_written(tmp_path: Path) -> None:
    ran = make(tmp_path, tmp_path / "target")
    assert ran.returncode == 0
    assert ran.stdout.count("not made") == 12
    refused = make(tmp_path, ROOT / "derived")
    assert refused.returncode == 2
    assert "inside the project" in refused.stderr
