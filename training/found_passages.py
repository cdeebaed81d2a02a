"""Find the passages that a reader is to judge: of every question of a set the best ones, and what is known of them.

What was found is kept in a file, for the same passages are read by one model after another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.core.config import DEFAULT_MODEL
from rag.core.types.ask import Ask, earlier_questions
from rag.core.types.protocols import no_progress
from rag.evaluation.beir import read_benchmark
from rag.evaluation.benchmark_index import index_benchmark
from rag.search.finding import find

PASSAGES = 8
"""How many of the best passages are read."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage as it is read, what stands above it, and whether it is of a document that answers.

    `best` is the span in the passage of the sentence that is nearest to the question, `score` what it was ranked by.
    """

    text: str
    context: str
    right: bool
    best: tuple[int, int]
    score: float


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """A question as it was searched: its log-odds of an answer, its kind, and its best passages."""

    question: str
    answerable: bool
    kind: str
    near: float
    sure: float
    passages: tuple[FoundPassage, ...]


def found_questions(folder: Path, cache: Path, kept: Path) -> list[FoundQuestion]:
    """Return what was found for the questions of a set; from `kept`, a folder, where it was found before."""
    file = kept / f"{folder.name}.jsonl"
    if not file.exists():
        kept.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(asdict(each)) for each in _find(folder, cache)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [_read(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _find(folder: Path, cache: Path) -> Iterator[FoundQuestion]:
    benchmark = read_benchmark(folder)
    indexed = index_benchmark(benchmark, DEFAULT_MODEL, cache, no_progress)
    engine = indexed.engine
    ids = [indexed.ids[record.path] for record in engine.index.manifest.documents for _ in range(record.passages)]
    questions: list[tuple[str, Sequence[str], bool, str, dict[str, int]]] = [
        (text, (), True, "", benchmark.qrels[id_])
        for id_, text in benchmark.queries.items()
        if max(benchmark.qrels[id_].values()) > 0
    ]
    questions += [(each.text, each.context, False, each.kind, {}) for each in benchmark.unanswerable if not each.aside]
    for text, context, answerable, kind, judged in questions:
        found = find(Ask(text, earlier_questions(context), quotes=PASSAGES), engine.index, engine.encoder)
        hits = found.hits[:PASSAGES]
        above = engine.index.store.contexts([hit.row for hit in hits])
        passages = []
        for hit in hits:
            best = max(hit.sentences, key=lambda match: match.score)
            start = hit.passage.start
            passages.append(
                FoundPassage(
                    text=engine.document(hit.passage.document_id).text[start : hit.passage.end],
                    context=above[hit.row],
                    right=any(map(judged.get, ids[hit.row])),
                    best=(best.span[0] - start, best.span[1] - start),
                    score=hit.scores.fused,
                )
            )
        resolved = found.question.resolution.resolved
        yield FoundQuestion(resolved, answerable, kind, found.judgement.near, found.judgement.sure, tuple(passages))


def _read(values: dict[str, Any]) -> FoundQuestion:
    passages = tuple(FoundPassage(**{**each, "best": tuple(each["best"])}) for each in values["passages"])
    return FoundQuestion(**{**values, "passages": passages})
