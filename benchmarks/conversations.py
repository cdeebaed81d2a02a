"""What understanding follow-ups finds: questions as typed, as understood, and as a person rewrote them.

    python benchmarks/conversations.py DATA_DIR CACHE_DIR

`DATA_DIR` holds `mtrag/clapnq`, `mtrag/cloud` and `canard` (BEIR's layout, with `queries_lastturn.jsonl`,
`queries_rewrite.jsonl` and `turns.jsonl`), and `cast`, which has no passages: there it is counted which words a
rewrite adds. Indexes are kept in `CACHE_DIR`. Standing alone is a turn after the first whose rewrite has the words
of the question and no others.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ir_measures
from results import machine, write_section

from rag.answer.engine import Engine
from rag.cli.console import progress_bars
from rag.core.config import DEFAULT_MODEL
from rag.core.types.ask import Ask, EarlierQuestion, earlier_questions
from rag.evaluation.beir import Benchmark, BenchmarkDocument
from rag.evaluation.benchmark_index import IndexedBenchmark, index_benchmark
from rag.search.finding import find
from rag.search.understanding import resolve_within
from rag.text.words import content_words

SETS = ("mtrag/clapnq", "mtrag/cloud", "canard")
FOUND = 10
MEASURES = [ir_measures.parse_measure(name) for name in ("R@5", "nDCG@5")]


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn: the question as typed and as a person rewrote it, and the questions before it, oldest first."""

    id: str
    typed: str
    rewrite: str
    earlier: tuple[str, ...]

    @property
    def stands_alone(self) -> bool:
        """Whether a person found nothing to add."""
        return bool(self.earlier) and set(self.rewrite.casefold().split()) <= set(self.typed.casefold().split())


def main() -> None:
    """Measure and write the section."""
    data, cache = Path(sys.argv[1]), Path(sys.argv[2])
    rows, took = [], []
    for name in SETS:
        turns = list(turns_of(data / name))
        benchmark = benchmark_of(data / name, turns)
        with progress_bars(quiet=False) as progress:
            indexed = index_benchmark(benchmark, DEFAULT_MODEL, cache, progress)
        rows += of_set(name, turns, benchmark, indexed)
        took += costs(turns, indexed.engine)
    header = "| set | turns | n | R@5 typed | ours | rewrite | nDCG@5 typed | ours | rewrite |"
    table = "\n".join((header, "|---|---|---|---|---|---|---|---|---|", *rows))
    words = added_words(data / "cast" / "turns_2019_2020.jsonl", indexed.engine)
    cost = (
        f"Understanding a follow-up, with encoding what it compares: mean {statistics.mean(took):.2f} ms, median "
        f"{statistics.median(took):.2f}, 95% below {statistics.quantiles(took, n=20)[18]:.2f} (of {len(took)})."
    )
    write_section("Conversations", f"{table}\n\n{words}\n\n{cost} {machine()}")


def turns_of(folder: Path) -> Iterator[Asked]:
    """Yield the turns that are judged."""
    rewrites = {each["_id"]: each["text"] for each in lines(folder / "queries_rewrite.jsonl")}
    histories = {each["_id"]: each["history"] for each in lines(folder / "turns.jsonl")}
    for each in lines(folder / "queries_lastturn.jsonl"):
        history = histories[each["_id"]] if each["_id"] in histories else histories[each["_id"].removeprefix("q")]
        yield Asked(each["_id"], each["text"], rewrites[each["_id"]], tuple(questions_of(history)))


def benchmark_of(folder: Path, turns: Sequence[Asked]) -> Benchmark:
    """Return a set's passages, questions and judgements."""
    qrels: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        qrels.setdefault(query, {})[document] = int(grade)
    found = lines(folder / "corpus.jsonl")
    passages = tuple(BenchmarkDocument(each["_id"], each.get("title") or "", each["text"]) for each in found)
    return Benchmark(folder, "test", passages, {turn.id: turn.typed for turn in turns}, qrels)


def questions_of(history: Sequence[Any]) -> Iterator[str]:
    """Yield the questions of a history: of messages with a speaker, or of questions and answers in turn."""
    if history and isinstance(history[0], dict):
        yield from (message["text"] for message in history if message["speaker"] == "user")
    else:
        yield from history[::2]


def of_set(name: str, turns: Sequence[Asked], benchmark: Benchmark, indexed: IndexedBenchmark) -> Iterator[str]:
    """Yield a line of the table for all turns, for first turns and for those that stand alone."""
    judged = [turn for turn in turns if turn.id in benchmark.qrels]
    owners = {each.id: indexed.ids[each.path] for each in indexed.engine.index.manifest.documents}
    ways: dict[str, Callable[[Asked], tuple[str, Sequence[str]]]] = {
        "typed": lambda turn: (turn.typed, ()),
        "ours": lambda turn: (turn.typed, turn.earlier),
        "rewrite": lambda turn: (turn.rewrite, ()),
    }
    runs = {
        way: {turn.id: documents(*question(turn), indexed.engine, owners) for turn in judged}
        for way, question in ways.items()
    }
    for which, chosen in (
        ("all", judged),
        ("first", [turn for turn in judged if not turn.earlier]),
        ("standing alone", [turn for turn in judged if turn.stands_alone]),
    ):
        if chosen:
            qrels = {turn.id: benchmark.qrels[turn.id] for turn in chosen}
            of_way = [
                ir_measures.calc_aggregate(MEASURES, qrels, {turn.id: runs[way][turn.id] for turn in chosen})
                for way in ways
            ]
            figures = " | ".join(f"{values[measure]:.3f}" for measure in MEASURES for values in of_way)
            yield f"| {name} | {which} | {len(chosen)} | {figures} |"


def documents(
    question: str, earlier: Sequence[str], engine: Engine, owners: dict[str, tuple[str, ...]]
) -> dict[str, float]:
    """Return the documents found, each with the reciprocal of the rank of its best passage."""
    found: dict[str, float] = {}
    ask = Ask(question, earlier_questions(earlier), FOUND)
    for rank, hit in enumerate(find(ask, engine.index, engine.encoder).hits, 1):
        for document in owners[hit.passage.document_id]:
            found.setdefault(document, 1 / rank)
    return found


def costs(turns: Sequence[Asked], engine: Engine) -> Iterator[float]:
    """Yield how many milliseconds understanding each follow-up took, its earlier questions being understood."""
    for turn in turns:
        if turn.earlier:
            earlier: tuple[EarlierQuestion, ...] = ()
            for question in turn.earlier:
                resolved = resolve_within(question, earlier, engine.index, engine.encoder).resolved
                earlier = (*earlier, EarlierQuestion(question, resolved))
            began = time.perf_counter()
            resolve_within(turn.typed, earlier, engine.index, engine.encoder)
            yield (time.perf_counter() - began) * 1000


def added_words(file: Path, engine: Engine) -> str:
    """Say which share of the words that people's rewrites add ours adds, and what it adds that they do not."""
    wanted = shared = extra = turns = 0
    for turn in lines(file):
        if turn["history"]:
            typed = words(turn["question"])
            theirs = words(turn["rewrite"]) - typed
            resolution = engine.understand(turn["question"], turn["history"])
            ours = words(resolution.resolved) - typed
            turns += 1
            wanted += len(theirs)
            shared += len(theirs & ours)
            extra += len(ours - theirs)
    return (
        f"cast, {turns} follow-ups: people's rewrites add {wanted} content words; ours adds {shared} of them "
        f"({shared / wanted:.1%}), and {extra} others ({extra / turns:.2f} a turn)."
    )


def words(question: str) -> set[str]:
    """Return the content words of a question, a plural or possessive as its singular."""
    return {word.casefold().removesuffix("'s").removesuffix("’s").rstrip("s") for word in content_words(question)}


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file."""
    with file.open(encoding="utf-8") as rows:
        yield from map(json.loads, rows)


if __name__ == "__main__":
    main()
