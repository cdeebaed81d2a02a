"""Fits the default calibration of the judgement on open data, and writes it into `rag/search/answerability.toml`.

    python benchmarks/refusal_sets.py DATA_DIR TARGET_DIR
    python benchmarks/fit_answerability.py TARGET_DIR --cache CACHE_DIR [--refit]

Every question goes through the program's own path, up to its judgement. The sets are questions in the styles in which
people ask: whole ones, keywords, consumers' messages, turns of conversations. From each as many confidences are taken,
at equal steps of their order, with an answer and without; kinds of questions without one count alike. Two kinds are
left out, which no signal parts: questions written to look answerable, and those whose answers were graded as not right
though others of the same topic stay.

With `--refit` the coefficients of the signals are fitted as well, by a logistic regression with an intercept for each
set, because what parts its questions is to be learnt and not what parts the sets.
"""

from __future__ import annotations

import argparse
import dataclasses
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
from sklearn.linear_model import LogisticRegression

from rag.core.config import DEFAULT_MODEL
from rag.core.types.ask import Ask, earlier_questions
from rag.core.types.protocols import no_progress
from rag.core.types.reports import Calibration
from rag.evaluation.beir import read_benchmark
from rag.evaluation.benchmark_index import index_benchmark
from rag.evaluation.refusal import answered_at, auroc
from rag.search.answerability import Certainty, Signals, signals
from rag.search.calibration import calibrate, confidence, operating_point
from rag.search.finding import find

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

    `lacks` is what the names and aspects that nothing speaks of take from the log-odds.
    """

    signals: numpy.ndarray
    lacks: numpy.ndarray
    answerable: numpy.ndarray
    kinds: numpy.ndarray

    def bad(self) -> list[str]:
        """Return the kinds of questions without an answer that count."""
        return sorted(set(self.kinds[~self.answerable]) - NOT_FITTED)

    def weights(self) -> numpy.ndarray:
        """Return weights that sum to 1 for those with an answer, and to 1 for the others, kinds alike."""
        weights = self.answerable / self.answerable.sum()
        for kind in self.bad():
            chosen = ~self.answerable & (self.kinds == kind)
            weights = weights + chosen / chosen.sum() / len(self.bad())
        return weights


def ask(folder: Path, cache: Path) -> JudgedSet:
    """Return the judgement of all questions of a set that belong to either class and find anything."""
    benchmark = read_benchmark(folder)
    engine = index_benchmark(benchmark, DEFAULT_MODEL, cache, no_progress).engine
    questions = [
        (text, (), True, "") for id_, text in benchmark.queries.items() if max(benchmark.qrels[id_].values()) > 0
    ] + [(each.text, each.context, False, each.kind) for each in benchmark.unanswerable if not each.aside]
    kept = []
    for text, context, answerable, kind in questions:
        found = find(Ask(text, earlier_questions(context), quotes=1), engine.index, engine.encoder)
        if found.hits:
            seen = dataclasses.astuple(signals(found.question.terms, found.hits))
            kept.append((seen, found.judgement.near - found.judgement.sure, answerable, kind))
    print(f"{folder.name}: {len(kept)} of {len(questions)} questions", flush=True)
    return JudgedSet(*(numpy.array(column) for column in zip(*kept, strict=True)))


def fit(sets: dict[str, JudgedSet]) -> numpy.ndarray:
    """Return the coefficients of the signals."""
    chosen = [(name, sets[name]) for name in FITTED]
    own = numpy.repeat(numpy.eye(len(chosen)), [len(each.answerable) for _, each in chosen], axis=0)
    weights = numpy.concatenate([FITTED[name] * each.weights() for name, each in chosen])
    model = LogisticRegression(C=1_000.0, max_iter=10_000)
    model.fit(
        numpy.hstack([numpy.concatenate([each.signals for _, each in chosen]), 3 * own]),
        numpy.concatenate([each.answerable for _, each in chosen]),
        sample_weight=weights / weights.mean(),
    )
    return numpy.asarray(model.coef_[0][: len(NAMES)].round(2))


def pooled(
    sets: dict[str, JudgedSet], coefficients: numpy.ndarray, intercept: float
) -> tuple[list[Certainty], list[Certainty]]:
    """Return as many judgements from each set, at equal steps of their order: with an answer, and without."""
    good: list[Certainty] = []
    bad: list[Certainty] = []
    steps = (numpy.arange(QUANTILES) + 0.5) / QUANTILES
    for name in CALIBRATED:
        each = sets[name]
        near = intercept + each.signals @ coefficients
        sure = near - each.lacks
        nearest, surest = (numpy.quantile(values[each.answerable], steps) for values in (near, sure))
        good += [Certainty(*map(float, pair)) for pair in zip(nearest, surest, strict=True)]
        for kind in each.bad():
            chosen = ~each.answerable & (each.kinds == kind)
            few = (numpy.arange(QUANTILES // len(each.bad())) + 0.5) / (QUANTILES // len(each.bad()))
            bad += [Certainty(value, value) for value in numpy.quantile(sure[chosen], few).tolist()]
    return good, bad


def figures(sets: dict[str, JudgedSet], coefficients: numpy.ndarray) -> list[str]:
    """Return a line a set and kind: AUROC, and the share answered where 95% of those with an answer are."""
    lines = []
    for name, each in sets.items():
        sure = each.signals @ coefficients - each.lacks
        for kind in sorted(set(each.kinds[~each.answerable])):
            good, bad = sure[each.answerable], sure[~each.answerable & (each.kinds == kind)]
            lines.append(
                f"{name}, {kind} ({len(good)} and {len(bad)} questions): AUROC {auroc(good, bad):.3f}, "
                f"answered at 95%: {answered_at(0.95, good, bad):.3f}"
            )
    return lines


def outcomes(
    sets: dict[str, JudgedSet], coefficients: numpy.ndarray, intercept: float, calibration: Calibration
) -> list[str]:
    """Return a line a set: what the default point makes of its questions with an answer, and of those without."""
    point = operating_point(calibration)
    lines = []
    for name in CALIBRATED:
        each = sets[name]
        near = intercept + each.signals @ coefficients
        sure = numpy.array([confidence(calibration, value) for value in near - each.lacks])
        shown = numpy.array([confidence(calibration, value) for value in near]) >= point.related_from
        right = each.answerable
        counted = numpy.isin(each.kinds, each.bad())
        answered = shown & (sure >= point.threshold)
        lines.append(
            f"{name}: shown nothing {(~shown[right]).mean():.3f}, "
            f"only related {(shown & ~answered)[right].mean():.3f}; "
            f"answered without an answer {answered[counted].mean() if counted.any() else 0.0:.3f}"
        )
    return lines


def toml(coefficients: numpy.ndarray, intercept: float | None, sets: dict[str, JudgedSet]) -> str:
    """Return the file, figures included; without an intercept the middle of all log-odds is made 0."""
    if intercept is None:
        all_bad, all_good = pooled(sets, coefficients, 0.0)
        intercept = -round(float(numpy.median([each.sure for each in (*all_good, *all_bad)])), 2)
    good, bad = pooled(sets, coefficients, intercept)
    measured_on = f"open question sets: {', '.join(CALIBRATED)}"
    calibration = calibrate(good, bad, measured_on)
    point = operating_point(calibration)
    comments = [
        "Whether what was found answers: the coefficients of rag/search/answerability.py.",
        "Written by benchmarks/fit_answerability.py; the coefficients were fitted on MedQuAD (CC BY 4.0), SQuAD 2.0",
        "(CC BY-SA 4.0) and CLAPnq (Apache-2.0), the default calibration on these, MTRAG (Apache-2.0) and the consumer",
        "health questions of MEDIQA 2019. Figures:",
        *figures(sets, coefficients),
        f"At the default operating point, in all of these sets together: answered from {point.threshold}, related from",
        f"{point.related_from}; shown nothing {point.wrongly_refused}, only related {point.only_related}, answered "
        f"without an answer {point.wrongly_answered}; by set:",
        *outcomes(sets, coefficients, intercept, calibration),
    ]
    return "\n".join(
        [
            *(f"# {line}" for line in comments),
            "",
            f"intercept = {intercept}",
            "",
            "[weights]",
            *(f"{name} = {value}" for name, value in zip(NAMES, coefficients, strict=True)),
            "",
            "# For an index whose corpus has no questions of its own.",
            "[default]",
            f"slope = {calibration.slope}",
            f"intercept = {calibration.intercept}",
            f'measured_on = "{measured_on}"',
            f"good = {_numbers(calibration.good)}",
            f"bad = {_numbers(calibration.bad)}",
            f"near = {_numbers(calibration.near)}",
            "",
        ]
    )


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
    given = parser.parse_args()
    sets = {name: ask(given.sets / name, given.cache) for name in CALIBRATED}
    fitted = tomllib.loads(TARGET.read_text(encoding="utf-8"))
    if given.refit:
        coefficients, intercept = fit(sets), None
    else:
        coefficients, intercept = numpy.array([fitted["weights"][name] for name in NAMES]), float(fitted["intercept"])
    TARGET.write_text(toml(coefficients, intercept, sets), encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8").partition("\n\n")[0])


if __name__ == "__main__":
    main()
