"""Fits the default calibration of the judgement on open data, and writes it into `rag/search/answerability.toml`.

    python benchmarks/refusal_sets.py DATA_DIR TARGET_DIR
    python benchmarks/fit_answerability.py TARGET_DIR --cache CACHE_DIR [--refit]

Every question goes through the program's own path, up to its judgement. The sets are questions in the styles in which
people ask: whole ones, keywords, consumers' messages, turns of conversations. From each as many confidences are taken,
at equal steps of their order, with an answer and without; kinds of questions without one count alike. Two kinds are
left out, which no signal parts: questions written to look answerable, and those whose answers were graded as not right
though others of the same topic stay.

With `--refit` the coefficients of the signals are fitted as well, by a logistic regression with an intercept for each
set, because what parts its questions is to be learnt and not what parts the sets. Where a cross-encoder comes with the
program, or is named, everything is done a second time with what it reads: likeness and reading are weighed by a second
regression, on the half of the questions that hashes choose; figures are of the other half.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy
from sklearn.linear_model import LogisticRegression

from rag.core.config import DEFAULT_MODEL
from rag.core.types.ask import Ask, earlier_questions
from rag.core.types.protocols import PassageReader, no_progress
from rag.core.types.reports import Calibration
from rag.encoder.cross_encoder import CrossEncoder
from rag.encoder.cross_encoder_files import CARD_FILE, cross_encoder_folder
from rag.evaluation.beir import read_benchmark
from rag.evaluation.benchmark_index import index_benchmark
from rag.evaluation.refusal import answered_at, auroc
from rag.search.answerability import Certainty, Signals, signals
from rag.search.calibration import calibrate, confidence, operating_point
from rag.search.finding import find, weigh
from rag.search.reranking import read_hits

TARGET = Path(__file__).resolve().parents[1] / "rag" / "search" / "answerability.toml"
FITTED = {"medquad-sample": 2.0, "squad2": 1.0, "clapnq": 1.0}
"""The sets that the coefficients are fitted on, and what they weigh."""

CALIBRATED = (
    "medquad-sample", "medquad-sample-keywords", "squad2", "clapnq", "mediqa-messages", "mtrag-clapnq",
    "mtrag-clapnq-typed",
)  # fmt: skip
NOT_FITTED = frozenset({"adversarial", "answers left out"})
QUANTILES = 200
NAMES = [field.name for field in dataclasses.fields(Signals)]


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A set's questions: their signals, shape (questions, signals), whether they have an answer, and their kinds.

    `change` is what it adds to the log-odds of the signals that some hits may not be quoted, `lacks` what the names and
    aspects that nothing speaks of take from them, `reading` the log-odds by what was read, if anything was. `half` says
    which questions belong to the first half.
    """

    signals: numpy.ndarray
    change: numpy.ndarray
    lacks: numpy.ndarray
    reading: numpy.ndarray
    half: numpy.ndarray
    answerable: numpy.ndarray
    kinds: numpy.ndarray

    def of(self, chosen: numpy.ndarray) -> JudgedSet:
        """Return some of the questions."""
        return JudgedSet(*(getattr(self, field.name)[chosen] for field in dataclasses.fields(self)))

    def bad(self, left_out: frozenset[str] = NOT_FITTED) -> list[str]:
        """Return the kinds of questions without an answer that count."""
        return sorted(set(self.kinds[~self.answerable]) - left_out)

    def weights(self, left_out: frozenset[str]) -> numpy.ndarray:
        """Return weights that sum to 1 for those with an answer, and to 1 for the others, kinds alike."""
        weights = self.answerable / self.answerable.sum()
        for kind in self.bad(left_out):
            chosen = ~self.answerable & (self.kinds == kind)
            weights = weights + chosen / chosen.sum() / len(self.bad(left_out))
        return weights


@dataclass(frozen=True, slots=True)
class Linear:
    """The judgement by likeness: the coefficients of the signals."""

    coefficients: numpy.ndarray
    intercept: float

    def near(self, judged: JudgedSet) -> numpy.ndarray:
        """Return the log-odds of all hits."""
        values: numpy.ndarray = self.intercept + judged.signals @ self.coefficients
        return values

    def __call__(self, judged: JudgedSet) -> numpy.ndarray:
        """Return the log-odds of what may be quoted."""
        return self.near(judged) + judged.change

    def sure(self, judged: JudgedSet) -> numpy.ndarray:
        """Return the log-odds less what the hits lack."""
        return self(judged) - judged.lacks


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """What likeness and reading count together."""

    likeness: float
    reading: float

    def sure(self, judged: JudgedSet, linear: Linear) -> numpy.ndarray:
        """Return the log-odds by both, less what the hits lack."""
        values: numpy.ndarray = self.likeness * linear(judged) + self.reading * judged.reading - judged.lacks
        return values


Judge = Callable[[JudgedSet], numpy.ndarray]


def ask(folder: Path, cache: Path, reader: PassageReader | None) -> JudgedSet:
    """Return the evidence of all questions of a set that belong to either class and find anything."""
    benchmark = read_benchmark(folder)
    engine = index_benchmark(benchmark, DEFAULT_MODEL, cache, no_progress).engine
    questions = [
        (text, (), True, "") for id_, text in benchmark.queries.items() if max(benchmark.qrels[id_].values()) > 0
    ] + [(each.text, each.context, False, each.kind) for each in benchmark.unanswerable if not each.aside]
    kept = []
    for text, context, answerable, kind in questions:
        found = find(Ask(text, earlier_questions(context), quotes=1), engine.index, engine.encoder)
        if found.hits:
            asked, hits = found.question, found.hits
            read = read_hits(asked.searched_as, hits, engine.index, reader) if reader else hits
            evidence = weigh(asked.subject, asked.terms, hits, read, engine.index)
            seen = dataclasses.astuple(signals(asked.terms, hits))
            reading = evidence.reading if evidence.reading is not None else numpy.nan
            half = hashlib.sha256(text.encode()).digest()[0] < 128
            kept.append((seen, evidence.likeness - evidence.near, evidence.lacks, reading, half, answerable, kind))
    print(f"{folder.name}: {len(kept)} of {len(questions)} questions", flush=True)
    return JudgedSet(*(numpy.array(column) for column in zip(*kept, strict=True)))


def fit(sets: dict[str, JudgedSet]) -> numpy.ndarray:
    """Return the coefficients of the signals."""
    chosen = {name: sets[name] for name in FITTED}
    return _regression({name: each.signals for name, each in chosen.items()}, chosen, NOT_FITTED)


def fit_reading(sets: dict[str, JudgedSet], linear: Linear) -> ReadingWeights:
    """Return what likeness and reading count together, by the first halves of the questions."""
    chosen = {name: sets[name].of(sets[name].half) for name in FITTED}
    both = {name: numpy.stack([linear(each), each.reading], axis=1) for name, each in chosen.items()}
    likeness, reading = map(float, _regression(both, chosen, frozenset()))
    return ReadingWeights(likeness, reading)


def _regression(
    features: dict[str, numpy.ndarray], sets: dict[str, JudgedSet], left_out: frozenset[str]
) -> numpy.ndarray:
    own = numpy.repeat(numpy.eye(len(sets)), [len(each.answerable) for each in sets.values()], axis=0)
    weights = numpy.concatenate([FITTED[name] * each.weights(left_out) for name, each in sets.items()])
    model = LogisticRegression(C=1_000.0, max_iter=10_000)
    model.fit(
        numpy.hstack([numpy.concatenate(list(features.values())), 3 * own]),
        numpy.concatenate([each.answerable for each in sets.values()]),
        sample_weight=weights / weights.mean(),
    )
    return numpy.asarray(model.coef_[0][: -len(sets)].round(2))


def pooled(sets: dict[str, JudgedSet], linear: Linear, judge: Judge) -> tuple[list[Certainty], list[Certainty]]:
    """Return as many judgements from each set, at equal steps of their order: with an answer, and without."""
    good: list[Certainty] = []
    bad: list[Certainty] = []
    steps = (numpy.arange(QUANTILES) + 0.5) / QUANTILES
    for name in CALIBRATED:
        each = sets[name]
        near, sure = linear.near(each), judge(each)
        nearest, surest = (numpy.quantile(values[each.answerable], steps) for values in (near, sure))
        good += [Certainty(*map(float, pair)) for pair in zip(nearest, surest, strict=True)]
        for kind in each.bad():
            chosen = ~each.answerable & (each.kinds == kind)
            few = (numpy.arange(QUANTILES // len(each.bad())) + 0.5) / (QUANTILES // len(each.bad()))
            bad += [Certainty(value, value) for value in numpy.quantile(sure[chosen], few).tolist()]
    return good, bad


def figures(sets: dict[str, JudgedSet], judge: Judge) -> list[str]:
    """Return a line a set and kind: AUROC, and the share answered where 95% of those with an answer are."""
    lines = []
    for name, each in sets.items():
        sure = judge(each)
        for kind in sorted(set(each.kinds[~each.answerable])):
            good, bad = sure[each.answerable], sure[~each.answerable & (each.kinds == kind)]
            if len(good) and len(bad):
                lines.append(
                    f"{name}, {kind} ({len(good)} and {len(bad)} questions): AUROC {auroc(good, bad):.3f}, "
                    f"answered at 95%: {answered_at(0.95, good, bad):.3f}"
                )
    return lines


def outcomes(sets: dict[str, JudgedSet], linear: Linear, judge: Judge, calibration: Calibration) -> list[str]:
    """Return a line a set: what the default point makes of its questions with an answer, and of those without."""
    point = operating_point(calibration)
    lines = []
    for name in CALIBRATED:
        each = sets[name]
        sure = numpy.array([confidence(calibration, value) for value in judge(each)])
        shown = numpy.array([confidence(calibration, value) for value in linear.near(each)]) >= point.related_from
        right = each.answerable
        counted = numpy.isin(each.kinds, each.bad())
        answered = shown & (sure >= point.threshold)
        lines.append(
            f"{name}: shown nothing {(~shown[right]).mean():.3f}, "
            f"only related {(shown & ~answered)[right].mean():.3f}; "
            f"answered without an answer {answered[counted].mean() if counted.any() else 0.0:.3f}"
        )
    return lines


def toml(
    sets: dict[str, JudgedSet], linear: Linear, reading: ReadingWeights | None, reader: PassageReader | None
) -> str:
    """Return the file, figures included."""
    comments = [
        "Whether what was found answers: the coefficients of rag/search/answerability.py.",
        "Written by benchmarks/fit_answerability.py; the coefficients were fitted on MedQuAD (CC BY 4.0), SQuAD 2.0",
        "(CC BY-SA 4.0) and CLAPnq (Apache-2.0), the default calibration on these, MTRAG (Apache-2.0) and the consumer",
        "health questions of MEDIQA 2019.",
    ]
    lines = [
        *(f"# {line}" for line in comments),
        "",
        f"intercept = {linear.intercept}",
        "",
        "[weights]",
        *(f"{name} = {value}" for name, value in zip(NAMES, linear.coefficients, strict=True)),
    ]
    lines += _calibration("default", "For an index without questions of its own.", sets, linear, linear.sure)
    if reading and reader:
        lines += [
            "",
            "# What likeness and reading count, fitted on half of the questions of the same sets.",
            "[reading]",
            f'by = "{reader.fingerprint}"',
            f"likeness = {reading.likeness}",
            f"reading = {reading.reading}",
        ]
        judge = partial(reading.sure, linear=linear)
        others = {name: each.of(~each.half) for name, each in sets.items()}
        lines += ["# On the other half of the questions:", *(f"# {line}" for line in figures(others, judge))]
        lines += _calibration("default_read", "The same, where passages are read.", sets, linear, judge)
    return "\n".join([*lines, ""])


def _calibration(name: str, what: str, sets: dict[str, JudgedSet], linear: Linear, judge: Judge) -> list[str]:
    calibration = calibrate(*pooled(sets, linear, judge), f"open question sets: {', '.join(CALIBRATED)}")
    point = operating_point(calibration)
    comments = [
        what,
        *figures(sets, judge),
        f"At the operating point, in all of these sets together: answered from {point.threshold}, related from",
        f"{point.related_from}; shown nothing {point.wrongly_refused}, only related {point.only_related}, answered "
        f"without an answer {point.wrongly_answered}; by set:",
        *outcomes(sets, linear, judge, calibration),
    ]
    return [
        "",
        *(f"# {line}" for line in comments),
        f"[{name}]",
        f"slope = {calibration.slope}",
        f"intercept = {calibration.intercept}",
        f'measured_on = "{calibration.measured_on}"',
        f"good = {_numbers(calibration.good)}",
        f"bad = {_numbers(calibration.bad)}",
        f"near = {_numbers(calibration.near)}",
    ]


def _numbers(values: Sequence[float]) -> str:
    """Return every fifth value, as many a line as fit."""
    texts = [f"{value}" for value in values[2::5]]
    lines = [", ".join(texts[start : start + 12]) for start in range(0, len(texts), 12)]
    return "[\n    " + ",\n    ".join(lines) + ",\n]"


def main() -> None:
    """Ask, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, metavar="TARGET_DIR", help="what refusal_sets.py wrote")
    parser.add_argument("--cache", type=Path, required=True, help="where the sets' indexes are kept")
    parser.add_argument("--refit", action="store_true", help="fit the coefficients as well")
    parser.add_argument("--reader", type=Path, metavar="DIR", help="a folder with another cross-encoder")
    parser.add_argument("--target", type=Path, default=TARGET, metavar="FILE.toml", help="where to write")
    given = parser.parse_args()
    folder = given.reader or cross_encoder_folder()
    reader = CrossEncoder(folder) if (folder / CARD_FILE).exists() else None
    sets = {name: ask(given.sets / name, given.cache, reader) for name in CALIBRATED}
    fitted = tomllib.loads(TARGET.read_text(encoding="utf-8"))
    linear = Linear(numpy.array([fitted["weights"][name] for name in NAMES]), float(fitted["intercept"]))
    if given.refit:
        linear = Linear(fit(sets), 0.0)
        good, bad = pooled(sets, linear, linear.sure)
        linear = Linear(linear.coefficients, -round(float(numpy.median([each.sure for each in (*good, *bad)])), 2))
    text = toml(sets, linear, fit_reading(sets, linear) if reader else None, reader)
    given.target.write_text(text, encoding="utf-8")
    print("\n".join(line for line in text.splitlines() if line.startswith("#") or "reading" in line))


if __name__ == "__main__":
    main()
