"""Define the reports of a build, of a comparison with the corpus, and of a lint.

All offsets are code points into `Document.text`, half-open (`start` included, `end` not).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rag.core.types.documents import SkippedSource


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The confidences from which passages are shown, as an answer or as related, and how often that is wrong.

    From `threshold` on they are an answer, from `related_from` on related. Of the questions with an answer
    `wrongly_refused` is the share that is shown nothing, `only_related` the share that is shown related passages alone;
    of those without one `wrongly_answered` is the share that is answered. `wrong_answers` is the share of what is
    answered that does not answer, where half of the questions have an answer. All are as measured on the questions that
    `measured_on` names.
    """

    threshold: float
    wrongly_refused: float
    wrongly_answered: float
    measured_on: str
    related_from: float = 0.0
    only_related: float = 0.0
    wrong_answers: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure the judgement is of questions whose answer is known to be there (`good`) or not (`bad`).

    Both hold confidences in ascending order, and so does `near`: how near the passages are that were found for the good
    ones, whatever they lack. A confidence is the probability of slope · log-odds + intercept. `read_by` is the
    fingerprint of the cross-encoder that had a say, empty where none had: with another one the calibration is void.
    """

    slope: float
    intercept: float
    good: tuple[float, ...]
    bad: tuple[float, ...]
    measured_on: str
    near: tuple[float, ...] = ()
    read_by: str = ""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The changes that a build made. Paths are relative to the corpus folder.

    `findings` are lines of the synonyms and of the question set that are not used. `operating_point` is as measured on
    the corpus's own questions; None where there are too few, and the program's own stands.
    """

    fingerprint: str
    published: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    documents: int
    passages: int
    encoded: int
    skipped: tuple[SkippedSource, ...]
    duplicates: tuple[tuple[str, str], ...]
    seconds: float
    findings: tuple[Finding, ...] = ()
    operating_point: OperatingPoint | None = None


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """The index against the corpus. `current` means that nothing would change.

    `state` is a hash of what the corpus holds: what was found of the same state still holds.
    """

    current: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[SkippedSource, ...]
    duplicates: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...] = field(default=())
    state: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `kind` is a stable name; `lines` and `page` are the source's, where there are any."""

    path: str
    level: Literal["problem", "warning", "note"]
    kind: str
    message: str
    lines: tuple[int, int] | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What `add` did: paths in the corpus folder, and the files that it left out with the reasons."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[SkippedSource, ...]
