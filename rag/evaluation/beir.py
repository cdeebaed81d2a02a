"""Read a benchmark in BEIR's layout: `corpus.jsonl`, `queries.jsonl`, `qrels/<split>.tsv`.

Thakur et al., "BEIR: A heterogenous benchmark for zero-shot evaluation of information retrieval models", 2021.

Beside them `queries_unanswerable.jsonl` may hold queries that no document answers, which are to be refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.core.errors import NotFound, UsageError


@dataclass(frozen=True, slots=True)
class BenchmarkDocument:
    """A document of a benchmark."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class UnanswerableQuery:
    """A query that no document answers, with the sort that it is of and the questions before it, oldest first.

    One that is `aside` is reported for its kind and counted among neither class, as one that is answered in part.
    """

    text: str
    kind: str = ""
    context: tuple[str, ...] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Documents, the queries that are judged, the judgements (query → document → grade), and what is to be refused."""

    folder: Path
    split: str
    documents: tuple[BenchmarkDocument, ...]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]
    unanswerable: tuple[UnanswerableQuery, ...] = ()


def read_benchmark(folder: Path, split: str | None = None) -> Benchmark:
    """Read a benchmark; without a split, the only one that there is.

    Raises `NotFound` when files are missing and `UsageError` when they are not what they should be.
    """
    splits = sorted(file.stem for file in (folder / "qrels").glob("*.tsv"))
    if not (folder / "corpus.jsonl").is_file() or not splits:
        raise NotFound(
            f"{folder} is not a benchmark in BEIR's layout.", "It needs corpus.jsonl, queries.jsonl and qrels/*.tsv."
        )
    if split is None and len(splits) > 1:
        raise UsageError(f"There are several splits: {', '.join(splits)}.", "Choose one with --split.")
    split = split or splits[0]
    if split not in splits:
        raise NotFound(f"There is no split {split!r}.", f"There are: {', '.join(splits)}.")
    qrels = _read_qrels(folder / "qrels" / f"{split}.tsv")
    documents = tuple(
        BenchmarkDocument(str(values["_id"]), str(values.get("title") or ""), str(values.get("text") or ""))
        for values in _lines(folder / "corpus.jsonl")
    )
    queries = {
        str(values["_id"]): str(values["text"])
        for values in _lines(folder / "queries.jsonl")
        if str(values["_id"]) in qrels
    }
    unanswerable = folder / "queries_unanswerable.jsonl"
    return Benchmark(
        folder,
        split,
        documents,
        queries,
        {query: qrels[query] for query in queries},
        tuple(map(_unanswerable, _lines(unanswerable))) if unanswerable.is_file() else (),
    )


def _unanswerable(values: dict[str, Any]) -> UnanswerableQuery:
    return UnanswerableQuery(
        text=str(values.get("text") or ""),
        kind=str(values.get("kind") or ""),
        context=tuple(map(str, values.get("context") or ())),
        aside=bool(values.get("aside")),
    )


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            yield {**values, "_id": values["_id"]}
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UsageError(f"{file.name}, line {number}, is no object with an _id.", "Mend it.") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file.name} cannot be read: {error}.", "Mend it.") from error


def _read_qrels(file: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    lines = _text(file).splitlines()
    for number, line in enumerate(lines[1:], start=2):
        try:
            query, document, grade = line.split("\t")
            qrels.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            raise UsageError(f"{file.name}, line {number} is not query, document, grade.", "Mend it.") from error
    return qrels
