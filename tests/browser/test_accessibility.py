"""Every view against axe-core's rules for WCAG 2.2 AA and its best practices, on a phone and on a screen."""

from __future__ import annotations

import pytest
from support.browser import ask, playwright, settle, visiting
from support.looks import each_look
from support.paths import MAGNESIUM_QUESTION

axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

FOUND = """rules => axe.run(document, {runOnly: rules}).then(result => result.violations.flatMap(
  broken => broken.nodes.map(node => [broken.id, node.target.join(' '), node.html.slice(0, 200)])))"""

OF_STREAMLIT: frozenset[str] = frozenset()
"""Rules that Streamlit's own elements break, and nothing of ours can mend."""


@each_look()
def test_no_view_breaks_a_rule(browser, address, scheme, width):
    with visiting(browser, address, color_scheme=scheme, viewport={"width": width, "height": 800}) as page:
        page.evaluate(axe.AXE_SCRIPT)

        def check(view: str) -> None:
            settle(page)
            found = [each for each in page.evaluate(FOUND, list(RULES)) if each[0] not in OF_STREAMLIT]
            assert not found, (view, found)

        def go(view: str) -> None:
            page.get_by_role("link", name=view, exact=True).click()
            page.wait_for_url(f"**/{view.lower()}")
            playwright.expect(page.get_by_role("heading", level=1)).to_be_visible()

        check("ask")
        ask(page, MAGNESIUM_QUESTION)
        for summary in page.locator("summary").all():
            if summary.is_visible():
                summary.click()
        check("an answer, all unfolded")
        ask(page, "What is the capital of Mozambique?")
        check("a refusal")
        ask(page, "Is ketamine legal in France?")
        page.locator("summary", has_text="and not an answer").click()
        check("what is related, unfolded")
        ask(page, "i want to end my life")
        check("a crisis")
        page.get_by_role("button", name="Open in the document").first.click()
        playwright.expect(page.locator("#rag-marked")).to_be_visible()
        check("document")
        for view in ("Corpus", "Map", "About"):
            go(view)
            check(view)
