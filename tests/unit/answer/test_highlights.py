"""What is highlighted: the best sentence first, the caveat that belongs to it, and nothing but sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.answer.highlights import AS_GOOD, MOST, highlights
from rag.core.types.answers import Hit, Scores, SentenceMatch
from rag.core.types.documents import AUTHOR
from rag.core.types.passages import Passage

SENTENCES = ("Salt calms the heart.", "However, it tires the eyes.", "Do not take it at sea.", "Tea is hot.")


def hit_of(sentences: list[str], scores: list[float]) -> tuple[Hit, str]:
    """A passage of some sentences, and its document's text; something else stands before it."""
    text, spans = "Of salt. ", []
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + " "
    passage = Passage("p", "d", 9, len(text), tuple(spans), (), AUTHOR, None, None)
    matches = tuple(SentenceMatch(span, score, score, score) for span, score in zip(spans, scores, strict=True))
    return Hit(0, passage, Scores(0.5, 0.5, 0.0), 0.5, matches), text


def marked(sentences: list[str], scores: list[float]) -> list[str]:
    hit, text = hit_of(sentences, scores)
    return [text[start:end] for start, end in highlights(hit, text)]


@examples(300)
@given(st.lists(st.tuples(st.sampled_from(SENTENCES), st.floats(-1, 1)), min_size=1, max_size=8))
def test_highlights_are_sentences_of_the_passage_the_best_first(given_: list[tuple[str, float]]) -> None:
    sentences, scores = [list(column) for column in zip(*given_, strict=True)]
    hit, text = hit_of(sentences, scores)
    found = highlights(hit, text)
    spans = hit.passage.sentences
    score_of = dict(zip(spans, scores, strict=True))
    assert set(found) <= set(spans)
    assert len(set(found)) == len(found)
    assert score_of[found[0]] == max(scores)
    after = dict(pairwise(spans))
    good = [span for span in found if span == found[0] or score_of[span] >= AS_GOOD * max(scores)][:MOST]
    for span in found[: len(good)]:
        follower = after.get(span)
        if follower and text[slice(*follower)].startswith(("However", "Do not")):
            assert follower in found
    for span in found[len(good) :]:
        assert text[slice(*span)].startswith(("However", "Do not"))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.1, 0.8, 0.3], ["B."]),
        ([0.79, 0.2, 0.8], ["C.", "A."]),
        ([0.8, 0.8, 0.8], ["A.", "B."]),
        ([-0.2, -0.1, -0.3], ["B."]),
        ([0.0, 0.0, 0.0], ["A.", "B."]),
    ],
)
def test_the_best_sentence_is_highlighted_and_one_about_as_good(scores: list[float], expected: list[str]) -> None:
    assert marked(["A.", "B.", "C."], scores) == expected


@pytest.mark.parametrize(
    "caveat",
    [
        "But it tires the eyes.", "However, it tires the eyes.", "“However, not at sea.”", "Do not take it at sea.",
        "Don’t take it at sea.", "Never at sea.", "Not all sailors are calmed.", "It must not be taken at sea.",
        "Caution is needed.", "Note that it is salt.", "On the other hand, it is salt.",
    ],
)  # fmt: skip
def test_a_sentence_that_takes_something_back_is_highlighted_with_the_one_before(caveat: str) -> None:
    assert marked(["Salt calms the heart.", caveat, "Tea is hot."], [0.9, 0.1, 0.1]) == [
        "Salt calms the heart.",
        caveat,
    ]


@pytest.mark.parametrize(
    "sentence", ["Salt is white.", "Butter is soft.", "It is cheap.", "Sailors say it must not be."]
)
def test_any_other_sentence_is_not(sentence: str) -> None:
    assert marked(["Salt calms the heart.", sentence], [0.9, 0.1]) == ["Salt calms the heart."]


def test_a_caveat_that_is_as_good_itself_is_named_once() -> None:
    assert marked(["Salt calms.", "However, not you.", "But us."], [0.9, 0.89, 0.1]) == [
        "Salt calms.", "However, not you.", "But us.",
    ]  # fmt: skip
