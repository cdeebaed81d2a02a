"""A benchmark's queries through both searches and their fusion; a document's score is its best passage's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.evaluation.beir import Benchmark
from rag.evaluation.documents import IndexedBenchmark, index_benchmark
from rag.evaluation.measures import Figure, Run, figures
from rag.retrieval import search
from rag.types import IndexInfo, Progress

DOCUMENTS = 100
"""How many documents of each ranking are measured."""

PASSAGES = 400
"""How many passages each search contributes, so that a hundred documents are among them."""


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """The figures of each ranking, by its name: dense, lexical, fused."""

    benchmark: str
    split: str
    queries: int
    index: IndexInfo
    figures: Mapping[str, Sequence[Figure]]
    runs: Mapping[str, Run]


def evaluate(benchmark: Benchmark, model: str, cache: Path, progress: Progress) -> BenchmarkReport:
    """Index a benchmark, ask all its judged queries, and measure.

    Raises `UsageError` when ir-measures is not installed, and what `build` raises.
    """
    indexed = index_benchmark(benchmark, model, cache, progress)
    runs: dict[str, dict[str, dict[str, float]]] = {"dense": {}, "lexical": {}, "fused": {}}
    owners = _owners(indexed)
    engine = indexed.engine
    queries = list(benchmark.queries.items())
    vectors = engine.encoder.encode([text for _, text in queries])
    for done, ((query, text), vector) in enumerate(zip(queries, vectors, strict=True)):
        progress("asking", done, len(queries))
        found = search(text, vector, engine.index, PASSAGES)
        for name, ranking in (("dense", found.dense), ("lexical", found.lexical), ("fused", found.fused)):
            runs[name][query] = _documents(ranking, owners)
    progress("asking", len(queries), len(queries))
    return BenchmarkReport(
        benchmark=benchmark.folder.resolve().name,
        split=benchmark.split,
        queries=len(queries),
        index=engine.info,
        figures={name: figures(benchmark.qrels, run) for name, run in runs.items()},
        runs=runs,
    )


def write_run(run: Run, name: str, file: Path) -> None:
    """Write a run in TREC's format: query, Q0, document, rank, score, name."""
    lines = [
        f"{query} Q0 {document} {rank} {score:.6f} {name}\n"
        for query, found in run.items()
        for rank, (document, score) in enumerate(sorted(found.items(), key=lambda pair: -pair[1]), start=1)
    ]
    file.write_text("".join(lines), encoding="utf-8")


def _owners(indexed: IndexedBenchmark) -> list[tuple[str, ...]]:
    """Return the benchmark's ids of the document that each row belongs to."""
    owners: list[tuple[str, ...]] = []
    for record in indexed.engine.index.manifest.documents:
        owners.extend([indexed.ids[record.path]] * record.passages)
    return owners


def _documents(ranking: Sequence[tuple[int, float]], owners: Sequence[tuple[str, ...]]) -> dict[str, float]:
    """Return the best documents of a ranking of passages, each with its best passage's score."""
    best: dict[str, float] = {}
    for row, score in ranking:
        for document in owners[row]:
            best.setdefault(document, score)
        if len(best) >= DOCUMENTS:
            break
    return best
