"""Pictures of pages of PDF files: the outlined characters are the passage's, and no file takes the page down."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.pdf_file import PITCH, Piece, by_hand, column, pdf_file
from PIL import Image
from pypdfium2 import raw
from support.properties import examples

import rag.readers.pdf.pictures.drawing_apart
from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.system.processes import Apart
from rag.core.types.documents import Document, Source
from rag.page.html.page_picture_html import picture_html, picture_name
from rag.readers.pdf.pictures.drawing import MOST_PIXELS, page_picture, png_file
from rag.readers.pdf.pictures.drawing_apart import draw_apart
from rag.readers.pdf.pictures.outlining import Shown, outlines
from rag.readers.pdf.pictures.picture import Box, PictureRequest, Span
from rag.readers.registry import read_document
from rag.text.splitter_settings import SplitterSettings
from rag.text.splitting import split

WORDS = ("zorbulin", "binds", "the", "receptor", "and", "The", "liver.", "10", "mg", "it", "a", "co-", "x")

SMALL = SplitterSettings(passage_tokens=12, context_tokens=6)


def document(data: bytes, limits: Limits = Limits()) -> Document:
    return read_document(Source("a.pdf", hashlib.sha256(data).hexdigest()), data, limits)


def outlined(data: bytes, read: Document, page: int, *spans: Span) -> tuple[tuple[Box, ...], ...]:
    """Return the boxes of spans on a page, without drawing it."""
    with closing(pypdfium2.PdfDocument(data)) as pdf, closing(pdf[page - 1]) as opened:
        return outlines(Shown(opened, *opened.get_size()), PictureRequest(data, read, page, spans), Limits())


def inside(data: bytes, page: int, boxes: tuple[Box, ...]) -> Counter[str]:
    """Return the visible characters of an unturned page whose middle lies in one of the boxes."""
    found: Counter[str] = Counter()
    with closing(pypdfium2.PdfDocument(data)) as pdf, closing(pdf[page - 1]) as opened:
        height = opened.get_height()
        with closing(opened.get_textpage()) as text:
            for index in range(raw.FPDFText_CountChars(text)):
                character = chr(raw.FPDFText_GetUnicode(text, index)).replace("\x02", "-")
                left, bottom, right, top = text.get_charbox(index)
                x, y = (left + right) / 2, height - (bottom + top) / 2
                if not character.isspace() and any(
                    box.left <= x <= box.left + box.width and box.top <= y <= box.top + box.height for box in boxes
                ):
                    found[character] += 1
    return found


def visible_on(read: Document, page: int, span: Span) -> Counter[str]:
    """Return the visible characters of a span that stand on a page."""
    on_page = (
        read.text[max(block.start, span[0]) : min(block.end, span[1])] for block in read.blocks if block.page == page
    )
    return Counter("".join("".join(on_page).split()))


lines = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


@st.composite
def pages(draw: st.DrawFn) -> list[Piece]:
    """A page: a headline, then one or two columns, or a table, of lines that repeat each other's words."""
    top = [Piece(draw(lines), 72, 790, 20, True)] if draw(st.booleans()) else []
    left = draw(st.lists(lines, min_size=1, max_size=8))
    right = draw(st.lists(lines, max_size=8))
    pieces = [*top, *column(left, 72), *column(right, 330)]
    return draw(st.permutations(pieces)) if draw(st.booleans()) else pieces


@examples(60)
@given(st.lists(pages(), min_size=1, max_size=3), st.data())
def test_the_characters_in_the_boxes_are_the_words_of_the_passage(
    drawn: list[list[Piece]], data: st.DataObject
) -> None:
    made = pdf_file(*drawn)
    read = document(made)
    passages = [(passage.start, passage.end) for passage in split(read, lambda text: len(text.split()), SMALL)]
    start = data.draw(st.integers(0, len(read.text) - 1))
    spans = [*passages, (start, data.draw(st.integers(start + 1, len(read.text))))]
    for page in range(1, len(drawn) + 1):
        for span, boxes in zip(spans, outlined(made, read, page, *spans), strict=True):
            assert inside(made, page, boxes) == visible_on(read, page, span)


def test_of_words_that_stand_twice_the_right_ones_are_outlined() -> None:
    data = pdf_file(column(["Zorbulin binds the receptor.", "", "Zorbulin binds the receptor."]))
    read = document(data)
    second = read.text.rindex("Zorbulin")
    (boxes,) = outlined(data, read, 1, (second, len(read.text)))
    (first,) = outlined(data, read, 1, (0, second))
    assert len(boxes) == len(first) == 1
    assert boxes[0].top - first[0].top == pytest.approx(2 * PITCH, abs=0.1)


def test_a_passage_over_two_pages_is_outlined_on_both() -> None:
    data = pdf_file(column(["Zorbulin binds the receptor", "of the liver and"]), column(["of the spleen."]))
    read = document(data)
    span = (read.text.index("liver"), read.text.index(" spleen"))
    for page, words in ((1, "liverand"), (2, "ofthe")):
        (boxes,) = outlined(data, read, page, span)
        assert inside(data, page, boxes) == Counter(words)


def test_a_word_broken_at_the_end_of_a_line_is_outlined_in_both() -> None:
    data = by_hand([["Zorbulin binds the recep-", "tor of the liver."]])
    read = document(data)
    span = (read.text.index("recep"), read.text.index(" of the"))
    (boxes,) = outlined(data, read, 1, span)
    assert len(boxes) == 2
    assert inside(data, 1, boxes) == visible_on(read, 1, span)


def test_the_cells_of_a_row_are_outlined_each() -> None:
    rows = [("Zorbulin", "10 mg", "daily"), ("Morbulin", "20 mg", "weekly"), ("Torbulin", "30 mg", "never")]
    pieces = [
        Piece(cell, 72 + 150 * across, 700 - PITCH * down)
        for down, row in enumerate(rows)
        for across, cell in enumerate(row)
    ]
    data = pdf_file(pieces)
    read = document(data)
    row = read.text.index("Morbulin")
    (boxes,) = outlined(data, read, 1, (row, read.text.index("\n", row)))
    assert len(boxes) == 3
    assert inside(data, 1, boxes) == Counter("Morbulin20mgweekly")


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_turned_and_cut_page_is_outlined_as_it_is_shown(turned: int) -> None:
    """What is black in the picture of a page with one line lies in its box."""
    whole = pdf_file(column(["Zorbulin binds the receptor."]))
    with closing(pypdfium2.PdfDocument(whole)) as pdf:
        pdf[0].set_rotation(turned)
        pdf[0].set_cropbox(50, 400, 500, 800)
        out = io.BytesIO()
        pdf.save(out)
    data = out.getvalue()
    read = document(data)
    picture = page_picture(PictureRequest(data, read, 1, ((0, len(read.text)),)))
    assert (round(picture.width), round(picture.height)) == ((450, 400) if turned % 180 == 0 else (400, 450))
    image = numpy.asarray(Image.open(io.BytesIO(picture.png)).convert("L"))
    scale = image.shape[1] / picture.width
    down, across = numpy.nonzero(image < 128)
    (box,) = picture.outlines[0]
    assert box.left * scale - 1 <= across.min() <= across.max() <= (box.left + box.width) * scale + 1
    assert box.top * scale - 1 <= down.min() <= down.max() <= (box.top + box.height) * scale + 1


def test_characters_beyond_sixteen_bits_do_not_shift_the_rest() -> None:
    data = pdf_file([Piece("Zorbulin 𝛼 binds 𝛽", 72, 700), Piece("the receptor.", 72, 686)])
    read = document(data)
    span = (read.text.index("the"), read.text.index("receptor") + 8)
    (boxes,) = outlined(data, read, 1, span)
    assert inside(data, 1, boxes) == Counter("thereceptor")


def test_furniture_and_labels_are_outlined_too() -> None:
    sheets = [
        [Piece("Running head", 72, 815, 9), *column([f"Zorbulin {word} the receptor."]), Piece(str(n), 300, 20, 9)]
        for n, word in enumerate(["binds", "likes", "leaves", "wants"], 1)
    ]
    data = pdf_file(*sheets)
    read = document(data)
    for block in read.blocks:
        assert block.page is not None
        (boxes,) = outlined(data, read, block.page, (block.start, block.end))
        assert inside(data, block.page, boxes) == visible_on(read, block.page, (block.start, block.end))
    assert {block.furniture for block in read.blocks} >= {"running head", "page number"}


def test_the_picture_is_a_png_of_the_page() -> None:
    data = pdf_file(column(["Zorbulin binds the receptor."]), column(["And nothing else."]))
    read = document(data)
    picture = draw_apart(PictureRequest(data, read, 2, ((0, 8),)))
    assert (picture.number, picture.pages, picture.outlines) == (2, 2, ((),))
    image = Image.open(io.BytesIO(picture.png))
    image.load()
    assert image.width == pytest.approx(1000, abs=1)
    assert image.height / image.width == pytest.approx(picture.height / picture.width, rel=0.01)
    assert picture_name(picture) == "Page 2"
    shown = draw_apart(PictureRequest(data, read, 1, ((0, 8), (9, 14))))
    assert picture_name(shown) == "Page 1, the passage outlined"
    assert picture_html(shown).count('class="rag-box-fill"') == 1
    assert picture_html(shown).count('class="rag-box-other-fill"') == 1


def test_pixels_survive_being_written() -> None:
    pixels = numpy.random.default_rng(7).integers(0, 256, (13, 7, 3), dtype=numpy.uint8)
    assert (numpy.asarray(Image.open(io.BytesIO(png_file(pixels)))) == pixels).all()


def test_a_file_that_changed_has_no_picture() -> None:
    read = document(pdf_file(column(["Zorbulin binds the receptor."])))
    with pytest.raises(UnreadableDocument, match="has changed since"):
        draw_apart(PictureRequest(pdf_file(column(["Zorbulin binds nothing."])), read, 1, ()))


def test_a_document_that_was_read_otherwise_is_not_outlined() -> None:
    data = pdf_file(column(["Zorbulin binds the receptor."]))
    other = replace(document(data), text="Zorbulin binds the receptors")
    with pytest.raises(UnreadableDocument, match="read otherwise"):
        draw_apart(PictureRequest(data, other, 1, ((0, 8),)))


def test_there_is_no_picture_of_a_page_that_is_not_there() -> None:
    data = pdf_file(column(["Zorbulin binds the receptor."]))
    for page in (0, 2):
        with pytest.raises(UnreadableDocument, match=f"There is no page {page}"):
            draw_apart(PictureRequest(data, document(data), page, ()))


def unchecked(data: bytes) -> Document:
    """Return a document that claims to be read from bytes that nobody could read."""
    read = document(pdf_file(column(["Zorbulin."])))
    return replace(read, sha256=hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", bytes(1000)], ids=["empty", "cut short", "zeros"])
def test_a_damaged_file_is_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        draw_apart(PictureRequest(data, unchecked(data), 1, ((0, 8),)))


def sized(width: str, height: str) -> bytes:
    data = by_hand([["Zorbulin binds the receptor."]])
    return re.sub(rb"\[0 0 595 842\]", f"[0 0 {width} {height}]".encode(), data)


@pytest.mark.parametrize(
    ("width", "height"), [("200000", "200000"), ("90000", "842"), ("595", "90000"), ("1", "1"), ("3", "842")]
)
def test_a_huge_or_tiny_page_is_drawn_within_bounds(width: str, height: str) -> None:
    data = sized(width, height)
    picture = page_picture(PictureRequest(data, unchecked(data), 1, ()))
    image = Image.open(io.BytesIO(picture.png))
    assert image.width * image.height <= 1.1 * MOST_PIXELS


@pytest.mark.parametrize(("width", "height"), [("900000", "1"), ("1e30", "1e30"), ("99999999999", "842")])
def test_a_page_that_cannot_be_drawn_is_a_sentence_or_a_small_picture(width: str, height: str) -> None:
    data = sized(width, height)
    try:
        picture = draw_apart(PictureRequest(data, unchecked(data), 1, ()))
    except UnreadableDocument as error:
        assert error.advice
    else:
        image = Image.open(io.BytesIO(picture.png))
        assert image.width * image.height <= 1.1 * MOST_PIXELS


def test_a_page_that_takes_too_long_is_a_sentence() -> None:
    data = pdf_file(column(["Zorbulin binds the receptor."]))
    with pytest.raises(UnreadableDocument, match="took longer than 0 seconds"):
        draw_apart(PictureRequest(data, document(data), 1, ()), Limits(seconds=0))


def test_a_page_that_takes_too_much_memory_is_a_sentence() -> None:
    data = pdf_file(column(["Zorbulin binds the receptor."]))
    with pytest.raises(UnreadableDocument, match=r"Drawing the page failed|more than 40 MiB") as raised:
        draw_apart(PictureRequest(data, document(data), 1, ()), Limits(memory=40))
    assert raised.value.advice


def test_a_process_that_dies_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        rag.readers.pdf.pictures.drawing_apart,
        "Apart",
        lambda _, limits, seconds: Apart("rag.no_such_worker", limits, seconds),
    )
    data = pdf_file(column(["Zorbulin binds the receptor."]))
    with pytest.raises(UnreadableDocument, match="Drawing the page failed: an error ended it"):
        draw_apart(PictureRequest(data, document(data), 1, ()))


def test_a_protected_file_is_drawn_with_the_password_that_it_was_read_with(documents_folder: Path) -> None:
    data = (documents_folder / "py-pdf" / "libreoffice-writer-password.pdf").read_bytes()
    limits = Limits(passwords=("openpassword",))
    read = document(data, limits)
    assert draw_apart(PictureRequest(data, read, 1, ((0, 100),)), limits).outlines[0]
    with pytest.raises(UnreadableDocument, match="password"):
        draw_apart(PictureRequest(data, read, 1, ()))


def real_files(folder: Path) -> Iterator[tuple[bytes, Document]]:
    for path in sorted(folder.rglob("*.pdf")):
        data = path.read_bytes()
        if len(data) < 2**20:
            try:
                yield data, document(data)
            except UnreadableDocument:
                continue


def test_every_block_of_real_files_is_outlined(documents_folder: Path) -> None:
    """Every block can be counted out on its page, and has a box unless none of its characters is drawn."""
    seen = 0
    for data, read in real_files(documents_folder):
        for page in sorted({block.page for block in read.blocks if block.page is not None})[:3]:
            spans = [(block.start, block.end) for block in read.blocks if block.page == page]
            seen += sum(map(bool, outlined(data, read, page, *spans)))
    assert seen > 200


@pytest.fixture(scope="module")
def documents_folder(shared_data: Path) -> Path:
    """The folder with real PDF files of others; tests skip without it."""
    folder = shared_data / "data" / "documents"
    if not folder.is_dir():
        pytest.skip("the real PDF files are not here")
    return folder
