"""From which confidence on the program answers: the one place where evaluation asks for it."""

from __future__ import annotations

from rag.answer import answerability
from rag.engine import Engine
from rag.evaluation.refusal import OperatingPoint


def operating_point(engine: Engine) -> OperatingPoint:
    """Return the operating point that is in force when this engine is asked."""
    return OperatingPoint(answerability.THRESHOLD, "fixed in rag.answer.answerability")
