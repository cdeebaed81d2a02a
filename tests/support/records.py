"""A kept question, for the tests of records and of what is made of them."""

from __future__ import annotations

from rag.corpus.records.record import RecordedQuestion

KEPT = RecordedQuestion(
    session="abcd",
    id="abcd-1",
    asked_at="2026-05-31T10:00:00+02:00",
    question="What is zorbulin?",
    searched_as="What is zorbulin?",
    status="not_in_corpus",
    confidence=0.25,
    missing_terms=("zorbulin",),
    quotes=(),
    index="0123456789abcdef",
)
