"""How a document is laid out on the page: its outline, its headings, its stretches."""

from __future__ import annotations

from support.nesting import nested

from rag.core.types.documents import Block, CatalogueEntry, Document
from rag.page.document_text import around
from rag.page.html.document_html import heading_names, outline_html


def of_headings(*sections: tuple[str, ...]) -> Document:
    """Return a document that is nothing but headings."""
    words, blocks = "", []
    for section in sections:
        words += "\n\n" if words else ""
        blocks.append(Block(len(words), len(words) + len(section[-1]), "heading", section))
        words += section[-1]
    return Document("d", "d.md", "d", "text/markdown", "utf-8", "D", words, tuple(blocks), CatalogueEntry())


def test_an_outline_of_any_levels_is_a_list_in_lists():
    document = of_headings(("T", "A"), ("B",), ("B", "x", "C"), ("B", "D"), ("B", "D", "E"), ("F",))
    assert [depth for _, depth in nested(outline_html(document))] == [1, 1, 2, 2, 3, 1]
    assert outline_html(of_headings(("A",))) == ""


def test_a_long_outline_names_the_upper_headings():
    document = of_headings(
        *(path for n in range(200) for path in (("T", f"A{n}"), ("T", f"A{n}", f"B{n}"))),
    )
    html = outline_html(document)
    assert "Outline (200 of 400 headings, the upper ones)" in html
    assert len(nested(html)) == 200
    assert len(nested(outline_html(of_headings(*((f"A{n}",) for n in range(900)))))) == 300


def test_stretches_cover_a_text():
    blocks = [Block(10 * n, 10 * n + 8, "paragraph") for n in range(50)]
    seen, place = set(), 0
    while place < 498:
        begin, end = around(blocks, place, 60)
        assert begin <= place <= end
        assert end - begin <= 60 + 15
        seen |= set(range(begin, end))
        place = end + 1
    assert all(place in seen for block in blocks for place in range(block.start, block.end))
    assert around([Block(0, 500, "paragraph")], 250, 60) == (0, 500)


def test_headings_are_named_apart_though_they_are_alike():
    document = of_headings(("A",), ("A",), ("A", "A"))
    assert heading_names(document) == ["1. A", "2. A", "3. A"]
    assert len(set(heading_names(document))) == 3
