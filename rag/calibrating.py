"""The corpus's own questions, asked of an index before it is published: what its confidences will be worth."""

from __future__ import annotations

from pathlib import Path

from rag.answer.calibration import FEWEST, calibrate
from rag.engine import Engine
from rag.errors import NotFound, UsageError
from rag.index import OpenIndex
from rag.question_sets import questions_of
from rag.types import Calibration, Progress


def calibration_of(index: OpenIndex, corpus: Path, progress: Progress) -> Calibration | None:
    """Return the calibration by the corpus's own question set; None where there is none, or it holds too little."""
    try:
        questions = questions_of(corpus)
    except (NotFound, UsageError):
        return None
    counts = [sum(each.answerable is answerable for each in questions) for answerable in (True, False)]
    if min(counts) < FEWEST:
        return None
    engine = Engine(index, corpus, check_sources=False)
    log_odds: dict[bool, list[float]] = {True: [], False: []}
    for done, question in enumerate(questions):
        progress("calibrating", done, len(questions))
        log_odds[question.answerable].append(engine.log_odds(question.turns[-1], question.turns[:-1]))
    progress("calibrating", len(questions), len(questions))
    measured_on = f"the corpus's own questions: {counts[0]} with an answer, {counts[1]} without"
    return calibrate(log_odds[True], log_odds[False], measured_on)
