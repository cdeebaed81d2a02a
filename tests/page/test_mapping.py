"""The map: what stands where, for the same index always in the same place, and what it says of itself."""

from __future__ import annotations

import re
from html import unescape

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from support.paths import MAGNESIUM_QUESTION

from rag.answer.engine import open_index
from rag.building.build import build
from rag.page.html import map_html as drawing
from rag.page.html.map_marks import MARKS, marks_style
from rag.page.mapping import APART, CorpusMap, map_corpus, marked_apart, place_question, principal_plane

rows = arrays(
    numpy.float32,
    st.tuples(st.integers(1, 12), st.integers(1, 8)),
    elements=st.floats(-1, 1, width=32, allow_subnormal=False),
)


@given(rows)
def test_equal_vectors_stand_at_equal_places_and_the_flat_picture_only_shortens(vectors):
    found = flat(vectors)
    places = numpy.array([found.place(vector) for vector in vectors])
    for one in range(len(vectors)):
        for other in range(one):
            apart = numpy.linalg.norm(vectors[one].astype(float) - vectors[other])
            shown = numpy.linalg.norm(places[one] - places[other])
            assert shown <= apart + 1e-6
            if numpy.array_equal(vectors[one], vectors[other]):
                assert shown == 0
    first, second = found.explained
    assert 0 <= second <= first + 1e-9
    assert first + second <= 1 + 1e-9


@given(rows)
def test_axes_are_unit_at_right_angles_and_have_their_sign_by_a_rule(vectors):
    _, axes, explained = principal_plane(vectors)
    for axis, share in zip(axes.T, explained, strict=True):
        assert numpy.linalg.norm(axis) == pytest.approx(1 if share else 0)
        assert axis[numpy.argmax(numpy.abs(axis).round(9))] >= 0
    assert axes[:, 0] @ axes[:, 1] == pytest.approx(0, abs=1e-9)


def test_the_plane_is_that_of_a_singular_value_decomposition(starter):
    vectors = starter.index.dense.vectors().astype(float)
    _, axes, explained = principal_plane(vectors)
    _, sizes, directions = numpy.linalg.svd(vectors - vectors.mean(axis=0))
    assert numpy.abs(numpy.sum(axes.T * directions[:2], axis=1)) == pytest.approx([1, 1])
    assert explained == pytest.approx(sizes[:2] ** 2 / (sizes**2).sum())


def test_what_can_be_quoted_is_placed_and_twice_alike(starter, starter_settings):
    found, again = map_corpus(starter.index), map_corpus(open_index(starter_settings.index).index)
    assert found == again
    passages = [p for d in starter.documents() for p in starter.passages(d) if p.sentences]
    assert [point.passage for point in found.points] == passages
    assert found.of == len(passages)
    assert found.dimensions == 384
    vector = starter.index.dense.rows(numpy.array([5]))[0]
    there = next(point for point in found.points if point.passage == starter.index.store.passages([5])[5])
    assert found.place(vector) == (there.x, there.y)


def test_of_many_passages_some_are_shown_and_it_is_said_how_many(starter):
    found = map_corpus(starter.index, most=20)
    assert len({point.passage.id for point in found.points}) == 20
    assert f"20 of the {found.of} passages that can be quoted are shown" in drawing.map_words(found)
    whole = map_corpus(starter.index)
    assert f"Each mark is one of the {found.of} passages" in drawing.map_words(whole)
    assert f"{whole.explained[0]:.0%} and {whole.explained[1]:.0%} of their variance" in drawing.map_words(whole)


def test_a_question_stands_in_the_same_plane_with_what_was_quoted_even_if_that_is_not_shown(starter):
    found = map_corpus(starter.index, most=2)
    whole = map_corpus(starter.index)
    quoted = [quote.passage.id for quote in starter.ask(MAGNESIUM_QUESTION).quotes]
    vector = starter.encoder.encode([MAGNESIUM_QUESTION])[0]
    few = place_question(starter.index, found, vector, [*quoted, "of another index"])
    assert [point.passage.id for point in few.quoted] == quoted
    question = place_question(starter.index, whole, vector, quoted)
    assert (question.x, question.y) == whole.place(vector)
    assert set(question.quoted) <= set(whole.points)
    cosines = [cosine for _, cosine in question.nearest]
    assert cosines == sorted(cosines, reverse=True)
    every = starter.index.dense.search(vector, 30)
    sentences = starter.index.sentences.count(numpy.array([row for row, _ in every]))
    assert cosines == [cosine for (_, cosine), count in zip(every, sentences, strict=True) if count][: len(cosines)]


def test_what_is_withdrawn_is_never_named_as_near(own):
    (own.corpus / "a.md").write_text("---\ntitle: A\nretracted: '2021'\n---\nZorbulin binds the zorb receptor.\n")
    (own.corpus / "b.md").write_text("---\ntitle: B\n---\n# Only a heading\n\n## Pepper\n\nPepper is black.\n")
    build(own)
    engine = open_index(own.index)
    found = map_corpus(engine.index)
    question = place_question(engine.index, found, engine.encoder.encode(["What does zorbulin bind?"])[0], [])
    assert [engine.document(point.passage.document_id).title for point, _ in question.nearest] == ["B"]
    assert found.of == 2


@pytest.mark.parametrize("texts", [[], ["Salt calms the heart."], ["Salt calms the heart."] * 2])
def test_hardly_a_corpus(own, texts):
    for number, text in enumerate(texts):
        (own.corpus / f"{number}.md").write_text(f"---\ntitle: T\nnotes: {number}\n---\n{text}\n")
    build(own)
    engine = open_index(own.index)
    found = map_corpus(engine.index)
    assert [(point.x, point.y) for point in found.points] == [(0, 0)] * len(texts)
    assert found.explained == (0, 0)
    question = place_question(engine.index, found, engine.encoder.encode(["salt"])[0], [])
    assert len(question.nearest) == len(texts)
    if texts:
        assert "left:50.0%;top:50.0%" in drawing.map_html(found, (), {}, question)


def test_the_documents_with_the_most_passages_have_marks_of_their_own(starter):
    passages = {f"d{number}": number % 7 for number in range(30)}
    apart = marked_apart(passages)
    assert len(apart) == APART == len(MARKS)
    assert min(passages[name] for name in apart) >= max(n for name, n in passages.items() if name not in apart)
    titles = {document.id: document.title for document in starter.documents()}
    html = drawing.map_html(map_corpus(starter.index), list(titles)[:3], titles, None)
    counts = [html.count(f'class="rag-mark rag-mark-{name}"') for name in (1, 2, 3, "other")]
    assert all(counts)
    assert sum(counts) == 76


def test_marks_differ_in_more_than_their_colour_and_hold_on_both_grounds():
    style = marks_style()
    outlines = set()
    for number in range(1, APART + 1):
        rule = re.search(rf"\.rag-mark-{number} {{([^}}]*)}}", style)
        assert rule, number
        (colour,) = re.findall("#[0-9a-f]{6}", rule[1])
        outlines.add(" ".join(rule[1].replace(colour, "").split()))
        for ground in ("#ffffff", "#10161a"):
            assert contrast(colour, ground) >= 3, (number, colour, ground)
    assert len(outlines) == APART


def test_titles_on_the_map_are_characters(starter):
    hostile = '" onclick=x <script>\u202e\x1b'
    document = next(iter(starter.documents()))
    html = drawing.map_html(map_corpus(starter.index), (), {document.id: hostile}, None)
    assert "<script>" not in html
    assert '" onclick' not in html
    assert '" onclick=x <script>\\u202e\\x1b' in unescape(html)


def flat(vectors: numpy.ndarray) -> CorpusMap:
    centre, axes, explained = principal_plane(vectors)
    return CorpusMap((), 0, vectors.shape[1], explained, centre, axes)


def contrast(colour: str, ground: str) -> float:
    """Return the contrast of two colours by WCAG 2."""

    def light(text: str) -> float:
        parts = [int(text[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    first, second = sorted((light(colour), light(ground)), reverse=True)
    return (first + 0.05) / (second + 0.05)
