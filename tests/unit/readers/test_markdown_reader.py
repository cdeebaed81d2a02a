"""Markdown: the text of the rendered page, block by block."""

from __future__ import annotations

import pytest
from made import assert_sound, block_with, read, shown

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import AUTHOR, Attribution, Document

LINK = "https://example.org/post"


def _md(text: str) -> Document:
    document = read(text, "a.md")
    assert_sound(document)
    return document


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        # headings
        ("# One\n\n## Two ##\ntext", [("heading", "One"), ("heading", "Two"), ("paragraph", "text")]),
        ("One\n===\n\nTwo\n---\ntext", [("heading", "One"), ("heading", "Two"), ("paragraph", "text")]),
        ("# *One* [two](https://example.org)\n\nx", [("heading", "One two"), ("paragraph", "x")]),
        ("#\n\ntext", [("paragraph", "text")]),
        ("#no heading", [("paragraph", "#no heading")]),
        ("a\n\n---\n\nb", [("paragraph", "a"), ("paragraph", "b")]),
        # running text
        ("*a* **b** ***c*** _d_ __e__ `f`", [("paragraph", "a b c d e f")]),
        ("a_b_c 2*3*4 \\*d\\* ~~e~~", [("paragraph", "a_b_c 234 *d* ~~e~~")]),
        ("a &amp; b &lt; c &#8217; &nbsp;d", [("paragraph", "a & b < c ’ \xa0d")]),
        (
            "[words](https://example.org 'title') ![alt](i.png) <https://example.org/a>",
            [("paragraph", "words  https://example.org/a")],
        ),
        ("[one][1] and [two]\n\n[1]: https://example.org\n[two]: https://example.org", [("paragraph", "one and two")]),
        ("soft\nbreak, hard  \nbreak, and\\\nthis", [("paragraph", "soft break, hard\nbreak, and\nthis")]),
        # lists
        (
            "- a\n- b\n  c\n\n  d\n- e",
            [("list item", "a"), ("list item", "b c"), ("list item", "d"), ("list item", "e")],
        ),
        ("- a\n  - b\n    - c\n- d", [("list item", "a"), ("list item", "b"), ("list item", "c"), ("list item", "d")]),
        (
            "3. a\n4. b\n   1. c\n9. d",
            [("list item", "3. a"), ("list item", "4. b"), ("list item", "1. c"), ("list item", "5. d")],
        ),
        ("0. a\n1. b", [("list item", "0. a"), ("list item", "1. b")]),
        ("1. - a\n   - b\n\n   c", [("list item", "1. a"), ("list item", "b"), ("list item", "c")]),
        ("1. > a\n2. ```\n   b\n   ```\n", [("list item", "1. a"), ("code", "2. b")]),
        ("- **a**\n- b", [("list item", "a"), ("list item", "b")]),
        ("1. # a\n\n   b", [("heading", "1. a"), ("list item", "b")]),
        # tables
        (
            "| a | b |\n|---|:-:|\n| *c* | d \\| e |\n| f | |",
            [("table row", "a\tb"), ("table row", "c\td | e"), ("table row", "f")],
        ),
        (
            "a | b\n--|--\n`c` | [d](https://example.org)\n\ne",
            [("table row", "a\tb"), ("table row", "c\td"), ("paragraph", "e")],
        ),
        # code
        ("```python\nx = 1\n\n  y\n```", [("code", "x = 1\n\n  y")]),
        ("```\n\n   x\n  y\n```", [("code", "x\n  y")]),
        ("a\n\n    x\n     y", [("paragraph", "a"), ("code", "x\n y")]),
        ("~~~\nunclosed", [("code", "unclosed")]),
        # footnotes stay where they are
        (
            "a[^1] b[^note]\n\n[^note]: N\n\n[^1]: O\n\n    P\n\nc",
            [
                ("paragraph", "a[1] b[note]"),
                ("footnote", "[note] N"),
                ("footnote", "[1] O"),
                ("footnote", "P"),
                ("paragraph", "c"),
            ],
        ),
        ("a\n\n[^never]: Nobody refers to it.", [("paragraph", "a"), ("footnote", "[never] Nobody refers to it.")]),
        ("a[^missing] and ^[inline]", [("paragraph", "a[^missing] and ^[inline]")]),
        # HTML
        ("a <b>b</b><br>c <!-- d --> e<sup>2</sup>", [("paragraph", "a b\nc  e2")]),
        ("a <script>b</script>c", [("paragraph", "a c")]),
        (
            "<div>\n<h2>A</h2>\n<p>b &amp; c</p>\n<ul><li>d</ul>\n</div>\n\n*e*",
            [("heading", "A"), ("paragraph", "b & c"), ("list item", "d"), ("paragraph", "e")],
        ),
        ("<table><tr><td>a<td>b</table>\n\nc", [("table row", "a\tb"), ("paragraph", "c")]),
        ("<!-- a\n\nb -->\n\nc", [("paragraph", "c")]),
        ("<script>\na\n\nb\n</script>\n\nc", [("paragraph", "c")]),
        (
            "<details>\n<summary>a</summary>\n\n*b*\n\n</details>\n\nc",
            [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")],
        ),
        ("- <p>a</p>\n- b", [("list item", "a"), ("list item", "b")]),
    ],
)
def test_blocks(text: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(_md(text)) == blocks


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("**T**\n\ntext", ["T"]),
        ("__T *u*__\n\n- text", ["T u"]),
        ("**T**:\n\ntext", []),
        ("**T**\ntext", []),
        ("**a** **b**\n\ntext", []),
        ("text\n\n**T**", []),
        ("**S**\n\n**T**\n\ntext", ["T"]),
        ("**T**\n\n# H\n\nx", ["H"]),
        ("**T**\n\n> said", []),
        ("- **T**\n\n  text", []),
    ],
)
def test_a_bold_line_is_a_heading_only_above_text_of_the_same_speaker(text: str, headings: list[str]) -> None:
    assert [words for kind, words in shown(_md(text)) if kind == "heading"] == headings


@pytest.mark.parametrize(
    ("above", "url"),
    [
        (f"From [her post]({LINK})", LINK),
        (f"From [her post]({LINK}).", LINK),
        (f"In [her post]({LINK}) she writes:", LINK),
        (f"From <{LINK}>:", LINK),
        (f"From {LINK}", LINK),
        (f"In [her post]({LINK}) there is more.", None),
        (f"From [her post]({LINK})\n\n```\nx:\n```", None),
        (f"From [her post]({LINK})\n\n<p>Well:</p>", None),
        ("From [her post](post.html)", None),
        ("", None),
    ],
)
def test_the_paragraph_above_a_quotation_may_name_its_source(above: str, url: str | None) -> None:
    document = _md(f"{above}\n\n> Said.\n\nAfter.")
    block = block_with(document, "Said.")
    assert (block.kind, block.attribution) == ("quotation", Attribution("quoted", None, url))
    assert block_with(document, "After.").attribution == AUTHOR


def test_all_of_a_quotation_is_quoted_and_nothing_else() -> None:
    document = _md("a\n\n> b\n>\n> - c\n>\n> ## D\n>\n> > e\n>\n> ```\n> f\n> ```\n\ng")
    assert [
        (text, block.attribution.kind) for (_, text), block in zip(shown(document), document.blocks, strict=True)
    ] == [
        ("a", "author"),
        *[(text, "quoted") for text in "bcDef"],
        ("g", "author"),
    ]


def test_a_heading_in_a_quotation_rules_over_the_quotation_alone() -> None:
    document = _md("## A\n\na\n\n> # G\n>\n> b\n\nc")
    assert [block.section for block in document.blocks] == [("A",), ("A",), ("A", "G"), ("A", "G"), ("A",)]


def test_an_html_quotation_rules_over_the_markdown_in_it() -> None:
    document = _md(f"From [it]({LINK})\n\n<blockquote>a\n\n*b*\n\n</blockquote>\n\nc")
    assert block_with(document, "a").attribution == Attribution("quoted", None, LINK)
    assert block_with(document, "b").attribution == Attribution("quoted", None, LINK)
    assert block_with(document, "c").attribution == AUTHOR


def test_an_html_quotation_may_stand_right_below_the_link() -> None:
    document = _md(f"From [it]({LINK})\n\n<blockquote>a</blockquote>\n<p>b</p>\n<blockquote>c</blockquote>")
    assert [block.attribution.url for block in document.blocks] == [None, LINK, None, None]
    assert [block.attribution.kind for block in document.blocks] == ["author", "quoted", "author", "quoted"]


def test_stray_closing_tags_close_nothing_else() -> None:
    document = _md("</blockquote>\n\na\n\n> b\n\nc")
    assert [block.attribution.kind for block in document.blocks] == ["author", "quoted", "author"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One *two*\n\nx", "One two"),
        ("## Two\n\n# One\n\nx", "One"),
        ("text of it", "text of it"),
        ("---\ntitle: Given\n---\n# One\n\nx", "Given"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert _md(text).title == title


def test_blocks_know_their_lines() -> None:
    document = _md(
        "---\ntitle: t\n---\n\n# A\n\nb\nc\n\nD\n---\n\n- e\n- f\n  g\n\n```\n\nh\ni\n```\n\n"
        "| j |\n|---|\n| k |\n\n<div>\n\n<p>l</p>\n</div>\n\n[^1]: m\n\n> n\n> o\n\n    p\n"
    )
    assert [(text, block.lines) for (_, text), block in zip(shown(document), document.blocks, strict=True)] == [
        ("A", (5, 5)),
        ("b c", (7, 8)),
        ("D", (10, 10)),
        ("e", (13, 13)),
        ("f g", (14, 15)),
        ("h\ni", (19, 20)),
        ("j", (23, 23)),
        ("k", (25, 25)),
        ("l", (29, 29)),
        ("[1] m", (32, 32)),
        ("n o", (34, 35)),
        ("p", (37, 37)),
    ]


def test_a_document_of_link_targets_alone_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="no text in it"):
        _md("[a]: https://example.org")
