"""Documents of many formats in one corpus: what was read is found, and quoted with its page, row or note."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from made.pdf_file import Piece, column, pdf_file
from made.word import p, package

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings


def quoted(engine: Engine, question: str, document: str, words: str, page: int | None) -> int:
    """Return the rank of the quote that holds some words of a document, on a page where one is given; 0 for none."""
    for quote in engine.ask(question, quotes=3).quotes:
        there = words in " ".join(quote.text.split(" ")).replace("\n", " ")
        if there and quote.document.path.endswith(document) and page in (None, quote.passage.page):
            assert quote.text == quote.document.text[quote.start : quote.end]
            return quote.rank
    return 0


def table(*rows: tuple[str, ...]) -> bytes:
    document = docx.Document()
    document.add_heading("Forms of zorbulin", 1)
    document.add_paragraph("They differ in how much of them is absorbed.")
    cells = document.add_table(len(rows), len(rows[0]))
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            cells.cell(number, place).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def shelf(own: Settings) -> Engine:
    pages = [
        [
            Piece("Zorbulin for patients", 72, 815),
            *column(["Zorbulin is a remedy that was found in the bark", "of the zorb tree in the year of 1921."]),
            Piece(f"- {number} -", 280, 30),
        ]
        for number in (1, 2, 3)
    ]
    pages[1][1:3] = column(["Nobody whose kidneys are ill should take zorbu-", "lin, since it gathers in the blood."])
    pages[2][1:3] = column(["Keep it in a cool place, out of the reach of", "children, for no longer than two years."])
    (own.corpus / "leaflet.pdf").write_bytes(pdf_file(*pages))
    rows = [
        ("Form", "Absorbed", "Taken"),
        ("zorbulin oxide", "4 percent", "twice a day"),
        ("zorbulin malate", "81 percent", "once a day"),
    ]
    (own.corpus / "forms.docx").write_bytes(table(*rows))
    (own.corpus / "notes.docx").write_bytes(package(p("The harbour was built of granite by the guild of masons.")))
    build(own)
    return open_index(own.index, own.corpus)


def test_a_quotation_is_on_its_page_and_in_its_row(shelf: Engine) -> None:
    assert quoted(shelf, "When was zorbulin found?", "leaflet.pdf", "in the year of 1921", 1) == 1
    assert quoted(shelf, "Who should not take zorbulin?", "leaflet.pdf", "whose kidneys are ill", 2) == 1
    assert (
        quoted(
            shelf,
            "For how long may one keep zorbulin out of the reach of children?",
            "leaflet.pdf",
            "no longer than two years",
            3,
        )
        == 1
    )
    assert (
        quoted(shelf, "How much of zorbulin malate is absorbed?", "forms.docx", "zorbulin malate\t81 percent", None)
        == 1
    )
    assert quoted(shelf, "Of what was the harbour built?", "notes.docx", "of granite", None) == 1


def test_a_divided_word_is_found_and_quoted_as_it_is_divided(shelf: Engine) -> None:
    (quote,) = (each for each in shelf.ask("Who should not take zorbulin?").quotes if each.passage.page == 2)
    assert "zorbu-\nlin" in quote.text
    assert quote.link is None


def test_a_link_opens_a_pdf_file_at_its_page(own: Settings) -> None:
    (own.corpus / "leaflet.pdf").write_bytes(
        pdf_file(column(["One of two."]), column(["Zorbulin binds the zorb receptor."]))
    )
    (own.corpus / "catalogue.toml").write_text('["leaflet.pdf"]\nurl = "https://example.org/leaflet.pdf"\n')
    build(own)
    quote = open_index(own.index).ask("What does zorbulin bind?").quotes[0]
    assert quote.link == "https://example.org/leaflet.pdf#page=2"


UNREADABLE = {
    "2206.01062_pg3.pdf", "MEDRPT-2024-PAT-3847_medical_report_scan.pdf", "cmyk-image.pdf", "grayscale-image.pdf",
    "imagemagick-ASCII85Decode.pdf", "imagemagick-CCITTFaxDecode.pdf", "imagemagick-images.pdf", "imagemagick-lzw.pdf",
    "libreoffice-writer-password.pdf",
}  # fmt: skip
KNOWN = [
    ("When was Microsoft Word launched for MS-DOS?", "multi_page.pdf", "Microsoft launched Word for MS-DOS in 1983", 1),
    ("Who patented the typewriter in 1868?", "multi_page.pdf", "Patented in 1868 by Christopher Latham Sholes", 1),
    ("What did Google Docs enable?", "multi_page.pdf", "Google Docs enabled real-time editing", 2),
    ("Which software is there for screenwriters?", "multi_page.pdf", "Final Draft and Celtx", 3),
    ("When was undo introduced?", "multi_page.pdf", "Introduced in the 1980s", 3),
    (
        "Of what are self-locking wing nuts made?",
        "amt_handbook_sample.pdf",
        "Wing-type nuts are made of anodized aluminum",
        1,
    ),
    ("What is the unit cost of the hardware SKU-5512?", "borderless_table.pdf", "SKU-5512\tHardware\t$89.00", 2),
    ("What is the overall accuracy rate of the inventory?", "borderless_table.pdf", "97.2%", 2),
    ("Who is the insured of the Batmobile?", "REPAIR-2022-INV-001_multipage.pdf", "Insured name\tBruce Wayne", 2),
    ("What is said in Cell 2.1?", "word_tables.docx", "Cell 2.0\tCell 2.1", None),
    ("Where is a detailed discussion referred to?", "test.pdf", "We refer to Appendix A for a detailed discussion", 1),
    ("For which neurotransmitter is the NMDA receptor a receptor?", ".txt", "neurotransmitter glutamate", None),
]  # the eleventh stands in a footnote of a PDF file, the tenth in a table of a Word file


def test_twelve_answers_whose_place_is_known(shared_data: Path, seeded: Callable[[Path], Path], tmp_path: Path) -> None:
    """Among the public documents that answer, those that cannot be read, and the seeds."""
    public = shared_data / "data" / "documents"
    if not public.is_dir():
        pytest.skip("the public documents are not here")
    corpus = tmp_path / "corpus"
    shutil.copytree(shared_data / "seeds", corpus)
    for file in public.rglob("*.*"):
        if file.name in UNREADABLE or any(file.name.endswith(document) for _, document, _, _ in KNOWN):
            shutil.copy(file, corpus)
    settings = Settings(corpus=corpus, index=seeded(tmp_path / "index"))
    assert {skipped.path for skipped in build(settings).skipped} == UNREADABLE
    engine = open_index(settings.index, corpus)
    ranks = {question: quoted(engine, question, *rest) for question, *rest in KNOWN}
    assert [question for question, rank in ranks.items() if not rank] == []
    assert sum(rank == 1 for rank in ranks.values()) >= 10
