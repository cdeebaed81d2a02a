"""Score the sentences of a passage by their cosine with the question, the words of it in them, and their type."""

from __future__ import annotations

from collections.abc import Sequence

from rag.core.types.answers import SentenceMatch
from rag.core.types.passages import Passage, PassageWords, Statement
from rag.search.terms import Asked

COVERAGE = 0.4
"""What the coverage of the question's words counts beside the sentence's cosine."""

STATEMENT_BONUS: dict[Statement, float] = {"plain": 0.0, "aim": -0.1, "finding": 0.05}
"""Score bonus by statement type: findings tend to answer, aims do not."""


def match_sentences(
    asked: Asked, passage: Passage, words: PassageWords, cosines: Sequence[float]
) -> tuple[SentenceMatch, ...]:
    """Match each sentence of a passage, given with its words and its sentences' cosines with the question."""
    matches = []
    sentences = zip(passage.sentences, words.sentences, words.statements, words.sides, cosines, strict=True)
    for span, terms, kind, side, cosine in sentences:
        covered = asked.coverage(terms)
        score = (1 - COVERAGE) * cosine + COVERAGE * covered + STATEMENT_BONUS[kind]
        matches.append(SentenceMatch(span, cosine, covered, score, side))
    return tuple(matches)
