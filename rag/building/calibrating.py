"""Calibrate an index before it is published, by asking it the corpus's own questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rag.core.types.answers import Filters
from rag.core.types.ask import Ask, earlier_questions
from rag.core.types.protocols import PassageReader, Progress, QuestionEncoder
from rag.core.types.reports import Calibration
from rag.corpus.question_set import QuestionFile
from rag.index.opening import OpenIndex
from rag.search.answerability import Certainty
from rag.search.calibration import calibrate
from rag.search.filters import allowed_rows, passing_documents
from rag.search.finding import find


def calibration(
    asked: QuestionFile, encoder: QuestionEncoder, reader: PassageReader | None, progress: Progress
) -> Callable[[OpenIndex], Calibration]:
    """Return what finds the calibration of an index by its corpus's own questions, which must be enough for one."""

    def of(index: OpenIndex) -> Calibration:
        allowed = allowed_rows(passing_documents(Filters(), index).documents, index)
        judged: dict[bool, list[Certainty]] = {True: [], False: []}
        for done, question in enumerate(asked.questions):
            progress("calibrating", done, len(asked.questions))
            *earlier, last = question.turns
            ask = Ask(last, earlier_questions(earlier), quotes=1)
            judged[question.answerable].append(find(ask, index, encoder, allowed=allowed, reader=reader).judgement)
        progress("calibrating", len(asked.questions), len(asked.questions))
        measured_on = f"the corpus's own questions: {asked.answerable} with an answer, {asked.unanswerable} without"
        found = calibrate(judged[True], judged[False], measured_on)
        return replace(found, read_by=reader.fingerprint if reader else "")

    return of
