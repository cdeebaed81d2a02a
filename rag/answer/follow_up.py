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
_WHOLE_QUESTION = re.compile(
    r"^\s*(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|should|would|will|may|has"
    r"|have|had)\b",
    re.IGNORECASE,
)
_TOO_FEW = 2


def searched_as(question: str, earlier: Sequence[str]) -> str:
    """Return what to search for: a question that leans on the one before it gets that one's content words.

    It leans when it holds a pronoun, opens like a continuation, or is no whole question and has at most two content
    words ("Side effects?"). Only earlier questions lend words, never what was answered.
    """
    if not earlier:
        return question
    own = content_words(question)
    stands_alone = len(own) > _TOO_FEW or _WHOLE_QUESTION.match(question)
    if stands_alone and not _LEANS_BACK.search(question):
        return question
    present = {word.lower() for word in own}
    lent = [word for word in content_words(earlier[-1]) if word.lower() not in present]
    return f"{question} {' '.join(lent)}".strip() if lent else question
