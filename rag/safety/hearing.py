"""What somebody typed, as it is asked, and which notices it calls for: the first thing that is done with a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.core.errors import QuestionError
from rag.safety.notices import Called, called_for
from rag.text.words import LONGEST_QUESTION

_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Unpaired surrogates that stand for no byte of a command line."""


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


def checked_question(question: str) -> str:
    """Return the question without white space around it. Raises `QuestionError` if it cannot be asked."""
    question = readable(question)
    if not question:
        raise QuestionError("The question is empty.", 'Type one: python -m rag query "What does the corpus say of …?"')
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} are read.",
            "Ask it in a sentence or two.",
        )
    return question


def readable(question: str) -> str:
    """Return what was typed without unpaired surrogates and without white space around it.

    Bytes of the command line that are not UTF-8 come as such, and JSON that a caller has read may hold others.
    """
    question = _NO_BYTE.sub("\ufffd", question)
    return question.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
