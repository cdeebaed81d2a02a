"""Compare the answers to a question set with those that an index built now would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer.engine import Engine
from rag.building.build import built_aside
from rag.core.config import Settings
from rag.core.errors import UsageError
from rag.core.types.protocols import Progress
from rag.core.types.reports import BuildReport
from rag.corpus.question_set import Question
from rag.evaluation.questions import Outcome, QuestionReport, ask_questions
from rag.index.opening import OpenIndex

NOTABLE_CONFIDENCE = 0.05
"""Any change of the corpus moves every confidence a little; from this on it counts as a change of the answer."""

Aspect = Literal["status", "first quote", "rank", "highlighted", "confidence"]
Verdict = Literal["better", "worse", "different"]
ASPECTS: tuple[Aspect, ...] = ("status", "first quote", "rank", "highlighted", "confidence")


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that would change, and in what.

    It is better or worse by what the question set expects: the quotation nearer to the top, highlighted, or at least in
    a related passage; or no answer.
    """

    before: Outcome
    after: Outcome
    differs: tuple[Aspect, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question set asked of the published index and of the one that a build would publish."""

    before: QuestionReport
    after: QuestionReport
    changes: tuple[Change, ...]
    build: BuildReport

    def differing_in(self, aspect: Aspect) -> int:
        """Return how many answers would change in an aspect."""
        return sum(aspect in change.differs for change in self.changes)

    def judged(self, verdict: Verdict) -> int:
        """Return how many answers would become better, worse, or only different."""
        return sum(change.verdict == verdict for change in self.changes)


def compare_build(
    settings: Settings, questions: Sequence[Question], progress: Progress, *, rebuild: bool
) -> Comparison:
    """Build without publishing, and ask both indexes. Raises what `built_aside` raises.

    The sources of the published index may be gone, which is the very change to be judged: neither index checks them.
    """
    if not questions:
        raise UsageError("The question set holds no questions.", "Write some into it, one a line.")

    def engine(index: OpenIndex) -> Engine:
        return Engine(
            index,
            settings.corpus,
            check_sources=False,
            may_refuse=settings.may_refuse,
            may_mislead=settings.may_mislead,
        )

    with built_aside(settings, rebuild=rebuild, progress=progress) as built:
        before, after = (
            ask_questions(engine(index), questions, progress) for index in (built.published, built.unpublished)
        )
        return Comparison(before, after, changes(before, after), built.report)


def changes(before: QuestionReport, after: QuestionReport) -> tuple[Change, ...]:
    """Return the answers that differ between two reports of the same questions."""
    pairs = zip(before.outcomes, after.outcomes, strict=True)
    found = [Change(old, new, _differs(old, new), _verdict(old, new)) for old, new in pairs]
    return tuple(change for change in found if change.differs)


def _differs(before: Outcome, after: Outcome) -> tuple[Aspect, ...]:
    changed: dict[Aspect, bool] = {
        "status": before.status != after.status,
        "first quote": _seen_first(before) != _seen_first(after),
        "rank": before.rank != after.rank,
        "highlighted": before.highlighted != after.highlighted,
        "confidence": abs(before.confidence - after.confidence) >= NOTABLE_CONFIDENCE,
    }
    return tuple(aspect for aspect in ASPECTS if changed[aspect])


def _seen_first(outcome: Outcome) -> tuple[str, str] | None:
    """Return what a reader sees; a passage's id changes with any change of its document."""
    return (outcome.first.document, outcome.first.text) if outcome.first else None


def _verdict(before: Outcome, after: Outcome) -> Verdict:
    old, new = _merit(before), _merit(after)
    return "better" if new > old else "worse" if new < old else "different"


def _merit(outcome: Outcome) -> tuple[float, ...]:
    if not outcome.question.answerable:
        return (not outcome.answered,)
    return (
        1 / outcome.rank if outcome.rank else 0,
        outcome.highlighted,
        1 / outcome.related_rank if outcome.related_rank else 0,
    )
