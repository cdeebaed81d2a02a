"""A visit to the page in a real browser: asking, narrowing, following up, opening a document, building."""

from __future__ import annotations

import shutil

from support.browser import HOSTILE, ask, assert_legible, assert_well_made, playwright, settle, unfolded, visiting
from support.looks import each_look
from support.paths import MAGNESIUM_QUESTION, ROOT

from rag.building.build import build
from rag.safety.framing import FRAMING


@each_look(wide=1280)
def test_a_visit(browser, address, shot, scheme, width):
    with visiting(browser, address, color_scheme=scheme, viewport={"width": width, "height": 780}) as page:

        def looks_right(view: str) -> None:
            assert_well_made(page, width, view)
            shot(page, f"{scheme}-{width}-{view}")

        framing = page.get_by_text(FRAMING.text)
        playwright.expect(framing).to_be_in_viewport()
        playwright.expect(page.get_by_role("textbox")).to_be_in_viewport()
        looks_right("1-first")

        page.get_by_text("Narrow the search").click()
        playwright.expect(page.get_by_role("combobox")).to_have_count(3)
        looks_right("1-narrowing")
        page.get_by_text("Narrow the search").click()

        ask(page, MAGNESIUM_QUESTION)
        playwright.expect(page.get_by_text("word for word.")).to_be_in_viewport()
        playwright.expect(framing).to_have_count(2)
        playwright.expect(framing.last).to_be_in_viewport()
        assert page.locator("article.rag-quote mark").count() >= 1
        looks_right("2-answer")

        ask(page, "What is the capital of Mozambique?")
        playwright.expect(page.get_by_text("The corpus does not say.")).to_be_in_viewport()
        looks_right("3-unanswered")

        second = page.locator("article.rag-quote").nth(1)
        words = second.locator("mark").first.inner_text()
        page.get_by_role("button", name="Open in the document").nth(1).click()
        playwright.expect(page.locator("#rag-marked")).to_be_in_viewport()
        assert words in " ".join(page.locator(".rag-marked").all_inner_texts())
        looks_right("4-document")

        page.get_by_role("button", name="Back to the answer").click()
        playwright.expect(second).to_be_in_viewport()
        looks_right("5-back")

        page.get_by_role("link", name="Corpus").click()
        playwright.expect(page.get_by_role("table").get_by_text("The NMDA receptor and calcium")).to_be_visible()
        looks_right("6-corpus")
        page.get_by_role("heading", name="Index").scroll_into_view_if_needed()
        looks_right("7-corpus-end")

        assert "magnesium" not in page.url.lower()
        page.go_back()
        playwright.expect(page.get_by_role("heading", name=MAGNESIUM_QUESTION)).to_be_visible()


def test_the_page_works_from_the_keyboard(browser, address):
    with visiting(browser, address) as page:
        ask(page, MAGNESIUM_QUESTION)
        page.get_by_role("button", name="Open in the document").first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        focused = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert focused == "solid"
        page.keyboard.press("Enter")
        playwright.expect(page.locator("#rag-marked")).to_be_in_viewport()
        assert page.locator("html").get_attribute("lang")


def test_a_search_is_narrowed_from_the_keyboard(browser, address, shot):
    with visiting(browser, address) as page:
        page.locator("summary", has_text="Narrow the search").focus()
        page.keyboard.press("Enter")
        kind = page.get_by_role("combobox", name="Kind")
        playwright.expect(kind).to_be_visible()
        page.keyboard.press("Tab")
        playwright.expect(kind).to_be_focused()
        settle(page)  # unfolding and scrolling would shut the list again
        page.keyboard.type("magazine")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        playwright.expect(page.get_by_role("button", name="Remove magazine article")).to_be_visible()
        ask(page, "Who should not take magnesium?")
        playwright.expect(page.get_by_text("Searched only: kind magazine article (2 of 10 documents).")).to_be_visible()
        shot(page, "narrowed")
        page.locator("summary", has_text="Narrow the search").scroll_into_view_if_needed()
        assert_legible(page)


def test_a_follow_up_is_searched_differently_and_the_conversation_saved(browser, address, shot, tmp_path):
    with visiting(browser, address) as page:
        ask(page, "Does memantine help OCD?")
        playwright.expect(page.get_by_role("heading", name="Does memantine help OCD?")).to_be_visible()
        ask(page, "And depression?")
        playwright.expect(page.get_by_text("Searched as: Does memantine help depression?")).to_be_visible()
        page.locator("summary", has_text="Search for something else instead").click()
        field = page.get_by_role("textbox", name="Search for")
        playwright.expect(field).to_have_value("Does memantine help depression?")
        field.fill("Does ketamine help depression?")
        page.get_by_role("button", name="Ask again").click()
        playwright.expect(page.get_by_text("Searched as: Does ketamine help depression?")).to_be_visible()
        assert page.get_by_text("Searched as:").count() == 1
        page.locator("summary", has_text="Save this conversation").click()
        make = page.get_by_role("button", name="Make the files")
        playwright.expect(make).to_have_count(1)  # that of the page before may still be there
        make.click()
        playwright.expect(page.get_by_role("button", name="Save as JSON")).to_be_visible()
        shot(page, "saving")
        assert_legible(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as a web page").click()
        download.value.save_as(tmp_path / "saved.html")
    alone = browser.new_page()
    alone.goto((tmp_path / "saved.html").as_uri())
    playwright.expect(alone.get_by_text("Searched as: Does ketamine help depression?")).to_be_visible()
    assert alone.locator("blockquote").count() >= 2
    alone.close()


def test_a_hostile_document_is_shown_and_does_nothing(browser, server, own, shot):
    (own.corpus / ":red[name] **file**.txt").write_text(f"Zorbulin {HOSTILE}\n\nIt says: {HOSTILE}\n", encoding="utf-8")
    (own.corpus / "catalogue.toml").write_text(f"[':red[name] **file**.txt']\nkind = '{HOSTILE}'\n", encoding="utf-8")
    build(own)
    with visiting(browser, server.serve(own)) as page:
        page.get_by_text("Narrow the search").click()
        kind = page.get_by_role("combobox", name="Kind")
        kind.scroll_into_view_if_needed()
        settle(page)  # unfolding and scrolling would shut the list again
        unfolded(page, kind, HOSTILE)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        playwright.expect(page.get_by_role("group", name="Selected values")).to_contain_text(HOSTILE)
        ask(page, f"What of zorbulin? {HOSTILE}")
        for view in ("hostile-answer", "hostile-document", "hostile-corpus"):
            if view == "hostile-document":
                page.get_by_role("button", name="Open in the document").first.click()
                page.locator("#rag-marked").wait_for()
                unfolded(page, page.get_by_role("combobox"), ":red[name] **file**.txt")
            if view == "hostile-corpus":
                page.keyboard.press("Escape")
                page.get_by_role("link", name="Corpus").click()
                page.get_by_role("table").wait_for()
            settle(page)
            shot(page, view)
            assert HOSTILE[:60] in page.locator("body").inner_text(), view
            assert page.evaluate("window.broken") is None, view
            assert page.locator('[data-testid="stMain"] img').count() == 0, view
        log = server.log.read_text(encoding="utf-8")
        assert "zorbulin" not in log


def test_the_index_is_brought_up_to_date_from_the_page(browser, server, own, shot):
    with visiting(browser, server.serve(own)) as page:
        playwright.expect(page.get_by_text("There is no index in")).to_be_visible()
        shot(page, "no-index")
        page.get_by_role("button", name="Build the index").click()
        playwright.expect(page.get_by_text("The corpus is empty")).to_be_visible()
        shot(page, "empty-corpus")
        for source in sorted((ROOT / "corpus").glob("*.md"))[:4]:
            shutil.copy(source, own.corpus)
        page.get_by_role("link", name="Corpus").click()
        playwright.expect(page.get_by_text("Added: amphetamine-tolerance.md")).to_be_visible()
        shot(page, "corpus-changed")
        page.get_by_role("button", name="Bring the index up to date").click()
        page.get_by_role("progressbar").wait_for()
        playwright.expect(page.get_by_text("4 added")).to_be_visible(timeout=30_000)
        playwright.expect(page.get_by_text("The index is up to date")).to_be_visible()
        shot(page, "corpus-built")
