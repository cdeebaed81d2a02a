"""The README's pictures of the page, taken of the page as it is.

    python benchmarks/page_pictures.py [--into FOLDER] [--all]

Serves the page over the starter corpus and drives Debian's chromium. With --all every view is taken, at 360 and 1,440
pixels, light and dark, for somebody to look at; without, only those that the README shows.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from page_speed import CHROMIUM, FLAGS, ROOT, serving
from playwright.sync_api import Page, sync_playwright

from rag.building.build import build
from rag.core.config import Settings

INTO = Path(__file__).with_name("pictures")
QUESTION = "Does memantine help depression?"
UNANSWERED = "What is the capital of Mozambique?"
SHOWN = {("answer", 1440, "light"), ("answer", 360, "dark"), ("document", 1440, "light"), ("corpus", 1440, "light")}
"""View, width and scheme of what the README shows."""


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, metavar="FOLDER", default=INTO)
    parser.add_argument("--all", action="store_true")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as drive:
        index = Path(scratch, "index")
        build(Settings(corpus=ROOT / "corpus", index=index))
        browser = drive.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with serving(ROOT / "app.py", index) as address:
            for width, scheme in ((1440, "light"), (1440, "dark"), (360, "light"), (360, "dark")):
                wanted = {view for view, *how in SHOWN if how == [width, scheme]}
                if not (given.all or wanted):
                    continue
                viewport = {"width": width, "height": 900 if width > 1000 else 780}
                page = browser.new_page(color_scheme=scheme, viewport=viewport)  # type: ignore[arg-type]
                page.goto(address)
                for view in views(page):
                    if given.all or view in wanted:
                        page.wait_for_timeout(500)  # scrolling and fading in
                        page.screenshot(path=given.into / f"{view}-{width}-{scheme}.png")
                page.close()
        browser.close()


def views(page: Page) -> Iterator[str]:
    """Go from view to view, and say the name of each."""
    page.get_by_role("heading", level=1).wait_for()
    page.get_by_role("button").first.wait_for()
    yield "first"
    ask(page, UNANSWERED)
    yield "refusal"
    ask(page, QUESTION)
    yield "answer"
    for folded in page.locator("article.rag-quote").first.locator("summary").all():
        folded.click()
    page.locator("article.rag-quote").first.scroll_into_view_if_needed()
    yield "citation"
    page.locator(".rag-why > summary").last.click()
    page.locator(".rag-why").last.scroll_into_view_if_needed()
    yield "why"
    page.get_by_role("button", name="Open in the document").last.click()
    page.locator("#rag-marked").wait_for()
    yield "document"
    for view in ("Corpus", "Map", "About"):
        page.get_by_role("link", name=view, exact=True).click()
        page.wait_for_timeout(1500)
        yield view.lower()


def ask(page: Page, question: str) -> None:
    """Ask a question and wait for its outcome."""
    before = page.locator(".rag-outcome").count()
    page.get_by_role("textbox", name="Ask a question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".rag-outcome").nth(before).wait_for()


if __name__ == "__main__":
    main()
