"""Screen a question, then have it answered or withhold its answer: the one way in for every question."""

from __future__ import annotations

from collections.abc import Callable

from rag.core.types.answers import Answer, IndexInfo
from rag.core.types.ask import Ask
from rag.safety.framing import notices
from rag.safety.screening import Screened, screen

NO_INDEX = IndexInfo(fingerprint="", documents=0, passages=0, published="")
"""Stands in an answer for which no index was opened."""


def respond(ask: Ask, country: str | None, answer: Callable[[Screened], Answer], index: IndexInfo = NO_INDEX) -> Answer:
    """Answer a question by `answer`, unless its notices withhold that: then nothing is opened or searched.

    `country` is whose numbers the notices name, `index` what a withheld answer says of the index. Raises
    `QuestionError` for a question that is empty or far too long, and what `answer` raises.
    """
    screened = screen(ask, country)
    return _unsearched(screened, index) if screened.call.withheld else answer(screened)


def _unsearched(screened: Screened, index: IndexInfo) -> Answer:
    """Return the answer to a question that is not searched for: its notices and nothing else."""
    question = screened.ask.question
    return Answer(
        status="withheld",
        question=question,
        searched_as=question,
        notices=notices(screened.call),
        confidence=0.0,
        missing_terms=(),
        quotes=(),
        index=index,
        took_ms=0.0,
        filters=screened.ask.filters,
    )
