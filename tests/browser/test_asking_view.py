"""The view where questions are asked, in a real browser: by keyboard, at both widths, in light and dark."""

from __future__ import annotations

import contextlib
import json

from support.browser import ask, assert_well_made, playwright, visiting
from support.looks import each_look
from support.paths import MAGNESIUM_QUESTION

from rag.building.build import build
from rag.page.examples import examples
from rag.render.citations.citation_formats import citation
from rag.render.lacking import NEAR, near_count, near_headline
from rag.render.wording import NEAREST

UNANSWERED = "How tall is the Eiffel tower?"
RELATED = "Is ketamine legal in France?"


@each_look()
def test_all_of_an_answer_is_legible_and_nothing_is_cut_off(browser, address, shot, starter, scheme, width):
    with visiting(browser, address, color_scheme=scheme, viewport={"width": width, "height": 900}) as page:

        def looks_right(view: str) -> None:
            assert_well_made(page, width, view)
            shot(page, f"ask-{scheme}-{width}-{view}")

        looks_right("1-examples")
        example = examples(starter.index)[2]
        page.get_by_role("button", name=example).press("Enter")
        playwright.expect(page.get_by_role("heading", name=example)).to_be_visible()
        outcome = page.locator(".rag-outcome")
        playwright.expect(outcome).to_be_in_viewport()
        looks_right("2-answer")
        page.get_by_text("Copy citation").first.click()
        page.get_by_text("Copy citation").first.scroll_into_view_if_needed()
        looks_right("3-citations")
        why = page.get_by_text("Why these passages")
        why.click()
        page.locator(".rag-scores").scroll_into_view_if_needed()
        looks_right("4-why")
        ask(page, UNANSWERED)
        playwright.expect(page.get_by_text(NEAREST)).to_be_in_viewport()
        looks_right("5-refusal")
        page.get_by_text("Why no answer").click()
        page.locator(".rag-scores").last.scroll_into_view_if_needed()
        looks_right("6-why-not")
        page.get_by_role("button", name="Open topic 1").press("Enter")
        page.locator("#rag-marked").wait_for()
        page.get_by_role("button", name="Back to the answer").click()
        playwright.expect(page.get_by_text(NEAREST)).to_be_in_viewport()
        playwright.expect(page.get_by_role("heading", name=example)).to_have_count(1)
        ask(page, RELATED)
        looks_right("7-related")
        folded = page.locator("summary", has_text="and not an answer")
        folded.focus()
        page.keyboard.press("Enter")
        near = page.locator(".rag-related-passage")
        playwright.expect(near.first).to_be_visible()
        near.first.scroll_into_view_if_needed()
        looks_right("8-related-unfolded")


def test_what_is_related_is_unfolded_opened_and_come_back_to_from_the_keyboard(browser, address, starter):
    """A screen reader is told what the folded passages are before it reads one, and again at each."""
    answer = starter.ask(RELATED)
    assert answer.status == "related"
    with visiting(browser, address) as page:
        ask(page, RELATED)
        near = page.locator(".rag-related-passage")
        playwright.expect(near).to_have_count(len(answer.related))
        playwright.expect(near.first).not_to_be_visible()
        assert page.locator(".rag-quote, .rag-related-passage mark").count() == 0
        folded = page.locator("summary", has_text=near_count(answer))
        folded.focus()
        page.keyboard.press("Enter")
        playwright.expect(near.first).to_be_visible()
        spoken = page.get_by_role("article").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
        assert spoken == [f"{NEAR}: {near_headline(quote)}" for quote in answer.related]
        last = page.get_by_role("button", name="Open in the document").last
        last.focus()
        page.keyboard.press("Enter")
        page.locator("#rag-marked").wait_for()
        playwright.expect(page.get_by_role("group", name="The passage that was opened")).to_be_focused()
        playwright.expect(page.get_by_role("button", name="Next hit")).to_have_count(0)
        page.get_by_role("button", name="Back to the answer").press("Enter")
        playwright.expect(near.last).to_be_in_viewport()


def copied(page: playwright.Page, name: str) -> None:
    """Copy the first citation in a format, again where the page was drawn anew meanwhile and forgot what was said."""
    said = page.locator(".rag-copied").first
    for _ in range(5):
        page.get_by_role("button", name=f"Copy as {name}").first.press("Enter")
        with contextlib.suppress(AssertionError):
            playwright.expect(said).to_have_text(f"{name} copied.", timeout=4_000)
            return
    playwright.expect(said).to_have_text(f"{name} copied.")


def test_a_citation_is_copied_from_the_keyboard_and_said_to_be(browser, address, starter):
    quote = starter.ask(MAGNESIUM_QUESTION).quotes[0]
    with visiting(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        ask(page, MAGNESIUM_QUESTION)
        page.locator("summary", has_text="Copy citation").first.press("Enter")
        said = page.locator(".rag-copied").first
        for form, name in (("bibtex", "BibTeX"), ("plain", "plain text"), ("csl", "CSL-JSON")):
            copied(page, name)
            assert said.get_attribute("role") == "status"
            assert page.evaluate("navigator.clipboard.readText()") == citation(quote, form)
        assert json.loads(page.evaluate("navigator.clipboard.readText()"))[0]["title"] == quote.document.title


def test_a_citation_is_copied_where_there_is_no_clipboard(browser, address, starter):
    """As on a page that is not served securely: what is marked is copied, or else is left marked."""
    with visiting(browser, address) as page:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        ask(page, MAGNESIUM_QUESTION)
        page.locator("summary", has_text="Copy citation").first.press("Enter")
        copied(page, "RIS")
        page.evaluate("document.execCommand = () => false")
        page.get_by_role("button", name="Copy as RIS").first.press("Enter")
        playwright.expect(page.locator(".rag-copied").first).to_have_text(
            "Not copied. The text is marked: copy it from there."
        )
        assert "TY  - GEN" in page.evaluate("getSelection().toString()")


def test_hostile_titles_do_nothing_in_citations_and_scores(browser, server, own):
    hostile = (
        "Zorbulin <img src=x onerror=window.broken=1> </pre><script>window.broken=1</script> **bold** $x$ :red[hi]"
    )
    (own.corpus / "a.md").write_text(f"---\ntitle: '{hostile}'\n---\n# {hostile}\n\nZorbulin is made in vats.\n")
    build(own)
    with visiting(browser, server.serve(own)) as page:
        ask(page, "What is zorbulin made in?")
        page.locator("summary", has_text="Copy citation").first.click()
        page.get_by_text("Why these passages").click()
        shown = page.locator(".rag-citation pre").first.inner_text()
        assert "<img src=x onerror=window.broken=1> </pre>" in shown
        assert page.evaluate("window.broken") is None
        assert page.locator('[data-testid="stMain"] img').count() == 0
