"""Measures ranking, marks and refusal by set, by style and by length of the question, and writes the results.

    python benchmarks/refusal_sets.py DATA_DIR SETS_DIR
    python benchmarks/ranking_sets.py DATA_DIR SETS_DIR/ranking
    python benchmarks/question_sets.py DATA_DIR SETS_DIR --cache CACHE_DIR [--sets NAME …] [--json FILE] [--write]

Every question goes the way of a person's. What is ranked are the documents of the passages that an answer is chosen
from; marks are the first highlights of these; an outcome is that of the default calibration, and of one made of the
set's own other half where it has enough questions. Figures are kept in FILE set by set, so that a run that was stopped
goes on, and so that two of them can be compared; --write puts tables of FILE into RESULTS.md.

All of the sets were looked at while the program was made; the calibration was made of those that are starred.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from results import machine, write_section

from rag.core.config import DEFAULT_MODEL
from rag.core.types.ask import Ask
from rag.core.types.outcomes import OUTCOMES
from rag.core.types.protocols import no_progress
from rag.evaluation.beir import Benchmark, read_benchmark
from rag.evaluation.benchmark_index import IndexedBenchmark, index_benchmark
from rag.evaluation.halves import measure_halves
from rag.evaluation.highlighting import ANSWERS, evaluate_highlights
from rag.evaluation.measures import figures
from rag.evaluation.refusal import Judged, auroc, expected_calibration_error
from rag.search.finding import find

PASSAGES = 20
"""From how many passages an answer is chosen."""

LENGTHS = ((0, 5), (6, 9), (10, 19), (20, 39), (40, 400))
"""Words of a question, from and to."""

ASIDE = frozenset({"adversarial", "answers left out"})
"""Kinds without an answer that no likeness parts from those with one: reported, and left out of calibration errors."""

SEEN = (
    "All of these sets were looked at while the program was made: they show what a change does, and not what strangers "
    "will see. The default calibration was made of those that are starred."
)

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A set of questions in one style: where it lies below the data or the sets, and what is measured on it."""

    name: str
    style: str
    folder: str
    split: str | None = None
    marks: bool = False
    calibrated: bool = False


SETS = (
    QuestionSet("scifact train", "claims", "data/scifact", "train"),
    QuestionSet("scifact train, rationales", "claims", "sets/ranking/scifact", "train", marks=True),
    QuestionSet("nfcorpus dev", "keywords", "data/nfcorpus", "dev"),
    QuestionSet("squad2", "whole questions", "data/squad2", marks=True),
    QuestionSet("squad2, left out", "whole questions", "sets/squad2", calibrated=True),
    QuestionSet("clapnq", "whole questions", "sets/clapnq", calibrated=True),
    QuestionSet("medquad sample", "whole questions", "sets/medquad-sample", calibrated=True),
    QuestionSet("medquad sample, keywords", "keywords", "sets/medquad-sample-keywords", calibrated=True),
    QuestionSet("mediqa", "messages in a line", "sets/mediqa"),
    QuestionSet("mediqa messages", "messages", "sets/mediqa-messages", calibrated=True),
    QuestionSet("mtrag clapnq", "turns, rewritten", "sets/mtrag-clapnq", calibrated=True),
    QuestionSet("mtrag clapnq, typed", "turns, typed", "sets/mtrag-clapnq-typed", calibrated=True),
    QuestionSet("mtrag cloud", "turns, rewritten", "sets/mtrag-cloud"),
    QuestionSet("mtrag cloud, typed", "turns, typed", "sets/mtrag-cloud-typed"),
    QuestionSet("medquad", "whole questions", "sets/medquad"),
    QuestionSet("medquad, all topics", "whole questions", "sets/ranking/medquad"),
)


def main() -> None:
    """Measure the sets that FILE lacks, then write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA_DIR")
    parser.add_argument("sets", type=Path, metavar="SETS_DIR", help="what refusal_sets.py and ranking_sets.py wrote")
    parser.add_argument("--cache", type=Path, required=True, help="where the sets' indexes are kept")
    parser.add_argument("--sets", nargs="*", dest="names", help="measure these alone")
    parser.add_argument("--json", type=Path, required=True, metavar="FILE", help="where figures are kept")
    parser.add_argument("--write", action="store_true", help="put the figures of FILE into RESULTS.md")
    given = parser.parse_args()
    kept: dict[str, Values] = json.loads(given.json.read_text("utf-8")) if given.json.exists() else {}
    for each in SETS:
        if each.name in kept or (given.names is not None and each.name not in given.names):
            continue
        root, _, folder = each.folder.partition("/")
        benchmark = read_benchmark((given.data if root == "data" else given.sets) / folder, each.split)
        kept[each.name] = measure(each, benchmark, given.cache)
        given.json.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        print(each.name, {key: value for key, value in kept[each.name].items() if key != "asked"}, flush=True)
    if given.write:
        write_section("Questions by set, style and length", "\n\n".join((SEEN, *tables(kept), machine())))


def measure(which: QuestionSet, benchmark: Benchmark, cache: Path) -> Values:
    """Ask all questions of a set; return its figures, and of each question its length, its rank and its outcome."""
    indexed = index_benchmark(benchmark, DEFAULT_MODEL, cache, no_progress)
    asked = list(ask_all(benchmark, indexed))
    run = {each["id"]: each.pop("ranking") for each in asked if each["answerable"]}
    values: Values = {figure.measure: figure.mean for figure in figures(benchmark.qrels, run)}
    if which.marks and (benchmark.folder / ANSWERS).is_file():
        marked = evaluate_highlights(benchmark, DEFAULT_MODEL, cache, no_progress)
        values |= {"mark, document given": marked.document_given, "mark, first": marked.in_first}
    return {**values, "asked": asked}


def counted(asked: Sequence[Values]) -> list[Values]:
    """Return the questions of a set that belong to either class; those of a kind aside where it has no other."""
    kinds = {one["kind"] for one in asked if not one["answerable"]}
    aside = ASIDE if kinds - ASIDE else frozenset()
    return [one for one in asked if one["kind"] not in aside and not one["aside"]] if kinds else []


def judged(asked: Sequence[Values]) -> list[Judged]:
    """Return questions as they were judged."""
    return [Judged(one["confidence"], one["status"], one["answerable"], one["kind"]) for one in asked]


def calibration_error(asked: Sequence[Values]) -> float | None:
    """Return the expected calibration error, where questions with an answer and without weigh the same in all.

    A confidence is the probability of an answer where there are as many of either; without weights, a set of few
    questions without an answer would measure its own shares.
    """
    good, bad = ([one["confidence"] for one in asked if one["answerable"] is which] for which in (True, False))
    if not good or not bad:
        return None
    most = max(len(good), len(bad))
    good, bad = (list(numpy.resize(numpy.array(values), most)) for values in (good, bad))
    return float(expected_calibration_error(numpy.array(good + bad), numpy.array([True] * most + [False] * most)))


def ask_all(benchmark: Benchmark, indexed: IndexedBenchmark) -> Iterator[Values]:
    """Ask the questions with an answer, then those without; a line each."""
    engine = indexed.engine
    ids = [indexed.ids[record.path] for record in engine.index.manifest.documents for _ in range(record.passages)]
    for id_, text in benchmark.queries.items():
        if max(benchmark.qrels[id_].values()) > 0:
            hits = find(Ask(text, quotes=PASSAGES), engine.index, engine.encoder, reader=engine.reader).hits
            ranking: dict[str, float] = {}
            for place, hit in enumerate(hits, start=1):
                for document in ids[hit.row]:
                    ranking.setdefault(document, 1 / place)
            answer = engine.ask(text)
            right = [place for place, hit in enumerate(hits, 1) if any(map(benchmark.qrels[id_].get, ids[hit.row]))]
            yield {
                "id": id_, "answerable": True, "kind": "", "aside": False, "words": len(text.split()),
                "status": answer.status, "confidence": answer.confidence, "first": min(right, default=None),
                "ranking": ranking,
            }  # fmt: skip
    for number, each in enumerate(benchmark.unanswerable):
        answer = engine.ask(each.text, context=each.context)
        yield {
            "id": str(number), "answerable": False, "kind": each.kind, "aside": each.aside,
            "words": len(each.text.split()), "status": answer.status, "confidence": answer.confidence,
        }  # fmt: skip


def tables(kept: dict[str, Values]) -> Iterator[str]:
    """Return tables of ranking and marks, of refusal by kind, and of outcomes by style and by length."""
    sets = [each for each in SETS if each.name in kept]
    rows = ["| set | style | questions | nDCG@10 | first | in five | mark, document given | mark, first |"]
    rows.append("|---|---|---|---|---|---|---|---|")
    for each in sets:
        values = kept[each.name]
        asked = [one for one in values["asked"] if one["answerable"]]
        first, five = (numpy.mean([(one["first"] or 99) <= most for one in asked]) for most in (1, 5))
        marks = [_figure(values.get(name)) for name in ("mark, document given", "mark, first")]
        rows.append(
            f"| {each.name} | {each.style} | {len(asked)} | {values['nDCG@10']:.3f} | {first:.3f} | {five:.3f} | "
            f"{marks[0]} | {marks[1]} |"
        )
    yield "\n".join(rows)
    rows = ["| set | without an answer | n | AUROC | answered | related | nothing | with one: answered | related |"]
    rows[0] += " nothing |"
    rows.append("|" + "---|" * (rows[0].count("|") - 1))
    for each in sets:
        asked = kept[each.name]["asked"]
        good = [one for one in asked if one["answerable"]]
        for kind in sorted({one["kind"] for one in asked if not one["answerable"]}):
            bad = [one for one in asked if not one["answerable"] and one["kind"] == kind]
            area = auroc(*(numpy.array([one["confidence"] for one in those]) for those in (good, bad)))
            rows.append(
                f"| {each.name}{'*' * each.calibrated} | {kind} | {len(bad)} | {area:.3f} | {shares(bad)} | "
                f"{shares(good)} |"
            )
    yield "\n".join(rows)
    rows = ["| set | calibration error | by the other half's calibration |", "|---|---|---|"]
    for each in sets:
        asked = counted(kept[each.name]["asked"])
        if asked:
            halves = measure_halves(judged(asked))
            own = halves.calibration_error if halves else None
            rows.append(
                f"| {each.name}{'*' * each.calibrated} | {_figure(calibration_error(asked))} | {_figure(own)} |"
            )
    yield "\n".join(rows)
    by_style: defaultdict[str, list[Values]] = defaultdict(list)
    by_length: defaultdict[str, list[Values]] = defaultdict(list)
    for each in sets:
        for one in counted(kept[each.name]["asked"]):
            by_style[each.style].append(one)
            by_length[_length(one["words"])].append(one)
    lengths = {name: by_length[name] for least, _ in LENGTHS if (name := _length(least)) in by_length}
    for what, groups in (("style", by_style), ("length", lengths)):
        rows = [f"| {what} | with an answer | answered | related | nothing | without | answered | related | nothing |"]
        rows[0] += " calibration error |"
        rows.append("|" + "---|" * 10)
        for name, asked in groups.items():
            good, bad = ([one for one in asked if one["answerable"] is which] for which in (True, False))
            error = _figure(calibration_error(asked))
            rows.append(f"| {name} | {len(good)} | {shares(good)} | {len(bad)} | {shares(bad)} | {error} |")
        yield "\n".join(rows)


def _length(words: int) -> str:
    least, most = next(length for length in LENGTHS if length[0] <= words <= length[1])
    return f"{least} to {most} words"


def shares(asked: Sequence[Values]) -> str:
    """Return the shares that were answered, shown related passages alone, and shown nothing, as cells of a table."""
    if not asked:
        return " | | "
    outcomes = [OUTCOMES[one["status"]] for one in asked]
    answered, related = sum(each.is_answered for each in outcomes), sum(each.has_related for each in outcomes)
    counts = answered, related, len(asked) - answered - related
    return " | ".join(f"{count / len(asked):.3f}" for count in counts)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
