"""The view of the corpus in a real browser: an upload, its preview, a build while a question is answered, removing."""

from __future__ import annotations

import pytest
from support.browser import HOSTILE, ask, assert_well_made, playwright, settle, visiting
from support.looks import each_look
from support.paths import MAGNESIUM_QUESTION, STARTER

from rag.core.config import Settings
from rag.index.opening import open_published

LEAFLET = "Zorbulin\n\nShare this article\n\nZorbulin binds the zorb receptor in the liver.\n"


@pytest.fixture
def kept(prebuilt) -> Settings:
    """Four documents of the starter corpus, built."""
    return prebuilt({source.name: source.read_bytes() for source in sorted(STARTER.glob("*.md"))[:4]})


@each_look()
def test_the_librarians_visit(browser, server, kept, shot, scheme, width):
    url, view = f"{server.serve(kept)}corpus", {"width": width, "height": 900}
    with visiting(browser, url, color_scheme=scheme, viewport=view) as page:

        def looks_right(name: str) -> None:
            assert_well_made(page, width, name)
            shot(page, f"corpus-{scheme}-{width}-{name}")

        playwright.expect(page.get_by_role("table", name="The documents of the index")).to_be_visible()
        looks_right("1-first")

        page.locator("summary", has_text="Add files").click()
        files = [
            {"name": "zorbulin.txt", "mimeType": "text/plain", "buffer": LEAFLET.encode()},
            {"name": "<img src=x> **broken**.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"},
        ]
        page.locator('input[type="file"]').set_input_files(files)
        page.get_by_role("textbox", name="Licence").first.fill("CC BY 4.0")
        looks_right("2-files")
        page.get_by_role("button", name="Read these files").click()
        playwright.expect(page.get_by_role("heading", name="File 1: zorbulin.txt")).to_be_visible()
        playwright.expect(page.get_by_text("It is damaged, or no PDF file.")).to_be_visible()
        page.get_by_text("Set aside as not part of the text: 1 piece").click()
        playwright.expect(page.get_by_text("Share this article")).to_be_visible()
        page.get_by_role("heading", name="What was read").scroll_into_view_if_needed()
        looks_right("3-read")
        assert not (kept.corpus / "zorbulin.txt").exists()
        page.get_by_role("button", name="Add to the corpus").click()
        playwright.expect(page.get_by_text("Added: zorbulin.txt").first).to_be_visible()
        assert (kept.corpus / "zorbulin.txt").exists()
        looks_right("4-added")

        page.get_by_role("button", name="Check the corpus").click()
        playwright.expect(page.get_by_role("table", name="What the check found")).to_be_visible(timeout=30_000)
        page.get_by_role("heading", name="What is to be mended").scroll_into_view_if_needed()
        looks_right("5-findings")

        page.locator("summary", has_text="Remove a document").click()
        chooser = page.get_by_role("combobox", name="Document to remove")
        chooser.scroll_into_view_if_needed()
        settle(page)
        chooser.fill("ketamine")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Remove it").click()
        playwright.expect(page.get_by_text("Remove “Ketamine: effects on depression")).to_be_visible()
        looks_right("6-removing")
        page.get_by_role("button", name="Yes, remove this document").click()
        playwright.expect(page.get_by_text("Removed: ketamine.md").first).to_be_visible()
        assert not (kept.corpus / "ketamine.md").exists()

        page.get_by_role("button", name="Bring the index up to date").click()
        playwright.expect(page.get_by_text("1 added, 1 removed")).to_be_visible(timeout=60_000)
        looks_right("7-built")
        page.get_by_role("button", name="Go back to the index before").click()
        playwright.expect(page.get_by_text("This is an earlier index")).to_be_visible()
        page.get_by_role("heading", name="Index").scroll_into_view_if_needed()
        looks_right("8-gone-back")
        page.get_by_role("button", name="Go forward to the newer index").click()
        playwright.expect(page.get_by_text("This is an earlier index")).to_have_count(0)
        assert "zorbulin" not in server.log.read_text(encoding="utf-8")


def test_questions_are_answered_while_a_build_goes_on_and_sessions_see_only_their_own(browser, server, kept, shot):
    for source in sorted(STARTER.glob("*.md")):
        for copy in range(8):  # each of its own, so that all of it is encoded
            words = source.read_text(encoding="utf-8").replace("magnesium", f"magnesium-{copy}")
            (kept.corpus / f"{copy}-{source.name}").write_text(words, encoding="utf-8")
    before = open_published(kept.index).info.fingerprint
    url = server.serve(kept)
    with (
        visiting(browser, f"{url}corpus") as librarian,
        visiting(browser, f"{url}corpus") as second,
        visiting(browser, url) as reader,
        visiting(browser, url) as other,
    ):
        librarian.get_by_role("button", name="Bring the index up to date").click()
        for page in (librarian, second):
            playwright.expect(page.get_by_role("progressbar")).to_be_visible(timeout=15_000)
            playwright.expect(page.get_by_text("Questions are answered from the index as it was")).to_be_visible()
        playwright.expect(librarian.get_by_text("Encoding passages")).to_be_visible(timeout=30_000)
        shot(librarian, "corpus-building")
        ask(reader, "Does memantine help OCD?")
        assert open_published(kept.index).info.fingerprint == before
        assert librarian.get_by_role("progressbar").is_visible()
        ask(other, MAGNESIUM_QUESTION)
        assert "OCD" not in other.locator("body").inner_text()
        assert "NMDA receptor?" not in reader.locator("body").inner_text()
        second.get_by_role("button", name="Stop it").click()
        for page in (librarian, second):
            playwright.expect(page.get_by_text("The build was stopped")).to_be_visible(timeout=15_000)
        assert open_published(kept.index).info.fingerprint == before


def test_adding_works_from_the_keyboard_and_hostile_files_do_nothing(browser, server, kept, shot):
    with visiting(browser, f"{server.serve(kept)}corpus") as page:
        page.locator("summary", has_text="Add files").focus()
        page.keyboard.press("Enter")
        hostile = {
            "name": f"{HOSTILE[:40]}.md",
            "mimeType": "text/plain",
            "buffer": f"# {HOSTILE}\n\n{HOSTILE}".encode(),
        }
        with page.expect_response(lambda response: "upload_file" in response.url):
            page.locator('input[type="file"]').set_input_files([hostile])
        page.get_by_test_id("stFileChip").wait_for()
        settle(page)
        playwright.expect(page.get_by_role("button", name="Read these files")).to_be_enabled()  # it was handed over
        page.get_by_role("button", name="Read these files").focus()
        page.keyboard.press("Enter")
        playwright.expect(page.get_by_role("heading", name="File 1:")).to_be_visible()
        page.get_by_role("button", name="Check the corpus").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Add to the corpus").focus()
        page.keyboard.press("Enter")
        playwright.expect(page.get_by_text("Added:").first).to_be_visible()
        shot(page, "corpus-hostile")
        assert page.evaluate("window.broken") is None
        assert page.locator('[data-testid="stMain"] img').count() == 0
