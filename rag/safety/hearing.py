"""What somebody typed, as it is asked, and which notices it calls for: the first thing that is done with a question."""

from __future__ import annotations

from collections.abc import Sequence

from rag.safety.notices import Called, called_for
from rag.text.words import LONGEST_QUESTION, checked_question, readable


def hear(
    question: str, context: Sequence[str], country: str | None, *, understood: str | None = None
) -> tuple[str, Called]:
    """Return the question as it is asked, and what it calls for within its conversation, oldest question first.

    `understood` is what is searched for instead where somebody said so: its wording may call for something as well.
    A cry for help is heard in a question that is far too long to be asked. Raises `QuestionError` for any other such
    question, and for an empty one.
    """
    said = readable(question)
    if len(said) > LONGEST_QUESTION:
        for part in (said[:LONGEST_QUESTION], said[-LONGEST_QUESTION:]):
            called = called_for(part, (), country)
            if called.withheld:
                return said, called
    called = called_for(checked_question(said), context, country)
    if understood is not None and not called.withheld:
        called = called_for(checked_question(f"{said}\n{checked_question(understood)}"), context, country)
    return said, called
