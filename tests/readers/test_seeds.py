"""Reading the seeds, and the twins of them that the project wrote itself: the same shapes, the same promises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from made import (
    BLOG_EXPORT,
    FORUM_POST,
    SAVED_PAGE,
    assert_sound,
    front_matter_and_body,
    read,
    read_file,
    shown,
    text_of,
    visible_words,
)

from rag.core.types.documents import AUTHOR, CatalogueEntry, Document
from rag.text.splitting import sentence_spans


@dataclass(frozen=True)
class _Read:
    raw: str
    document: Document


def _pair(twin: Path, seed: str) -> Callable[[pytest.FixtureRequest], _Read]:
    """A fixture that gives the twin, then the seed, which is there only where the shared data is."""

    @pytest.fixture(params=["twin", "seed"])
    def fixture(request: pytest.FixtureRequest) -> _Read:
        file = twin
        if request.param == "seed":
            file = next((request.getfixturevalue("shared_data") / "seeds").glob(f"{seed}_*"))
        return _Read(file.read_bytes().decode("utf-8"), read_file(file))

    return fixture


forum_post = _pair(FORUM_POST, "000")
blog_export = _pair(BLOG_EXPORT, "001")
saved_page = _pair(SAVED_PAGE, "002")


@pytest.mark.parametrize("file", [FORUM_POST, BLOG_EXPORT, SAVED_PAGE], ids=lambda file: file.name)
def test_the_twins_are_sound(file: Path) -> None:
    assert_sound(read_file(file))


def test_the_seeds_are_sound(shared_data: Path) -> None:
    files = sorted((shared_data / "seeds").glob("*.txt"))
    assert len(files) == 3
    for file in files:
        assert_sound(read_file(file))


# --- the blog export -------------------------------------------------------------------------------------------------


def test_blog_export_is_html_in_a_txt_file(blog_export: _Read) -> None:
    assert blog_export.document.media_type == "text/html"


def test_front_matter_is_not_text(blog_export: _Read) -> None:
    assert "post_title" not in blog_export.document.text
    assert "permalink" not in blog_export.document.text


def test_front_matter_title_has_its_entity_decoded(blog_export: _Read) -> None:
    title = re.search(r"post_title: '(.*)'", blog_export.raw)
    assert title is not None
    assert "&#8217;" in title[1]
    assert blog_export.document.title == title[1].replace("&#8217;", "’")


def test_front_matter_empty_author_is_nobody(blog_export: _Read) -> None:
    assert blog_export.document.entry.authors == ()


def test_front_matter_folded_address_is_whole(blog_export: _Read) -> None:
    address = re.search(r"permalink: >\n  (\S+)\n", blog_export.raw)
    assert address is not None
    assert blog_export.document.entry.url == address[1]


def test_front_matter_published_is_the_date_and_not_true(blog_export: _Read) -> None:
    day = re.search(r"post_date: (\d{4}-\d\d-\d\d) ", blog_export.raw)
    assert day is not None
    assert "\npublished: true\n" in blog_export.raw
    assert blog_export.document.entry.published == day[1]


def test_every_visible_word_of_the_fragment_is_in_the_text_in_order(blog_export: _Read) -> None:
    _, body, _ = front_matter_and_body(blog_export.raw)
    assert blog_export.document.text.split() == visible_words(body)


def test_nothing_of_tags_is_in_the_text(blog_export: _Read) -> None:
    for mark in ("<p", "</", "dir=", "padding-left", "&nbsp;", "&#", "internal-source-marker"):
        assert mark not in blog_export.document.text


def test_no_heading_is_empty(blog_export: _Read) -> None:
    headings = [text for kind, text in shown(blog_export.document) if kind == "heading"]
    _, body, _ = front_matter_and_body(blog_export.raw)
    marked = [" ".join(visible_words(inner)) for inner in re.findall(r"<h\d[^>]*>(.*?)</h\d>", body, re.DOTALL)]
    assert Counter(filter(None, marked)) <= Counter(headings)
    assert "" in marked


def test_a_bold_line_of_its_own_heads_what_follows(blog_export: _Read) -> None:
    document = blog_export.document
    bold = re.findall(r"<p[^>]*><strong>(.*?)</strong></p>", blog_export.raw)
    assert bold
    for words in bold:
        index = next(i for i, block in enumerate(document.blocks) if text_of(document, block) == words)
        assert document.blocks[index].kind == "heading"
        assert document.blocks[index + 1].section[-1] == words


def test_an_empty_line_of_the_export_is_a_paragraph_break(blog_export: _Read) -> None:
    _, body, _ = front_matter_and_body(blog_export.raw)
    running = body[body.index("</h2>") + 5 : body.index("&nbsp;\n<h1")].strip()
    expected = [" ".join(visible_words(paragraph)) for paragraph in running.split("\n\n")]
    assert len(expected) >= 2
    paragraphs = [" ".join(text.split()) for kind, text in shown(blog_export.document) if kind == "paragraph"]
    assert paragraphs[: len(expected)] == expected


def test_the_quotation_is_its_writers_with_the_link_above_it(blog_export: _Read) -> None:
    document = blog_export.document
    quotation = re.search(r"<blockquote[^>]*>(.*)</blockquote>", blog_export.raw, re.DOTALL)
    assert quotation is not None
    links = re.findall(r'href="(https://[^"]+)"', blog_export.raw[: quotation.start()])
    quoted = [block for block in document.blocks if block.attribution.kind == "quoted"]
    words = [word for block in quoted for word in text_of(document, block).split()]
    assert words == visible_words(quotation[1])
    assert {block.attribution.url for block in quoted} == {links[-1]}
    assert {block.kind for block in quoted} == {"quotation"}


def test_outside_the_quotation_the_author_speaks() -> None:
    document = read_file(BLOG_EXPORT)
    assert document.blocks[-1].attribution == AUTHOR
    assert text_of(document, document.blocks[-1]).startswith("That is my neighbour's way")
    assert document.blocks[-1].section == ("Trials & Errors", "Steeping Without Bitterness")


def test_a_block_begins_on_the_line_that_it_names(blog_export: _Read) -> None:
    document = blog_export.document
    lines = blog_export.raw.split("\n")
    for block in document.blocks:
        assert block.lines is not None
        first = text_of(document, block).split()[0]
        assert first in visible_words(lines[block.lines[0] - 1]), (block, first)
        last = text_of(document, block).split()[-1]
        assert last in visible_words(lines[block.lines[1] - 1]), (block, last)


# --- the saved page --------------------------------------------------------------------------------------------------


def test_plain_text_is_the_files_own_characters(saved_page: _Read) -> None:
    assert saved_page.document.media_type == "text/plain"
    assert saved_page.document.text == saved_page.raw


def test_wrapped_paragraphs_say_so(saved_page: _Read) -> None:
    document = saved_page.document
    assert any(block.wrapped for block in document.blocks)
    for block in document.blocks:
        assert block.wrapped == ("\n" in text_of(document, block))


def test_sentences_are_whole_across_line_ends(saved_page: _Read) -> None:
    document = saved_page.document
    across = 0
    for block in document.blocks:
        if block.furniture is None:
            sentences = [document.text[a:b] for a, b in sentence_spans(document.text, block.start, block.end)]
            across += sum("\n" in sentence for sentence in sentences)
            # A line end is no sentence's end, unless a mark stands before it.
            assert all(sentence[-1] in ".?!)”" for sentence in sentences[:-1])
    assert across >= 3


def test_a_block_of_plain_text_is_the_words_of_its_lines(saved_page: _Read) -> None:
    document = saved_page.document
    lines = saved_page.raw.split("\n")
    for block in document.blocks:
        assert block.lines is not None
        first, last = block.lines
        assert text_of(document, block).split() == " ".join(lines[first - 1 : last]).split()


def test_the_pages_furniture_is_set_aside_and_stays_in_the_text(saved_page: _Read) -> None:
    document = saved_page.document
    aside = {text_of(document, block): block.furniture for block in document.blocks if block.furniture}
    lines = [line for line in saved_page.raw.split("\n") if line.strip()]
    assert aside == {
        lines[0]: "a lone date line",
        lines[1]: "the page's title line",
        "Find a Therapist": "an invitation or a link of the page around the text",
        "Search for a mental health professional near you.": "an invitation or a link of the page around the text",
    }
    assert [text_of(document, block) for block in document.blocks].count(lines[1]) == 2


def test_the_title_comes_from_the_title_line(saved_page: _Read) -> None:
    title_line = [line for line in saved_page.raw.split("\n") if line.strip()][1]
    assert saved_page.document.title == title_line.split(" | ")[0]


# --- the forum post --------------------------------------------------------------------------------------------------


def test_an_escaped_mark_stays_as_the_file_has_it(forum_post: _Read) -> None:
    assert forum_post.document.text == forum_post.raw
    assert forum_post.document.text.count(r"\*") == 2


def test_the_marked_paragraph_is_a_footnote(forum_post: _Read) -> None:
    kinds = [block.kind for block in forum_post.document.blocks]
    assert kinds == ["paragraph"] * (len(kinds) - 1) + ["footnote"]
    assert text_of(forum_post.document, forum_post.document.blocks[-1]).startswith(r"\* ")


def test_without_a_title_the_first_words_are_it(forum_post: _Read) -> None:
    assert forum_post.document.title == " ".join(forum_post.raw.split()[:10]) + "…"


def test_the_catalogues_title_goes_before_the_first_words(forum_post: _Read) -> None:
    assert read(forum_post.raw, entry=CatalogueEntry(title="Named")).title == "Named"
