"""Fits the judgement's coefficients and default calibration on open data, and writes `rag/search/answerability.toml`.

    python benchmarks/refusal_sets.py DATA_DIR TARGET_DIR
    python benchmarks/fit_answerability.py TARGET_DIR --cache CACHE_DIR

Every question goes through the program's own path, up to its signals. The coefficients are those of a logistic
regression with an intercept for each set, because what parts its questions is to be learnt and not what parts the sets;
sets and kinds of questions without an answer weigh alike, the health corpus twice. Two kinds are left out of the fit,
since these signals cannot part them and would only be bent by them: questions written to look answerable, and those
after another aspect of a topic that is there. The default calibration is Platt's over all sets.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
from sklearn.linear_model import LogisticRegression

from rag.core.config import DEFAULT_MODEL
from rag.core.types.ask import Ask, earlier_questions
from rag.core.types.protocols import no_progress
from rag.evaluation.beir import read_benchmark
from rag.evaluation.benchmark_index import index_benchmark
from rag.evaluation.refusal import answered_at, auroc
from rag.search.answerability import Signals, signals
from rag.search.calibration import calibrate, confidence, operating_point
from rag.search.finding import find

TARGET = Path(__file__).resolve().parents[1] / "rag" / "answer" / "answerability.toml"
FITTED = {"medquad": 2.0, "squad2": 1.0, "clapnq": 1.0}
"""The sets that the coefficients are fitted on, and what they weigh."""

CALIBRATED = ("medquad", "squad2", "clapnq", "mtrag-clapnq", "mtrag-cloud")
NOT_FITTED = frozenset({"adversarial", "aspect left out", "topic left out, a near one stays"})
QUANTILES = 200
NAMES = [field.name for field in dataclasses.fields(Signals)]


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A set's questions: their signals, shape (questions, signals), whether they have an answer, and their kinds."""

    signals: numpy.ndarray
    answerable: numpy.ndarray
    kinds: numpy.ndarray

    def weights(self) -> numpy.ndarray:
        """Return weights that sum to 1 for those with an answer, and to 1 for the others, kinds alike."""
        weights = self.answerable / self.answerable.sum()
        kinds = sorted(set(self.kinds[~self.answerable]) - NOT_FITTED)
        for kind in kinds:
            chosen = ~self.answerable & (self.kinds == kind)
            weights = weights + chosen / chosen.sum() / len(kinds)
        return weights


def ask(folder: Path, cache: Path) -> JudgedSet:
    """Return the signals of all questions of a set that belong to either class and find anything."""
    benchmark = read_benchmark(folder)
    engine = index_benchmark(benchmark, DEFAULT_MODEL, cache, no_progress).engine
    questions = [
        (text, (), True, "") for id_, text in benchmark.queries.items() if max(benchmark.qrels[id_].values()) > 0
    ] + [(each.text, each.context, False, each.kind) for each in benchmark.unanswerable if not each.aside]
    kept = []
    for text, context, answerable, kind in questions:
        found = find(Ask(text, earlier_questions(context), quotes=1), engine.index, engine.encoder)
        if found.hits:
            kept.append((dataclasses.astuple(signals(found.asked, found.hits)), answerable, kind))
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


def pooled(sets: dict[str, JudgedSet], coefficients: numpy.ndarray) -> tuple[list[float], list[float]]:
    """Return as many log-odds from each set, at equal steps of their order: with an answer, and without."""
    good: list[float] = []
    bad: list[float] = []
    steps = (numpy.arange(QUANTILES) + 0.5) / QUANTILES
    for name in CALIBRATED:
        log_odds = sets[name].signals @ coefficients
        fitted = sets[name].weights() > 0
        good += numpy.quantile(log_odds[sets[name].answerable], steps).tolist()
        bad += numpy.quantile(log_odds[~sets[name].answerable & fitted], steps).tolist()
    return good, bad


def figures(sets: dict[str, JudgedSet], coefficients: numpy.ndarray) -> list[str]:
    """Return a line a set and kind: AUROC, and the share answered where 95% of those with an answer are."""
    lines = []
    for name, each in sets.items():
        log_odds = each.signals @ coefficients
        for kind in sorted(set(each.kinds[~each.answerable])):
            good, bad = log_odds[each.answerable], log_odds[~each.answerable & (each.kinds == kind)]
            lines.append(
                f"{name}, {kind} ({len(good)} and {len(bad)} questions): AUROC {auroc(good, bad):.3f}, "
                f"answered at 95%: {answered_at(0.95, good, bad):.3f}"
            )
    return lines


def toml(coefficients: numpy.ndarray, sets: dict[str, JudgedSet]) -> str:
    """Return the file, figures included."""
    good, bad = pooled(sets, coefficients)
    middle = round(float(numpy.median(good + bad)), 2)
    measured_on = f"open question sets: {', '.join(CALIBRATED)}"
    calibration = calibrate([x - middle for x in good], [x - middle for x in bad], measured_on)
    point = operating_point(calibration, 0.05)
    per_set = []
    for name in CALIBRATED:
        log_odds = sets[name].signals @ coefficients - middle
        sure = numpy.array([confidence(calibration, each) for each in log_odds])
        right, fitted = sets[name].answerable, sets[name].weights() > 0
        refused, answered = (sure[right] < point.threshold).mean(), (sure[~right & fitted] >= point.threshold).mean()
        per_set.append(f"{name}: refused {refused:.3f}, answered {answered:.3f}")
    comments = [
        "Whether what was found answers: the coefficients of rag/search/answerability.py.",
        f"Written by benchmarks/fit_answerability.py; fitted on {', '.join(FITTED)} (MedQuAD, CC BY 4.0; SQuAD 2.0,",
        "CC BY-SA 4.0; CLAPnq, Apache-2.0), the default calibration on mtrag (MTRAG, Apache-2.0) as well. Figures:",
        *figures(sets, coefficients),
        "At the default operating point, in all of these sets together:",
        f"threshold {point.threshold}, refused {point.wrongly_refused}, answered {point.wrongly_answered}; by set:",
        *per_set,
    ]
    return "\n".join(
        [
            *(f"# {line}" for line in comments),
            "",
            f"intercept = {-middle}",
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
    given = parser.parse_args()
    sets = {name: ask(given.sets / name, given.cache) for name in CALIBRATED}
    coefficients = fit(sets)
    TARGET.write_text(toml(coefficients, sets), encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8").partition("\n\n")[0])


if __name__ == "__main__":
    main()
