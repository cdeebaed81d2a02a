"""Ask a benchmark's questions, unanswerable ones too, through the whole path that a person's question takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.answer.engine import Engine
from rag.core.errors import NotFound
from rag.core.types.answers import IndexInfo
from rag.core.types.protocols import Progress
from rag.evaluation.beir import Benchmark, UnanswerableQuery
from rag.evaluation.benchmark_index import index_benchmark
from rag.evaluation.refusal import Judged, Refusals, measure_kinds


@dataclass(frozen=True, slots=True)
class BenchmarkRefusals:
    """The figures of refusing on a benchmark."""

    benchmark: str
    split: str
    index: IndexInfo
    refusals: Refusals


def evaluate_refusal(
    benchmark: Benchmark,
    model: str,
    cache: Path,
    progress: Progress,
    precision: str = "float32",
    *,
    may_refuse: float | None = None,
    may_mislead: float | None = None,
) -> BenchmarkRefusals:
    """Index a benchmark, ask every question of it, and measure.

    Of the judged queries those are asked that some document answers. Raises `NotFound` for a benchmark without
    unanswerable queries, and what `build` raises.
    """
    if not benchmark.unanswerable:
        raise NotFound(
            f"{benchmark.folder} holds no queries that are to be refused.",
            "Put them into queries_unanswerable.jsonl there, one a line: _id, text and, if need be, kind.",
        )
    indexed = index_benchmark(benchmark, model, cache, progress, precision).engine
    engine = Engine(indexed.index, indexed.corpus, may_refuse=may_refuse, may_mislead=may_mislead)
    answerable = [text for id_, text in benchmark.queries.items() if max(benchmark.qrels[id_].values()) > 0]
    questions: list[str | UnanswerableQuery] = [*answerable, *benchmark.unanswerable]
    judged = []
    for done, each in enumerate(questions):
        progress("asking", done, len(questions))
        if isinstance(each, str):
            answer = engine.ask(each)
            judged.append(Judged(answer.confidence, answer.status, answerable=True))
        else:
            answer = engine.ask(each.text, context=each.context)
            judged.append(Judged(answer.confidence, answer.status, answerable=False, kind=each.kind, aside=each.aside))
    progress("asking", len(questions), len(questions))
    return BenchmarkRefusals(
        benchmark=benchmark.folder.resolve().name,
        split=benchmark.split,
        index=engine.info,
        refusals=measure_kinds(engine.operating_point, judged),
    )
