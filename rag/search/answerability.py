"""Judge whether what was found answers a question: the log-odds, and the calibration for corpora without questions.

A logistic regression over signals that mean the same on every corpus. Its coefficients stand in `answerability.toml`,
with what they were fitted on, the figures, and the command that fitted them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from rag.core.types.answers import Hit
from rag.core.types.reports import Calibration
from rag.search.terms import Asked

JUDGEMENT_VERSION = 3
"""Raised when the same question may be judged differently on the same index; not for other coefficients."""

LEAST = 0.05
"""What a fused score is taken for at least where scores are compared: near nothing, ratios mean nothing."""

JUDGED = 10
"""How many of the hits are looked at, however many are shown: a question's answer does not depend on that."""


@dataclass(frozen=True, slots=True)
class Signals:
    """The features of a question's hits that the judgement goes by."""

    absolute: float
    """The best passage's fused score without feedback, about 0 to 1."""
    lead: float
    """The logarithm of its ratio to the mean of the others': an answer stands out, a topic's passages crowd."""
    cosine: float
    """The cosine of the sentence that is highlighted first."""
    coverage: float
    """The share of the question's weight that this sentence holds, 0 to 1."""
    missing: float
    """The share of the question's weight that no document holds, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for it that hits answer, as log-odds: `near` is the likeness of all hits, `likeness` of the quotable.

    `lacks` is what they lack, taken off; `reading` that of the surest of the quotable that were read, if any were.
    """

    near: float
    likeness: float
    lacks: float = 0.0
    reading: float | None = None


@dataclass(frozen=True, slots=True)
class Certainty:
    """The log-odds that what was found answers: `near` by likeness alone, `sure` by all that is known."""

    near: float
    sure: float


LACKS_NAME = 3.0
"""What it takes from the log-odds that no passage speaks of all that a question is about."""

LACKS_ASPECT = 1.0
"""What it takes from the log-odds that the best passage speaks of none of the aspects that are asked for."""

NO_EVIDENCE = Evidence(-40.0, -40.0)
"""Where nothing was found."""


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A fitted logistic regression over the signals."""

    intercept: float
    weights: Signals

    def log_odds(self, signals: Signals) -> float:
        """Return the log-odds that the hits answer."""
        return self.intercept + math.fsum(
            getattr(self.weights, field.name) * getattr(signals, field.name) for field in fields(Signals)
        )


def signals(asked: Asked, hits: Sequence[Hit]) -> Signals:
    """Return the signals of a question's hits, of which there is at least one."""
    judged = hits[:JUDGED]
    first, *others = sorted((hit.absolute for hit in judged), reverse=True)
    best = max((match for hit in judged for match in hit.sentences), key=lambda match: match.score)
    return Signals(
        absolute=first,
        lead=math.log(max(first, LEAST) / max(sum(others) / len(others), LEAST)) if others else 0.0,
        cosine=best.cosine,
        coverage=best.coverage,
        missing=asked.missing,
    )


def certainty(evidence: Evidence) -> Certainty:
    """Return how surely hits answer."""
    sure = evidence.likeness
    if evidence.reading is not None:
        read = _fitted()["reading"]
        sure = float(read["likeness"]) * sure + float(read["reading"]) * evidence.reading
    return Certainty(evidence.near, sure - evidence.lacks)


def probability(log_odds: float) -> float:
    """Return the probability of log-odds."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, log_odds))))


@cache
def coefficients() -> Coefficients:
    """Return the fitted coefficients that come with the program."""
    values = _fitted()
    return Coefficients(intercept=float(values["intercept"]), weights=Signals(**values["weights"]))


@cache
def default_calibration(read_by: str = "") -> Calibration:
    """Return the calibration for indexes whose corpus has no questions of its own: that of the data fitted on.

    `read_by` is the fingerprint of the cross-encoder that has a say, which must be the one that was fitted with.
    """
    values = _fitted()["default_read" if read_by else "default"]
    kept = {name: tuple(values.get(name, ())) for name in ("good", "bad", "near")}
    return Calibration(**{**values, **kept, "read_by": read_by})


def is_fitted_with(fingerprint: str) -> bool:
    """Say whether the judgement was fitted with a cross-encoder, so that it may have a say."""
    return bool(_fitted().get("reading", {}).get("by") == fingerprint)


@cache
def _fitted() -> dict[str, Any]:
    return tomllib.loads(files("rag.search").joinpath("answerability.toml").read_text(encoding="utf-8"))
