"""A warm question, stage by stage, on the index of a benchmark in BEIR's layout that `eval` has built.

    python benchmarks/warm_question.py BENCHMARK_DIR --cache CACHE_DIR [--split train] [--questions 300]

The index and the encoder are opened and warmed by other questions first; each question is asked once. Encoding is the
model's part; searching and ranking go from the vector to the hits, judging from the hits to the log-odds; the rest is
reading the quoted documents, checking their sources and making the quotes.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from results import machine, write_section

from rag.core.config import DEFAULT_MODEL
from rag.core.types.answers import Hit
from rag.core.types.protocols import no_progress
from rag.evaluation.beir import read_benchmark
from rag.evaluation.benchmark_index import index_benchmark
from rag.search.answerability import coefficients, signals
from rag.search.hits import retrieve
from rag.search.terms import Asked, asked
from rag.text.synonyms import Expansion

WARM_UP = 30
Result = TypeVar("Result")


def judge(terms: Asked, hits: Sequence[Hit]) -> float:
    """Return the log-odds that hits answer."""
    return coefficients().log_odds(signals(terms, hits))


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmark", type=Path, metavar="BENCHMARK_DIR")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--split")
    parser.add_argument("--questions", type=int, default=300)
    given = parser.parse_args()
    benchmark = read_benchmark(given.benchmark, given.split)
    engine = index_benchmark(benchmark, DEFAULT_MODEL, given.cache, no_progress).engine
    index, encoder = engine.index, engine.encoder
    times: dict[str, list[float]] = {}

    def timed(stage: str, work: Callable[[], Result]) -> Result:
        began = time.perf_counter()
        result = work()
        times.setdefault(stage, []).append((time.perf_counter() - began) * 1000)
        return result

    texts = list(benchmark.queries.values())[: WARM_UP + given.questions]
    for number, text in enumerate(texts):
        if number == WARM_UP:
            times.clear()
        vector = timed("encoding", partial(encoder.encode, [text]))[0]
        terms = timed("weighing its words", partial(asked, Expansion(text), index.lexical))
        hits = timed("searching and ranking", partial(retrieve, terms, vector, index, 5))
        timed("judging", partial(judge, terms, hits))
        timed("the whole answer", partial(engine.ask, text))
    rows = [
        f"| {stage} | {statistics.median(each):.1f} | {statistics.quantiles(each, n=20)[-1]:.1f} |"
        for stage, each in times.items()
    ]
    body = "\n".join(
        [
            f"{len(texts) - WARM_UP} questions of {benchmark.folder.resolve().name}, {engine.info.passages} passages.",
            "",
            "| what | median ms | 95th percentile |",
            "|---|---|---|",
            *rows,
            "",
            machine(),
        ]
    )
    write_section("A warm question, stage by stage", body)


if __name__ == "__main__":
    main()
