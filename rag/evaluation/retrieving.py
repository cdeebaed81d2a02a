"""Rank a benchmark's documents through the searches and the stages; a document scores as its best passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answer.engine import Engine
from rag.core.types.answers import IndexInfo
from rag.core.types.ask import Ask
from rag.core.types.protocols import Progress
from rag.evaluation.beir import Benchmark
from rag.evaluation.benchmark_index import IndexedBenchmark, index_benchmark
from rag.evaluation.measures import Figure, Run, figures, require_measures
from rag.search.hits import retrieve
from rag.search.searching import Stages, search
from rag.search.terms import Asked
from rag.search.understanding import understand

if TYPE_CHECKING:
    import numpy

DOCUMENTS = 100
"""How many documents of each ranking are measured."""

PASSAGES = 400
"""How many passages each search contributes, so that a hundred documents are among them."""

SHOWN = 20
"""From how many passages what is shown is chosen, by their best sentences as well, each near-duplicate once."""

FUSION_CONSTANT = 60
"""The k of reciprocal rank fusion, as its authors chose it."""

ABLATIONS = {
    "fusion alone": Stages(sentences=False, coverage=False, feedback=False),
    "without sentences": Stages(sentences=False),
    "without coverage": Stages(coverage=False),
    "without feedback": Stages(feedback=False),
}
"""The ranking with stages left out, by name."""

Ranking = Sequence[tuple[int, float]]
"""Rows with their scores, best first."""


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """The figures of each ranking, by its name: dense, lexical, fused, shown, and more where stages were left out."""

    benchmark: str
    split: str
    queries: int
    index: IndexInfo
    figures: Mapping[str, Sequence[Figure]]
    runs: Mapping[str, Run]


def evaluate(
    benchmark: Benchmark,
    model: str,
    cache: Path,
    progress: Progress,
    precision: str = "float32",
    *,
    ablate: bool = False,
) -> BenchmarkReport:
    """Index a benchmark, ask all its judged queries, and measure; with `ablate` also with stages left out.

    Raises `UsageError` when ir-measures is not installed, and what `build` raises.
    """
    require_measures()
    indexed = index_benchmark(benchmark, model, cache, progress, precision)
    runs: dict[str, dict[str, dict[str, float]]] = {}
    owners = _owners(indexed)
    engine = indexed.engine
    queries = list(benchmark.queries.items())
    for done, (query, text) in enumerate(queries):
        progress("asking", done, len(queries))
        for name, ranking in _rankings(text, engine, ablate).items():
            runs.setdefault(name, {})[query] = _documents(ranking, owners)
    progress("asking", len(queries), len(queries))
    return BenchmarkReport(
        benchmark=benchmark.folder.resolve().name,
        split=benchmark.split,
        queries=len(queries),
        index=engine.info,
        figures={name: figures(benchmark.qrels, run) for name, run in runs.items()},
        runs=runs,
    )


def reciprocal_rank_fusion(*rankings: Ranking) -> Ranking:
    """Fuse rankings: an item's score is the sum of 1 / (k + rank) over the rankings that hold it.

    What the ranking is measured against: Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet
    and individual rank learning methods", SIGIR 2009. Best first; ties in the order of the items.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, (item, _) in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (FUSION_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _rankings(text: str, engine: Engine, ablate: bool) -> dict[str, Ranking]:
    """Rank passages for a question as it is understood: by either search, by both, and as what is shown is chosen."""
    question = understand(Ask(text, quotes=SHOWN), engine.index, engine.encoder)
    terms, vector = question.terms, engine.encoder.encode([question.searched_as])[0]
    dense = engine.index.dense.search(vector, PASSAGES)
    lexical = engine.index.lexical.search(terms.words, PASSAGES)
    rankings = {"dense": dense, "lexical": lexical}
    if ablate:
        rankings["reciprocal rank fusion"] = list(reciprocal_rank_fusion(dense, lexical))
        rankings |= {name: _ranked(terms, vector, engine, stages) for name, stages in ABLATIONS.items()}
    hits = retrieve(terms, vector, engine.index, SHOWN, aspects=question.subject.aspects)
    return {
        **rankings,
        "fused": _ranked(terms, vector, engine, Stages()),
        "shown": [(hit.row, 1 / place) for place, hit in enumerate(hits, start=1)],
    }


def _ranked(terms: Asked, vector: numpy.ndarray, engine: Engine, stages: Stages) -> list[tuple[int, float]]:
    found = search(terms, vector, engine.index, PASSAGES, stages=stages)
    return list(zip(found.rows.tolist(), found.fused.tolist(), strict=True))


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


def _documents(ranking: Ranking, owners: Sequence[tuple[str, ...]]) -> dict[str, float]:
    """Return the best documents of a ranking of passages, each with its best passage's score."""
    best: dict[str, float] = {}
    for row, score in ranking:
        for document in owners[row]:
            best.setdefault(document, score)
        if len(best) >= DOCUMENTS:
            break
    return best
