"""Passages cover their document exactly, cut nothing that fits, and cross nothing that they may not."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.core.types.documents import AUTHOR, Attribution, Block, BlockKind, CatalogueEntry, Document, Source
from rag.core.types.passages import Passage
from rag.readers.registry import read_document
from rag.text.splitter_settings import SplitterSettings
from rag.text.splitting import context, sentence_spans, split

SMALL = SplitterSettings(passage_tokens=12, context_tokens=6)
SOMEBODY = Attribution("quoted", "Somebody", "https://example.org/post")

words = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéß镁α"), min_size=1, max_size=9)
sentences = st.lists(words, min_size=1, max_size=14).map(lambda some: " ".join(some).capitalize() + ".")
bodies = st.lists(sentences, min_size=1, max_size=4).map(" ".join)
kinds: st.SearchStrategy[BlockKind] = st.sampled_from(
    ["heading", "paragraph", "paragraph", "list item", "table row", "quotation", "footnote", "code"]
)


def count_words(text: str) -> int:
    return len(text.split())


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document of random blocks: headings, quoted speakers, furniture, blank gaps of any width."""
    text, blocks = "", []
    for _ in range(draw(st.integers(1, 9))):
        text += draw(st.sampled_from(["", "\n", "\n\n", " \n\u00a0\n"])) if text else ""
        text += "\n" if text else ""
        body = draw(bodies)
        blocks.append(
            Block(
                start=len(text),
                end=len(text) + len(body),
                kind=draw(kinds),
                attribution=draw(st.sampled_from([AUTHOR, AUTHOR, SOMEBODY])),
                furniture=draw(st.sampled_from([None, None, None, "a lone date line"])),
                lines=(1, 1),
            )
        )
        text += body
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(sha256[:12], "a.txt", sha256, "text/plain", "utf-8", "A", text, tuple(blocks), CatalogueEntry())


def passages_of(document: Document, settings_: SplitterSettings = SMALL) -> list[Passage]:
    return list(split(document, count_words, settings_))


@examples(200)
@given(documents())
def test_every_visible_character_is_in_exactly_one_passage_or_in_furniture(document: Document) -> None:
    held = [0] * len(document.text)
    spans = [(p.start, p.end) for p in passages_of(document)]
    spans += [(block.start, block.end) for block in document.blocks if block.furniture]
    for start, end in spans:
        for offset in range(start, end):
            held[offset] += 1
    assert [n for n, character in zip(held, document.text, strict=True) if not character.isspace() and n != 1] == []


@examples(200)
@given(documents())
def test_a_passage_crosses_no_heading_speaker_or_furniture(document: Document) -> None:
    for passage in passages_of(document):
        inside = [block for block in document.blocks if block.start < passage.end and block.end > passage.start]
        assert all(block.furniture is None for block in inside)
        assert {block.attribution for block in inside} == {passage.attribution}
        assert all(block.kind != "heading" for block in inside[1:])
        assert passage.start == document.text.find(document.text[passage.start : passage.end], passage.start)


@examples(200)
@given(documents())
def test_a_sentence_item_or_row_that_fits_is_not_cut(document: Document) -> None:
    edges = {edge for passage in passages_of(document) for edge in (passage.start, passage.end)}
    for block in document.blocks:
        whole = [(block.start, block.end)]
        if block.kind in ("paragraph", "quotation", "footnote"):
            whole = sentence_spans(document.text, block.start, block.end)
        elif block.kind in ("code", "heading"):
            continue
        for start, end in whole:
            if block.furniture is None and count_words(document.text[start:end]) <= SMALL.passage_tokens:
                assert not any(start < edge < end for edge in edges)


@examples(200)
@given(documents())
def test_no_passage_is_longer_than_the_limit(document: Document) -> None:
    for passage in passages_of(document):
        assert count_words(document.text[passage.start : passage.end]) <= SMALL.passage_tokens


@examples(200)
@given(documents())
def test_sentences_lie_in_their_passage_in_order_and_leave_out_only_headings(document: Document) -> None:
    for passage in passages_of(document):
        spans = passage.sentences
        assert all(passage.start <= a < b <= passage.end for a, b in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        inside = [block for block in document.blocks if block.start < passage.end and block.end > passage.start]
        bare = "".join(
            document.text[max(b.start, passage.start) : min(b.end, passage.end)] for b in inside if b.kind != "heading"
        )
        joined = "".join(document.text[a:b] for a, b in spans)
        assert "".join(joined.split()) == "".join(bare.split())


@examples(100)
@given(documents())
def test_identities_come_from_content_and_place(document: Document) -> None:
    first, second = passages_of(document), passages_of(document)
    assert first == second
    assert len({passage.id for passage in first}) == len(first)


def test_a_hard_wrapped_sentence_is_one_sentence_with_offsets_into_the_text() -> None:
    text = "The mineral is\nheld by\nthe kidney. It is not\nlost."
    assert [text[a:b] for a, b in sentence_spans(text, 0, len(text))] == [
        "The mineral is\nheld by\nthe kidney.",
        "It is not\nlost.",
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Take 5.5 mg, i.e. half a tablet (p < 0.05), said Dr. Low. He was sure.", 2),
        ("Is it safe? Nobody knows! It was tested in 1968.", 3),
        ("One sentence without a full stop", 1),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert len(sentence_spans(text, 0, len(text))) == count


def test_a_sentence_longer_than_the_model_is_cut_at_its_strongest_mark() -> None:
    text = "alpha beta gamma delta epsilon zeta eta theta; iota kappa lambda mu nu xi omicron pi rho"
    pieces = [text[p.start : p.end] for p in passages_of(_plain(text))]
    assert pieces == ["alpha beta gamma delta epsilon zeta eta theta;", "iota kappa lambda mu nu xi omicron pi rho"]


def test_long_sections_are_cut_evenly() -> None:
    text = " ".join(f"Word{n} stands in sentence number {n}." for n in range(7))
    lengths = [count_words(text[p.start : p.end]) for p in passages_of(_plain(text), SplitterSettings(36, 6))]
    assert lengths == [24, 18]


def test_a_bare_heading_is_a_passage_without_sentences() -> None:
    document = _read("# One\n\n## Two\n\nA body.\n", "a.md")
    assert [(document.text[p.start : p.end], len(p.sentences)) for p in passages_of(document)] == [
        ("One", 0),
        ("Two\n\nA body.", 1),
    ]


def test_a_footnote_is_not_of_the_section_that_it_happens_to_follow() -> None:
    document = _read("# One\n\nA claim.[^1]\n\n## Two\n\nA body.\n\n[^1]: A note to the claim.\n", "a.md")
    last = passages_of(document)[-1]
    assert document.text[last.start : last.end] == "[1] A note to the claim."
    assert last.section == ("One",)


def test_context_is_title_and_headings_cut_by_words() -> None:
    assert context("Salt", ("Salt", "What it does"), count_words, SplitterSettings(9, 9)) == "Salt > What it does"
    assert context("Salt", ("Salt", "What it does"), count_words, SplitterSettings(9, 3)) == "Salt > What"


def test_lines_are_the_sources_own() -> None:
    document = _read("---\ntitle: T\n---\nFirst line\nsecond line.\n\nThird\nparagraph.\n", "a.txt")
    assert [passage.lines for passage in passages_of(document)] == [(4, 8)]
    assert [passage.lines for passage in passages_of(document, SplitterSettings(5, 5))] == [(4, 5), (7, 8)]


def _plain(text: str) -> Document:
    return _read(text, "a.txt")


def _read(text: str, path: str) -> Document:
    data = text.encode()
    return read_document(Source(path, hashlib.sha256(data).hexdigest()), data)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("A book of W. E. B. Du Bois. It is old.", ["A book of W. E. B. Du Bois.", "It is old."]),
        ("They found vitamin B. It is good.", ["They found vitamin B.", "It is good."]),
    ],
)
def test_initials_end_no_sentence(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text, 0, len(text))] == sentences
