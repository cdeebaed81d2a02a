"""The map, what the page says of itself and the record of questions, in a real browser."""

from __future__ import annotations

import re

import pytest
from support.browser import HOSTILE, ask, assert_well_made, playwright, settle, visiting
from support.looks import each_look
from support.paths import MAGNESIUM_QUESTION

from rag.building.build import build


@each_look()
def test_a_look_at_the_map_and_at_what_this_is(browser, address, shot, scheme, width):
    with visiting(browser, address, color_scheme=scheme, viewport={"width": width, "height": 900}) as page:

        def looks_right(view: str) -> None:
            assert_well_made(page, width, view)
            shot(page, f"{scheme}-{width}-{view}")

        page.get_by_role("link", name="Map").click()
        picture = page.get_by_role("img", name=re.compile("^Map of 76 passages"))
        playwright.expect(picture).to_be_visible()
        assert picture.locator("i[title]").count() == 76
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] > 0.8 * min(width, 736)
        looks_right("map-1-unasked")

        page.get_by_role("link", name="Ask").click()
        ask(page, MAGNESIUM_QUESTION)
        page.get_by_role("link", name="Map").click()
        playwright.expect(page.get_by_text("Marked: How does magnesium")).to_be_visible()
        playwright.expect(picture.locator(".rag-asked")).to_have_count(1)
        assert picture.locator(".rag-hit").all_inner_texts() == list("12345")
        looks_right("map-2-asked")
        page.get_by_role("heading", name="Nearest to your question").scroll_into_view_if_needed()
        looks_right("map-3-nearest")
        page.get_by_role("heading", name="Sources").scroll_into_view_if_needed()
        looks_right("map-4-sources")
        page.get_by_role("button", name="Open 1 in the document").focus()
        page.keyboard.press("Enter")
        playwright.expect(page.locator("#rag-marked")).to_be_in_viewport()
        assert "magnesium" not in page.url.lower()

        page.get_by_role("link", name="About").click()
        playwright.expect(page.get_by_role("heading", name="Word for word, and no more")).to_be_visible()
        playwright.expect(page.get_by_text("that is turned off")).to_be_visible()
        looks_right("about-1")
        page.get_by_role("heading", name="The model").scroll_into_view_if_needed()
        looks_right("about-2")
        page.get_by_role("heading", name="Version and licence").scroll_into_view_if_needed()
        looks_right("about-3")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_a_record_is_kept_from_the_keyboard_and_deleted(browser, server, prebuilt, shot, scheme, width):
    own = prebuilt({"a.txt": "Zorbulin\n\nZorbulin binds the zorb receptor in the liver.\n"})
    kept = own.index / "records" / "questions.jsonl"
    url = server.serve(own)
    with visiting(browser, url, color_scheme=scheme, viewport={"width": width, "height": 900}) as page:
        ask(page, "What does zorbulin bind?")
        assert not kept.parent.exists()
        toggle = page.get_by_role("switch", name="Keep a record of my questions")
        toggle.focus()
        page.keyboard.press("Space")
        playwright.expect(page.get_by_text("On: each question")).to_be_visible()
        assert not kept.parent.exists()
        ask(page, "Does zorbulin cure the plague of ravens?")
        playwright.expect(page.get_by_role("button", name="This helped")).to_be_visible()
        assert kept.read_text().count("\n") == 1
        page.get_by_role("button", name="This did not help").focus()
        page.keyboard.press("Enter")
        playwright.expect(page.get_by_text("Kept: this did not help.")).to_be_visible()
        settle(page)  # what can be downloaded is drawn below it, and later
        summary = page.locator("summary", has_text="What is kept")
        summary.focus()
        page.keyboard.press("Enter")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download all of it").click()
        assert download.value.path().read_bytes() == kept.read_bytes()
        page.get_by_role("button", name="Delete all of it").click()
        playwright.expect(page.get_by_text("It cannot be taken back.")).to_be_visible()
        assert_well_made(page, width, "record")
        shot(page, f"{scheme}-{width}-record")
        page.get_by_role("button", name="Yes, delete all of it").click()
        playwright.expect(summary).to_have_count(0)
        assert not kept.exists()
        assert "zorbulin" not in server.log.read_text()


def test_hostile_text_does_nothing_on_the_map(browser, server, own, shot):
    (own.corpus / "a.md").write_text(
        f'# {HOSTILE}\n\n## {HOSTILE} " onmouseover=window.broken=1 x="\n\nIt binds zorbulin: {HOSTILE}\n'
    )
    build(own)
    with visiting(browser, server.serve(own)) as page:
        ask(page, f"What of zorbulin? {HOSTILE}")
        page.get_by_role("link", name="Map").click()
        page.locator(".rag-map").wait_for()
        page.get_by_role("heading", name="Sources").wait_for()
        shot(page, "hostile-map")
        assert HOSTILE[:60] in page.locator("body").inner_text()
        assert page.evaluate("window.broken") is None
        assert page.locator('[data-testid="stMain"] img').count() == 0
        # What sanitises the page drops an attribute that holds a tag's end; none is added by one.
        names = page.locator(".rag-map i").evaluate_all("all => all.flatMap(e => e.getAttributeNames())")
        assert set(names) <= {"class", "style", "title"}
