"""A question set as a file: what is read of it and what is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.core.corpus_files import QUESTION_SET
from rag.corpus.question_set import Question, read_question_set


def test_questions_that_ask_the_same_are_equal_wherever_they_stand() -> None:
    assert Question(("a",), False, line=1) == Question(("a",), False, line=2)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["answered", "not_in_corpus"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["question", "conversation", "status", "document", "quote", "kind"]), inner)
    ),
    max_leaves=12,
)


@examples(300)
@given(
    st.binary(max_size=80) | st.lists(VALUES, max_size=4).map(lambda all_: "\n".join(map(json.dumps, all_)).encode())
)
def test_any_file_at_all_gives_questions_that_can_be_asked_and_problems(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / QUESTION_SET).write_bytes(data)
    found = read_question_set(corpus)
    for question in found.questions:
        assert all(turn.strip() and turn.encode() for turn in question.turns)
        assert question.quote is None if not question.answerable else question.quote.strip()
    lines = [question.line for question in found.questions] + [finding.lines[0] for finding in found.problems]
    assert sorted(lines) == [
        number for number, line in enumerate(data.split(b"\n"), start=1) if line.strip() not in (b"", b"\xef\xbb\xbf")
    ]
