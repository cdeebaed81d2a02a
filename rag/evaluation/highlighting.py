"""Measure whether a benchmark's answers stand in the first highlights.

Where `answers.jsonl` lies beside a benchmark's queries, each of its lines has the `_id` of a query and its `answers`,
each with a `text` that stands in a relevant document: a phrase (as SQuAD's) or whole sentences (as SciFact's
rationales). A highlight holds an answer when either contains the other, white space apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.answer.engine import Engine
from rag.answer.highlights import highlights
from rag.core.errors import NotFound, UsageError
from rag.core.types.answers import Filters, IndexInfo
from rag.core.types.ask import Ask
from rag.core.types.protocols import Progress
from rag.evaluation.beir import Benchmark
from rag.evaluation.benchmark_index import index_benchmark
from rag.search.filters import allowed_rows, passing_documents
from rag.search.finding import find

ANSWERS = "answers.jsonl"
QUOTES = 5


@dataclass(frozen=True, slots=True)
class HighlightReport:
    """The shares of queries whose answer is highlighted, whether or not the program would have refused them.

    `document_given` is that of the first highlight when only a document that holds the answer is searched; `in_first`
    and `in_first_3` are those of the first and the first three highlights over all documents.
    """

    benchmark: str
    queries: int
    document_given: float
    in_first: float
    in_first_3: float
    index: IndexInfo


def evaluate_highlights(
    benchmark: Benchmark, model: str, cache: Path, progress: Progress, precision: str = "float32"
) -> HighlightReport:
    """Index a benchmark, ask every query whose answer is known, and measure.

    Raises `NotFound` for a benchmark without answers, `UsageError` when they are not as they should be, and what
    `build` raises.
    """
    answers = _read_answers(benchmark.folder / ANSWERS)
    indexed = index_benchmark(benchmark, model, cache, progress, precision)
    engine = indexed.engine
    path_of = {id_: path for path, ids in indexed.ids.items() for id_ in ids}
    asked = [query for query in benchmark.queries if answers.get(query)]
    given, first, first_3 = 0, 0, 0
    for done, query in enumerate(asked):
        progress("pointing", done, len(asked))
        text, wanted = benchmark.queries[query], answers[query]
        relevant = {path_of[id_] for id_, grade in benchmark.qrels[query].items() if grade > 0 and id_ in path_of}
        given += any(_holds(_marked(engine, text, path)[:1], {path}, wanted) for path in sorted(relevant))
        marked = _marked(engine, text)
        first += _holds(marked[:1], relevant, wanted)
        first_3 += _holds(marked[:3], relevant, wanted)
    progress("pointing", len(asked), len(asked))
    count = max(len(asked), 1)
    return HighlightReport(
        benchmark=benchmark.folder.resolve().name,
        queries=len(asked),
        document_given=given / count,
        in_first=first / count,
        in_first_3=first_3 / count,
        index=engine.info,
    )


def _marked(engine: Engine, question: str, path: str | None = None) -> list[tuple[str, str]]:
    """Return path and text of the highlights of a question's quotes, in the order in which they are read."""
    passing = passing_documents(Filters(documents=(path,) if path else ()), engine.index).documents
    allowed = allowed_rows(passing, engine.index)
    found = find(Ask(question, quotes=QUOTES), engine.index, engine.encoder, allowed=allowed, reader=engine.reader)
    return [
        (document.path, document.text[start:end])
        for hit in found.hits[:QUOTES]
        for document in [engine.document(hit.passage.document_id)]
        for start, end in highlights(hit, document.text)
    ]


def _holds(marked: Sequence[tuple[str, str]], relevant: set[str], wanted: Sequence[str]) -> bool:
    flat = [" ".join(text.split()) for path, text in marked if path in relevant]
    return any(answer in text or text in answer for text in flat for answer in wanted)


def _read_answers(file: Path) -> Mapping[str, list[str]]:
    if not file.is_file():
        raise NotFound(f"There is no {file}.", f"{ANSWERS} holds a query's _id and its answers' texts, one a line.")
    return dict(_parsed(file))


def _parsed(file: Path) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                values: dict[str, Any] = json.loads(line)
                yield str(values["_id"]), [" ".join(str(answer["text"]).split()) for answer in values["answers"]]
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise UsageError(f"{file.name}, line {number}, has no _id with answers.", "Mend it.") from error
