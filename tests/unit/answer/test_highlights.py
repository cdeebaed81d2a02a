"""What is highlighted: the best sentence first, the caveat that belongs to it, and nothing but sentences."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import read
from support.properties import examples

from rag.answer.highlights import AS_GOOD, MOST, highlights, wanted_polarity
from rag.core.types.answers import Hit, Scores, SentenceMatch
from rag.core.types.documents import AUTHOR
from rag.core.types.passages import Passage
from rag.text.splitting import sentence_spans

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


LEAFLET = (
    "# Zorbulin\n\n## What is it for?\n\nZorbulin is a medicine for sea sickness.\n\n"
    "## Who should not take zorbulin\n\n"
    "Do not take zorbulin if you:\n\n- are allergic to kelp\n- have a weak liver\n\n## Safer choices\n\n"
    "These are safe at sea:\n\n- ginger\n- fresh air\n"
)


def marks(start: str, end: str, scores: dict[str, float], **wanted: Any) -> list[str]:
    """The highlights of a passage of the leaflet from one text to another, whose sentences score as given."""
    document = read(LEAFLET, "zorbulin.md")
    text = document.text
    first, last = text.index(start), text.index(end) + len(end)
    spans = [
        span
        for block in document.blocks
        if first <= block.start and block.end <= last
        for span in sentence_spans(text, block.start, block.end)
    ]
    passage = Passage("p", document.id, first, last, tuple(spans), (), AUTHOR, None, None)
    score_of = [next((each for words, each in scores.items() if words in text[slice(*span)]), 0.1) for span in spans]
    matches = tuple(SentenceMatch(span, score, score, score) for span, score in zip(spans, score_of, strict=True))
    hit = Hit(0, passage, Scores(0.5, 0.5, 0.0), 0.5, matches)
    return [text[slice(*span)] for span in highlights(hit, text, (), document.blocks, **wanted)]


def test_a_heading_that_asks_passes_its_score_on_to_the_answer() -> None:
    found = marks("What is it for?", "sea sickness.", {"What is it for?": 0.9})
    assert found == ["Zorbulin is a medicine for sea sickness."]


def test_the_items_of_a_list_are_marked_where_its_lead_in_is_near() -> None:
    found = marks("Who should not", "weak liver", {"Do not take": 0.9, "Who should": 0.8})
    assert found == ["are allergic to kelp", "have a weak liver"]


def test_one_item_is_marked_where_it_is_nearer_than_its_lead_in() -> None:
    found = marks("Who should not", "weak liver", {"Do not take": 0.3, "liver": 0.9})
    assert found == ["have a weak liver"]


def test_what_is_safe_is_not_marked_where_what_is_not_is_asked() -> None:
    assert marks("Safer choices", "fresh air", {"These are": 0.9}, wanted="prohibits") == []
    assert marks("Safer choices", "fresh air", {"These are": 0.9}, wanted="permits") == ["ginger", "fresh air"]


@pytest.mark.parametrize(
    ("question", "polarity"),
    [
        ("which pills are bad for parkinsons", "prohibits"),
        ("what should I avoid", "prohibits"),
        ("which pills are safe in pregnancy", "permits"),
        ("what is zinc", None),
        ("is zinc bad", None),
    ],
)
def test_what_is_asked_for_is_told_by_the_question(question: str, polarity: str | None) -> None:
    assert wanted_polarity(question) == polarity
