"""Describe one question as it is asked: its conversation, its filters, and how it is understood if that is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.core.types.answers import Filters, Resolution


@dataclass(frozen=True, slots=True)
class EarlierQuestion:
    """A question that was asked before, as it was typed; `resolved` is how it was understood, if that is known."""

    question: str
    resolved: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with all that its answer depends on, besides the index.

    `earlier` holds the questions of the conversation, oldest first. At most `quotes` quotes are wanted, from documents
    that pass the `filters`. `resolution` is how the question is understood where the person has said so; without it
    the rules decide.
    """

    question: str
    earlier: tuple[EarlierQuestion, ...] = ()
    quotes: int = 5
    filters: Filters = Filters()
    resolution: Resolution | None = None


def earlier_questions(questions: Iterable[str], resolved: Sequence[str] = ()) -> tuple[EarlierQuestion, ...]:
    """Pair the questions of a conversation, oldest first, with how the first of them were understood."""
    return tuple(
        EarlierQuestion(question, resolved[place] if place < len(resolved) else None)
        for place, question in enumerate(questions)
    )
