"""Makes benchmarks of ranking and of highlighting from public data that is not in BEIR's layout.

    python benchmarks/ranking_sets.py DATA_DIR TARGET_DIR

DATA_DIR holds `medquad` and `scifact` as they are distributed for evaluation; what is made of them is not ours and may
not lie in the project.

    medquad   each answer's own question is to find it, among the answers of all topics
    scifact   the claims with a rationale, whose sentences are the answers: `answers.jsonl`
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Values = dict[str, Any]


def medquad(data: Path, target: Path) -> None:
    """Write every question that has an answer, with that answer as the one that is right."""
    questions = [each for each in _lines(data / "questions.jsonl") if each["has_answer"]]
    _write(target / "corpus.jsonl", _lines(data / "corpus.jsonl"))
    _write(target / "queries.jsonl", ({"_id": each["_id"], "text": each["text"]} for each in questions))
    _write_qrels(target / "qrels" / "all.tsv", ((each["_id"], each["_id"]) for each in questions))


def scifact(data: Path, target: Path) -> None:
    """Write the claims that have a rationale, its abstracts as those that are right, its sentences as the answers."""
    sentences = {each["_id"]: each["sentences"] for each in _lines(data / "sentences.jsonl")}
    claims = [each for each in _lines(data / "claims_train_with_evidence.jsonl") if each["evidence"]]
    _write(target / "corpus.jsonl", _lines(data / "corpus.jsonl"))
    _write(target / "queries.jsonl", ({"_id": each["_id"], "text": each["claim"]} for each in claims))
    _write_qrels(target / "qrels" / "train.tsv", ((each["_id"], doc) for each in claims for doc in each["evidence"]))
    _write(
        target / "answers.jsonl",
        (
            {
                "_id": each["_id"],
                "answers": [
                    {"document": document, "text": sentences[document][number]}
                    for document, rationales in each["evidence"].items()
                    for rationale in rationales
                    for number in rationale["sentences"]
                ],
            }
            for each in claims
        ),
    )


def _lines(file: Path) -> Iterator[Values]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _write(file: Path, values: Iterable[Values]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in values)


def _write_qrels(file: Path, pairs: Iterable[tuple[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = ["query-id\tcorpus-id\tscore", *(f"{query}\t{document}\t1" for query, document in pairs)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Make all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA_DIR")
    parser.add_argument("target", type=Path, metavar="TARGET_DIR")
    given = parser.parse_args()
    for make in (medquad, scifact):
        make(given.data / make.__name__, given.target / make.__name__)
        print(f"{make.__name__}: {given.target / make.__name__}")


if __name__ == "__main__":
    main()
