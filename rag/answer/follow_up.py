"""A question within a conversation → the question as it is searched."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.questions import content_words

_LEANS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|that|this|those|these|he|him|his|she|her|one|ones|there)\b"
    r"|^\s*(?:and|or|but|also|what about|how about|why|really)\b",
    re.IGNORECASE,
)
_TOO_FEW = 2


def searched_as(question: str, earlier: Sequence[str]) -> str:
    """Return what to search for: a question that leans on the one before it gets that one's content words.

    It leans when it holds a pronoun, opens like a continuation, or has at most two content words. Only earlier
    questions lend words, never what was answered.
    """
    if not earlier:
        return question
    own = content_words(question)
    if not _LEANS_BACK.search(question) and len(own) > _TOO_FEW:
        return question
    present = {word.lower() for word in own}
    lent = [word for word in content_words(earlier[-1]) if word.lower() not in present]
    return f"{question} {' '.join(lent)}".strip() if lent else question
