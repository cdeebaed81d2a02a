"""The corpus's own questions, asked of an index before it is published: what its confidences will be worth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rag.answer.engine import Engine
from rag.core.types.protocols import Progress
from rag.core.types.reports import Calibration
from rag.corpus.question_set import QuestionFile
from rag.index.opening import OpenIndex
from rag.search.calibration import calibrate


def calibration(corpus: Path, asked: QuestionFile, progress: Progress) -> Callable[[OpenIndex], Calibration]:
    """Return what finds the calibration of an index by its corpus's own questions, which must be enough for one."""

    def of(index: OpenIndex) -> Calibration:
        engine = Engine(index, corpus, check_sources=False)
        log_odds: dict[bool, list[float]] = {True: [], False: []}
        for done, question in enumerate(asked.questions):
            progress("calibrating", done, len(asked.questions))
            log_odds[question.answerable].append(engine.log_odds(question.turns[-1], question.turns[:-1]))
        progress("calibrating", len(asked.questions), len(asked.questions))
        measured_on = f"the corpus's own questions: {asked.answerable} with an answer, {asked.unanswerable} without"
        return calibrate(log_odds[True], log_odds[False], measured_on)

    return of
