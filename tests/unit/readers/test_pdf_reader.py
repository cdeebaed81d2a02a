"""PDF files: the words in reading order, on their pages, under their headings; what is at the edges set aside."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.pdf_file import HEIGHT, PITCH, Piece, by_hand, column, pdf_file
from support.properties import examples

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import Block, Document, Source
from rag.readers.pdf.pdf_reader import read_pdf
from rag.readers.reading import Reading
from rag.readers.registry import read_document

PROSE = [
    "Magnesium is a mineral that the body needs for more than three",
    "hundred reactions. Most of it is in the bones, and little of it is",
    "in the blood, which is why a test of the blood says little of it.",
]


def read(data: bytes) -> Document:
    document = read_document(Source("a.pdf", hashlib.sha256(data).hexdigest()), data)
    assert all(before.end <= after.start for before, after in zip(document.blocks, document.blocks[1:], strict=False))
    return document


def said(reading: Reading | Document) -> list[tuple[str, str]]:
    """What a document says: kind and text of each block that is not set aside."""
    return [(block.kind, text_of(reading, block)) for block in reading.blocks if block.furniture is None]


def text_of(reading: Reading | Document, block: Block) -> str:
    return reading.text[block.start : block.end]


def test_lines_become_paragraphs_and_stay_as_they_are_broken() -> None:
    lower = column(PROSE[:2], top=760 - 5 * PITCH)
    document = read(pdf_file([*column(PROSE), *lower]))
    assert said(document) == [("paragraph", "\n".join(PROSE)), ("paragraph", "\n".join(PROSE[:2]))]
    assert all(block.wrapped and block.page == 1 and block.lines is None for block in document.blocks)
    assert document.media_type == "application/pdf"


def test_a_word_that_a_line_divides_keeps_its_hyphen() -> None:
    data = pdf_file(column(["Nobody knows what the amphet-", "amine does to the magne-", "sium of the blood."]))
    assert said(read(data)) == [
        ("paragraph", "Nobody knows what the amphet-\namine does to the magne-\nsium of the blood.")
    ]


def test_an_indented_line_begins_a_paragraph() -> None:
    lines = column(PROSE)
    indented = [Piece(each.text, each.x + 15 * (number == 2), each.y) for number, each in enumerate(lines)]
    assert [kind for kind, _ in said(read(pdf_file(indented)))] == ["paragraph", "paragraph"]


def test_columns_are_read_one_after_the_other() -> None:
    left, right = ([f"This is {letter} on the {side}," for letter in "abcdef"] for side in ("left", "right"))
    title = Piece("What stands above both of the columns of this page, in one line", 72, 800)
    text = read(pdf_file([*column(right, x=320), *column(left), title])).text
    assert [line for line in text.split("\n") if line] == [title.text, *left, *right]


def test_a_table_is_read_row_by_row() -> None:
    rows = [
        ("Form", "Absorbed", "Price"),
        ("oxide", "4 %", "low"),
        ("citrate", "25 %", "fair"),
        ("malate", "9 %", "high"),
    ]
    pieces = [
        Piece(cell, 72 + 150 * place, 760 - PITCH * number)
        for number, row in enumerate(rows)
        for place, cell in enumerate(row)
    ]
    assert said(read(pdf_file(pieces))) == [("table row", "\t".join(row)) for row in rows]


def test_lists_keep_their_marks() -> None:
    pieces = [
        Piece("Do not take it with:", 72, 760), Piece("• antibiotics, unless a doctor says", 82, 746),
        Piece("so", 92, 732), Piece("• water pills", 82, 718), Piece("1. This is the first.", 72, 704),
        Piece("2. This is the second.", 72, 690),
    ]  # fmt: skip
    assert said(read(pdf_file(pieces))) == [
        ("paragraph", "Do not take it with:"),
        ("list item", "• antibiotics, unless a doctor says\nso"),
        ("list item", "• water pills"),
        ("list item", "1. This is the first."),
        ("list item", "2. This is the second."),
    ]


def test_larger_and_bold_lines_head_what_follows() -> None:
    pieces = [
        Piece("Magnesium for patients", 72, 800, size=20), *column(PROSE, top=770),
        Piece("Who should not take it", 72, 715, size=14), *column(PROSE, top=698),
        Piece("Kidneys", 72, 642, bold=True), *column(PROSE, top=628),
    ]  # fmt: skip
    document = read(pdf_file(pieces))
    assert document.title == "Magnesium for patients"
    assert [block.section for block in document.blocks if block.kind == "paragraph"] == [
        ("Magnesium for patients",),
        ("Magnesium for patients", "Who should not take it"),
        ("Magnesium for patients", "Who should not take it", "Kidneys"),
    ]


def test_what_recurs_at_the_edges_is_set_aside() -> None:
    pages = [
        [
            Piece("Leaflet of the hospital", 72, HEIGHT - 30),
            *column([f"{word} {line}" for line in PROSE]),
            Piece(f"Page {number} of 4", 270, 30),
        ]
        for number, word in enumerate(("Firstly", "Secondly", "Thirdly", "Lastly"), 1)
    ]
    document = read(pdf_file(*pages))
    assert [block.page for block in document.blocks if block.furniture is None] == [1, 2, 3, 4]
    assert [(block.furniture, text_of(document, block)) for block in document.blocks if block.furniture][:2] == [
        ("running head", "Leaflet of the hospital"),
        ("page number", "Page 1 of 4"),
    ]
    assert "hospital" not in " ".join(text for _, text in said(document))


def test_a_figure_in_the_text_is_no_page_number() -> None:
    document = read(pdf_file([*column(PROSE), Piece("400", 72, 400)]))
    assert ("paragraph", "400") in said(document)


def test_small_notes_at_the_foot_are_footnotes() -> None:
    data = pdf_file([*column(PROSE), Piece("1 Smith and others, in a journal of 2009.", 72, 200, size=7)])
    assert said(read(data))[-1] == ("footnote", "1 Smith and others, in a journal of 2009.")


def test_the_outline_names_the_headings() -> None:
    more = [
        "<< /Type /Outlines /First 101 0 R /Last 102 0 R /Count 2 >>",
        "<< /Title (1 Dosing) /Parent 100 0 R /Next 102 0 R /Dest [10 0 R /Fit] >>",
        "<< /Title (Safety) /Parent 100 0 R /Prev 101 0 R /Dest [12 0 R /Fit] >>",
    ]
    pages = [["1 Dosing", "", *PROSE], ["Safety", "", *PROSE]]
    document = read(by_hand(pages, "/Outlines 100 0 R", more))
    assert [(block.section, block.page) for block in document.blocks if block.kind == "paragraph"] == [
        (("1 Dosing",), 1),
        (("Safety",), 2),
    ]


def test_pages_have_the_labels_that_the_file_gives_them() -> None:
    labels = "/PageLabels << /Nums [0 << /S /r >> 2 << /S /D /St 3 >>] >>"
    document = read(by_hand([PROSE[:1], PROSE[1:2], PROSE[2:]], labels))
    assert [(block.page, block.page_label) for block in document.blocks] == [(1, "i"), (2, "ii"), (3, None)]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Magnesium for all", "Magnesium for all"),
        ("Microsoft Word - a.doc", None),
        ("untitled", None),
        ("  ", None),
    ],
)
def test_the_title_is_the_files_unless_it_is_none(title: str, expected: str | None) -> None:
    data = by_hand([PROSE], more=[f"<< /Title ({title}) >>"], trailer="/Info 100 0 R")
    assert read_pdf(data).title == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\nnothing more", "damaged"),
        (pdf_file([]), "no text layer: 1 page, nothing to quote"),
        (by_hand([], ""), "no pages|damaged"),
        (pdf_file([], []), "no text layer: 2 pages"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_pdf(data)


def test_the_pages_are_limited() -> None:
    with pytest.raises(UnreadableDocument, match="It has 3 pages, more than 2"):
        read_pdf(pdf_file(*[column(PROSE)] * 3), Limits(pages=2))


words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFäöüé", min_size=1, max_size=9)
lines = st.lists(words, min_size=1, max_size=6).map(" ".join)


@given(pages=st.lists(st.lists(lines, min_size=1, max_size=12), min_size=1, max_size=4), columns=st.booleans())
@examples(60)
def test_words_come_back_in_order_on_their_pages(pages: list[list[str]], columns: bool) -> None:
    """Lines of any words, in one column or in two of equal length, drawn from left to right."""
    drawn, expected = [], []
    for of_page in pages:
        if columns and len(of_page) >= 8:
            half = len(of_page) // 2
            left, right = of_page[:half], of_page[half:]
            narrow = [f"This says {line[:20]}" for line in left], [f"and that {line[:20]}" for line in right]
            drawn.append([*column(narrow[1], x=330), *column(narrow[0])])
            expected.append(" ".join((*narrow[0], *narrow[1])).split())
        else:
            drawn.append(column(of_page))
            expected.append(" ".join(of_page).split())
    reading = read_pdf(pdf_file(*drawn))
    found: list[list[str]] = [[] for _ in pages]
    for block in reading.blocks:
        assert block.page is not None
        assert 0 <= block.start < block.end <= len(reading.text)
        found[block.page - 1] += text_of(reading, block).split()
    assert found == expected


@given(cut=st.integers(0, 3_000), noise=st.binary(max_size=40))
@examples(60)
def test_damaged_files_are_read_or_refused(cut: int, noise: bytes) -> None:
    whole = pdf_file(column(PROSE), column(PROSE))
    try:
        read_pdf(whole[:cut] + noise + whole[cut + len(noise) :])
    except UnreadableDocument as error:
        assert error.message


def documents(shared_data: Path) -> Path:
    folder = shared_data / "data" / "documents"
    if not folder.is_dir():
        pytest.skip("the public documents are not here")
    return folder


def test_protected_files_are_read_with_their_password(shared_data: Path) -> None:
    data = (documents(shared_data) / "py-pdf" / "libreoffice-writer-password.pdf").read_bytes()
    with pytest.raises(UnreadableDocument, match="protected with a password"):
        read_pdf(data)
    with pytest.raises(UnreadableDocument, match="protected with a password"):
        read_pdf(data, Limits(passwords=("wrong",)))
    assert read_pdf(data, Limits(passwords=("wrong", "openpassword"))).text


def test_a_hyphen_at_the_end_of_a_row_stays_in_its_last_cell() -> None:
    rows = [("Zorbulin", "co-"), ("Morbulin", "alone"), ("Torbulin", "both")]
    pieces = [
        Piece(cell, 72 + 200 * at, 700 - PITCH * down) for down, row in enumerate(rows) for at, cell in enumerate(row)
    ]
    assert "Zorbulin\tco-\nMorbulin\talone" in read_pdf(pdf_file(pieces)).text
