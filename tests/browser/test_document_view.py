"""The document view in a real browser: what is in sight, by keyboard, on a phone and on a wide screen."""

from __future__ import annotations

import shutil

import pytest
from made.pdf_file import Piece, column, pdf_file
from support.browser import HOSTILE, ask, assert_well_made, playwright, settle, visiting
from support.looks import each_look
from support.paths import MAGNESIUM_QUESTION, ROOT

from rag.building.build import build
from rag.core.config import Settings

PROSE = [
    "The sea cucumbers of the northern shelf were counted twice a year",
    "by divers, and nobody has found that their number depends on the",
    "temperature of the water at the bottom or on the moon above it.",
]
SHEETS = (
    [Piece("Counting on the shelf", 72, 790, 20, True), *column(PROSE * 6, 72, 740)],
    [
        Piece("What glimmerine does", 72, 790, 20, True),
        *column(PROSE * 4, 72, 740),
        Piece("Glimmerine", 72, 480, 16, True),
        *column(
            ["Glimmerine blocks the glim channel of the heart within an hour,", "and wears off in a day."], 72, 450
        ),
        *column(PROSE * 4, 72, 380),
    ],
    [Piece("Afterword", 72, 790, 20, True), *column(PROSE, 72, 740)],
)
GLIMMERINE = "What does glimmerine block in the heart?"

# Where an outline's box lies in the picture, and whether the characters under it are the dark ones of the page.
BOXES = """() => [...document.querySelectorAll('.rag-box-fill')].map(e => {
  const box = e.getBoundingClientRect(), page = document.querySelector('#rag-picture img').getBoundingClientRect();
  return [(box.left - page.left) / page.width, (box.top - page.top) / page.height,
          box.width / page.width, box.height / page.height];
})"""


@pytest.fixture(scope="module")
def shelf_settings(seeded, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A corpus of Markdown files, a PDF file and a hostile one."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "corpus").mkdir()
    for source in sorted((ROOT / "corpus").glob("*.md")):
        shutil.copy(source, folder / "corpus")
    (folder / "corpus" / "glimmerine.pdf").write_bytes(pdf_file(*SHEETS))
    (folder / "corpus" / "hostile.md").write_text(
        f"# Zorbulin {HOSTILE}\n\nOne.\n\n## {HOSTILE}\n\nIt says of the zorb receptor: {HOSTILE}\n", encoding="utf-8"
    )
    settings = Settings(corpus=folder / "corpus", index=seeded(folder / "index"))
    build(settings)
    return settings


@pytest.fixture
def shelf(server, shelf_settings: Settings) -> str:
    """The page over that corpus."""
    return server.serve(shelf_settings)


def opened(page: playwright.Page, question: str) -> None:
    """Ask, and open the first quote."""
    ask(page, question)
    page.get_by_role("button", name="Open in the document").first.click()
    playwright.expect(page.locator("#rag-marked")).to_be_focused(timeout=20_000)


@each_look()
def test_a_document_with_hits(browser, shelf, shot, scheme, width):
    with visiting(browser, shelf, color_scheme=scheme, viewport={"width": width, "height": 800}) as page:
        opened(page, MAGNESIUM_QUESTION)
        playwright.expect(page.locator("#rag-marked")).to_be_in_viewport()
        assert_well_made(page, width, "document")
        shot(page, f"{scheme}-{width}-document-hit")
        bar = page.locator(".st-key-hits")
        playwright.expect(bar).to_be_in_viewport()
        below = bar.evaluate("e => e.parentElement.getBoundingClientRect().bottom")
        assert page.locator("#rag-marked").evaluate("e => e.getBoundingClientRect().top") >= below
        page.locator('[data-testid="stMain"]').evaluate("e => e.scrollTo(0, 0)")
        settle(page)
        shot(page, f"{scheme}-{width}-document-top")
        assert page.locator("#rag-outline").evaluate("e => e.open") == (width > 640)


@each_look()
def test_a_page_with_the_passage_outlined(browser, shelf, shot, scheme, width):
    with visiting(browser, shelf, color_scheme=scheme, viewport={"width": width, "height": 800}) as page:
        opened(page, GLIMMERINE)
        picture = page.get_by_role("img", name="Page 2, the passage outlined")
        playwright.expect(picture).to_be_in_viewport()
        assert picture.evaluate("e => e.complete && e.naturalWidth") == 1000
        assert_well_made(page, width, "document")
        shot(page, f"{scheme}-{width}-page-hit")
        boxes = page.evaluate(BOXES)
        assert boxes
        lines = [box for box in boxes if abs(box[0] - 72 / 595) < 0.01]
        assert any(abs(top - (842 - 450 - 11) / 842) < 0.01 for _, top, _, _ in lines), boxes
        text = page.locator(".rag-document").bounding_box()
        drawn = page.locator("#rag-picture").bounding_box()
        if width > 640:
            assert drawn["x"] + drawn["width"] <= text["x"]
            playwright.expect(page.locator("#rag-marked")).to_be_in_viewport()
            assert drawn["height"] <= 800
        else:
            assert drawn["y"] + drawn["height"] <= text["y"]
            playwright.expect(page.locator(".rag-box-fill").last).to_be_in_viewport(ratio=1)


def test_hits_headings_and_pages_from_the_keyboard(browser, shelf):
    with visiting(browser, shelf) as page:
        opened(page, MAGNESIUM_QUESTION)
        first = page.locator(".rag-hit-line").inner_text()
        page.keyboard.press("Alt+n")
        playwright.expect(page.locator(".rag-hit-line")).not_to_have_text(first)
        playwright.expect(page.locator("#rag-marked")).to_be_focused()
        playwright.expect(page.locator("#rag-marked")).to_be_in_viewport()
        page.keyboard.press("Alt+p")
        playwright.expect(page.locator(".rag-hit-line")).to_have_text(first)
        playwright.expect(page.locator("#rag-marked")).to_be_focused()

        link = page.get_by_role("navigation", name="Outline of the document").get_by_role("link").last
        link.focus()
        page.keyboard.press("Enter")
        heading = page.locator(".rag-anchor").last
        playwright.expect(heading).to_be_in_viewport()
        playwright.expect(page.locator(".rag-hit-line")).to_have_text(first)
        assert page.url.rpartition("/")[2].startswith("document#rag-heading-")
        page.go_back()
        playwright.expect(page.locator(".rag-hit-line")).to_have_text(first)


def test_pages_are_turned_from_the_keyboard(browser, shelf):
    with visiting(browser, shelf) as page:
        opened(page, GLIMMERINE)
        page.get_by_role("button", name="Next page").focus()
        page.keyboard.press("Enter")
        playwright.expect(page.get_by_role("img", name="Page 3")).to_be_visible()
        field = page.get_by_role("spinbutton", name="Page (of 3)")
        playwright.expect(field).to_have_value("3")
        field.fill("1")
        field.press("Enter")
        playwright.expect(page.get_by_role("img", name="Page 1")).to_be_visible()
        field.fill("2")
        field.press("Enter")
        playwright.expect(page.get_by_role("img", name="Page 2, the passage outlined")).to_be_visible()


def test_a_hostile_document_does_nothing_in_outline_and_list(browser, shelf):
    with visiting(browser, shelf) as page:
        opened(page, "What is said of the zorb receptor?")
        playwright.expect(page.get_by_role("navigation", name="Outline of the document")).to_contain_text(
            "<img src=x onerror=window.broken=1>"
        )
        assert page.evaluate("window.broken") is None
        assert page.locator('[data-testid="stMain"] img').count() == 0
