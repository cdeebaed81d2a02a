"""HTML, pages and fragments: what is seen, in blocks, under its headings, with its speaker and its lines."""

from __future__ import annotations

import re

import pytest
from made import assert_sound, block_with, read, shown

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import AUTHOR, Attribution, Document

LINK = "https://example.org/post"


def _html(markup: str) -> Document:
    document = read(markup, "a.html")
    assert_sound(document)
    return document


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        # running text
        ("<p>One</p><p>Two</p>", [("paragraph", "One"), ("paragraph", "Two")]),
        ("<p>One<p>Two", [("paragraph", "One"), ("paragraph", "Two")]),
        ("One <b>two</b>three", [("paragraph", "One twothree")]),
        ("One\n\nTwo\n \nThree\nfour", [("paragraph", "One"), ("paragraph", "Two"), ("paragraph", "Three four")]),
        ("<i>One\n\nTwo</i> more", [("paragraph", "One"), ("paragraph", "Two more")]),
        ("<html><body>One\n\nTwo</body></html>", [("paragraph", "One Two")]),
        ("<p>a  b\t c\n d</p>", [("paragraph", "a b c d")]),
        ("<p>a&nbsp;&nbsp;b &nbsp;c</p>", [("paragraph", "a\xa0\xa0b \xa0c")]),
        ("<p>a<br>b<br />c</p>", [("paragraph", "a\nb\nc")]),
        ("<p>a<br><br>b<br>&nbsp;<br>c</p>", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        ("a<hr>b", [("paragraph", "a"), ("paragraph", "b")]),
        ("<div>a<div>b</div>c</div>", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        ("<p> </p><p>&nbsp;</p><p>&#8203;</p><p>a</p><p></p>", [("paragraph", "a")]),
        ("Ca<sup>2+</sup> and H<sub>2</sub>O", [("paragraph", "Ca2+ and H2O")]),
        ("<b>a<b>b</b></b><i>c</b>d", [("paragraph", "abcd")]),
        # characters
        ("<p>&lt;5 mg &amp; &#8217;&#x2019;&#146;&apos;&hellip;</p>", [("paragraph", "<5 mg & ’’’'…")]),
        ("<p>1 < 2 and 3 > 2, <3</p>", [("paragraph", "1 < 2 and 3 > 2, <3")]),
        ("<p>&unknown; &amp;lt;</p>", [("paragraph", "&unknown; &lt;")]),
        # headings
        ("<h1 class='a'><a name='x'></a>One <em>two</em></h1>x", [("heading", "One two"), ("paragraph", "x")]),
        ("<h2>One\n\ntwo</h2>x", [("heading", "One two"), ("paragraph", "x")]),
        ("<h1></h1><h2> &nbsp;</h2>x", [("paragraph", "x")]),
        # lists
        ("<ul><li>a<li>b</ul>", [("list item", "a"), ("list item", "b")]),
        ("<ol><li>a<li>b</ol>", [("list item", "1. a"), ("list item", "2. b")]),
        (
            "<ol start=3><li>a<li value='7'>b<li>c</ol>",
            [("list item", "3. a"), ("list item", "7. b"), ("list item", "8. c")],
        ),
        ("<ol start=x><li>a</ol>", [("list item", "1. a")]),
        ("<ol start=²><li>a</ol>", [("list item", "1. a")]),
        ("<ol start=--5><li>a</ol>", [("list item", "1. a")]),
        ("<ol start=-5><li>a</ol>", [("list item", "-5. a")]),
        ("<ol type=a><li>a</ol><ol reversed><li>b</ol>", [("list item", "a"), ("list item", "b")]),
        ("<ol style='list-style: none inside'><li>a</ol>", [("list item", "a")]),
        (
            "<ol><li>a<ul><li>b</ul>c<li>d</ol>",
            [("list item", "1. a"), ("list item", "b"), ("list item", "c"), ("list item", "2. d")],
        ),
        ("<ol><li><ol><li>a</ol></ol>", [("list item", "1. 1. a")]),
        ("<ol><li></li><li>b</ol>", [("list item", "2. b")]),
        ("<ol><li><h3>a</h3>b</ol>", [("heading", "1. a"), ("list item", "b")]),
        ("<ol><li><table><tr><td>a<td>b</table>c</ol>", [("table row", "1. a\tb"), ("list item", "c")]),
        ("<ol><li><p>a<p>b</ol>", [("list item", "1. a"), ("list item", "b")]),
        ("<li>stray", [("list item", "stray")]),
        ("<dl><dt>Term<dd>What it is</dl>", [("paragraph", "Term"), ("list item", "What it is")]),
        # tables
        ("<table><tr><th>a<th>b<tr><td>c<td>d<br>e</table>", [("table row", "a\tb"), ("table row", "c\td e")]),
        ("<table><caption>Cap</caption><tr><td>a<td></td><td>c</table>", [("caption", "Cap"), ("table row", "a\t\tc")]),
        ("<table><tr>stray<td>a</td>more</tr></table>", [("table row", "stray\ta more")]),
        ("<table><tr><td><p>a<p>b<td><ul><li>c<li>d</ul></table>", [("table row", "a b\tc d")]),
        (
            "<table><tr><td>a<table><tr><td>b<td>c</table>d</table>",
            [("paragraph", "a"), ("table row", "b\tc"), ("paragraph", "d")],
        ),
        ("<table><tr><td><h2>a</h2>b<td>c</table>", [("heading", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        ("<table><tr><td>a<td hidden>b<td>c</table>", [("table row", "a\tc")]),
        ("<figure><img alt='x'><figcaption>Cap</figcaption></figure>", [("caption", "Cap")]),
        # as it is written
        ("<pre>  a\n   b\n\n c</pre>", [("code", "a\n   b\n\n c")]),
        ("<pre>a<br>b</pre>", [("code", "a\nb")]),
        # what is not seen, and what is
        ("a<script>b</script><style>c</style><!-- d --><template>e</template>f", [("paragraph", "af")]),
        ("<title>t</title><p hidden>a</p><p style='color:red; display : none'>b</p><p>c</p>", [("paragraph", "c")]),
        ("<p>a<span style='visibility:hidden'>b<b>c</b></span>d</p>", [("paragraph", "ad")]),
        ("<select><option>a</select><textarea>b</textarea>c", [("paragraph", "c")]),
        ("<details><summary>More</summary>Inside</details>", [("paragraph", "More"), ("paragraph", "Inside")]),
        ("<a href='https://example.org' title='t'>words</a><img src='i.png' alt='no'>", [("paragraph", "words")]),
        ("<p>a</p><!-- unclosed <p>b</p>", [("paragraph", "a")]),
        ("<?php echo 1 ?><p>a</p>", [("paragraph", "a")]),
        ("<xmp><b>as is</b></xmp>", [("code", "<b>as is</b>")]),
    ],
)
def test_blocks(markup: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(_html(markup)) == blocks


SECTIONS = "<h1>A</h1>a<h3>B</h3>b<h2>C</h2>c<h2>D</h2>d<h1>E</h1>e"


def test_sections_are_the_headings_above() -> None:
    document = _html(SECTIONS)
    assert [block.section for block in document.blocks if block.kind == "paragraph"] == [
        ("A",),
        ("A", "B"),
        ("A", "C"),
        ("A", "D"),
        ("E",),
    ]


@pytest.mark.parametrize(
    ("markup", "headings"),
    [
        ("<p><b>T</b></p><p>text</p>", ["T"]),
        ("<strong>T</strong><br><br>text", ["T"]),
        ("<p><b>T</b>:</p><p>text</p>", []),
        ("<p>text</p><p><b>T</b></p>", []),
        ("<p><b>S</b></p><p><b>T</b></p><p>text</p>", ["T"]),
        ("<p><b>T</b></p><h2>H</h2>x", ["H"]),
        ("<p><b>T</b></p><blockquote>said</blockquote>", []),
        ("<ul><li><b>T</b></ul><p>text</p>", []),
    ],
)
def test_a_bold_line_is_a_heading_only_above_text_of_the_same_speaker(markup: str, headings: list[str]) -> None:
    assert [text for kind, text in shown(_html(markup)) if kind == "heading"] == headings


# --- quotations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "url"),
    [
        (f"<p>From <a href='{LINK}'>her post</a></p>", LINK),
        (f"<p>From <a href='{LINK}'>her post</a>.</p>", LINK),
        (f"<p>In <a href='{LINK}'>her post</a> she writes:</p>", LINK),
        (f"<p>From {LINK}</p>", LINK),
        (f"<p>Seen at ({LINK}):</p>", LINK),
        (f"<p>From <a href='{LINK}'>{LINK}</a></p>\n\n", LINK),
        (f"<h2>See <a href='{LINK}'>her post</a></h2>", LINK),
        (f"<p>In <a href='{LINK}'>her post</a> there is more.</p>", None),
        (f"<p><a href='{LINK}'><img src='a.png'></a> Somebody says</p>", None),
        ("<p>From <a href='/post'>her post</a></p>", None),
        ("<p>From <a href='javascript:x'>her post</a></p>", None),
        (f"<p>From <a href='{LINK}'>her post</a></p><p>Well.</p>", None),
        (f"<p>From <a href='{LINK}'>her post</a></p><table><tr><td>Well:</table>", None),
        ("", None),
    ],
)
def test_the_paragraph_above_a_quotation_may_name_its_source(above: str, url: str | None) -> None:
    document = _html(f"{above}<blockquote>Said.</blockquote><p>After.</p>")
    assert block_with(document, "Said.").attribution == Attribution("quoted", None, url)
    assert block_with(document, "After.").attribution == AUTHOR


def test_a_quotation_may_name_its_source_itself() -> None:
    document = _html(f"<blockquote cite='{LINK}'><p>Said.</p><footer><cite>Ann</cite></footer></blockquote>After.")
    assert block_with(document, "Said.").attribution == Attribution("quoted", "Ann", LINK)


def test_all_of_a_quotation_is_quoted_and_nothing_else() -> None:
    document = _html(
        f"Before <a href='{LINK}'>it</a><blockquote>a\n\nb<ul><li>c</ul><h2>d</h2><p>e</p>"
        "<table><tr><td>f</table><pre>g</pre></blockquote>after"
    )
    quoted = [(block.attribution.kind, block.attribution.url) for block in document.blocks]
    assert quoted == [("author", None), *[("quoted", LINK)] * 7, ("author", None)]
    kinds = [kind for kind, _ in shown(document)]
    assert kinds[1:8] == ["quotation", "quotation", "list item", "heading", "quotation", "table row", "code"]


def test_a_heading_in_a_quotation_rules_over_the_quotation_alone() -> None:
    document = _html("<h2>Author</h2>a<blockquote><h1>Guest</h1>b</blockquote>c<h3>Below</h3>d")
    assert [block.section for block in document.blocks] == [
        ("Author",),
        ("Author",),
        ("Author", "Guest"),
        ("Author", "Guest"),
        ("Author",),
        ("Author", "Below"),
        ("Author", "Below"),
    ]


def test_a_quotation_in_a_quotation_is_the_inner_speakers() -> None:
    document = _html(f"<blockquote cite='{LINK}'>a<blockquote cite='{LINK}2'>b</blockquote>c</blockquote>d")
    urls = [block.attribution.url for block in document.blocks]
    assert urls == [LINK, f"{LINK}2", LINK, None]


def test_a_quotation_in_a_list_and_a_list_in_a_quotation() -> None:
    document = _html("<ul><li>a<blockquote>b</blockquote>c</ul><blockquote><ol><li>d</ol></blockquote>")
    assert [(kind, text) for kind, text in shown(document)] == [
        ("list item", "a"),
        ("quotation", "b"),
        ("list item", "c"),
        ("list item", "1. d"),
    ]
    assert [block.attribution.kind for block in document.blocks] == ["author", "quoted", "author", "quoted"]


def test_a_quotation_in_a_table_is_not_the_authors() -> None:
    document = _html("<table><tr><td>a<td><blockquote>b</blockquote></table>")
    assert [block.attribution.kind for block in document.blocks] == ["author", "quoted"]


# --- titles and lines ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title> A\n title </title><h1>Heading</h1>x", "A title"),
        ("<p>x</p><h2>First</h2><h1>Second</h1>y", "First"),
        ("<title></title><p>x y</p>", "x y"),
        ("<svg><title>icon</title></svg><p>x y</p>", "x y"),
    ],
)
def test_title(markup: str, title: str) -> None:
    assert _html(markup).title == title


LINES = """
<!-- a comment
  of two lines --> first
<script>
x()
</script> second

<p
  class='third'>third
goes on</p>
<h2>fourth</h2>
<ul><li>fifth
<li>sixth</ul>
<table><tr>
<td>seventh
<td>eighth</table>
<pre>
ninth
tenth</pre>
<blockquote>eleventh


twelfth <b>
thirteenth</b></blockquote>

fourteenth"""


def test_blocks_know_their_lines() -> None:
    document = _html(LINES)
    lines = LINES.split("\n")
    for (_, text), block in zip(shown(document), document.blocks, strict=True):
        words = text.split()
        # Every word stands once, and here no line of it is anything else's.
        ends = [next(n for n, line in enumerate(lines, 1) if re.search(rf"(?<!'){word}\b", line)) for word in words]
        assert block.lines == (min(ends), max(ends)), text


@pytest.mark.parametrize("path", ["a.html", "a.txt", "a.md"])
def test_lines_are_counted_from_the_top_of_the_file(path: str) -> None:
    document = read("---\ntitle: t\n---\n\n\n<h1>a</h1>\n\n<p>b</p>\n\n<p>c\nd</p>\n", path)
    assert [block.lines for block in document.blocks] == [(6, 6), (8, 8), (10, 11)]


# --- robustness ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("markup", ["<p></p>", "<!-- only -->", "<script>x</script>", "<p>&nbsp;</p>", "<img alt='x'>"])
def test_html_without_a_visible_word_is_refused(markup: str) -> None:
    with pytest.raises(UnreadableDocument, match="No word of this HTML is visible"):
        _html(markup)


@pytest.mark.parametrize("tag", ["div", "blockquote", "ul><li", "b", "table><tr><td", "span"])
def test_deep_nesting_is_read_whole_or_refused(tag: str) -> None:
    for depth in (100, 600):
        assert _html(f"<{tag}>" * depth + "deep").text == "deep"
    with pytest.raises(UnreadableDocument, match="nests elements too deeply"):
        _html(f"<{tag}>" * 5000 + "deep")


@pytest.mark.parametrize("character", ["\ufffe", "\uffff", "\x85", "\u2028", "\x1b", "\x07", "\u202e", "\U0010ffff"])
def test_odd_characters_end_nothing(character: str) -> None:
    assert _html(f"<p>before{character}</p><p>and some more words, and after</p>").text.endswith("after")
