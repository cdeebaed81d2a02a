"""Huge and deeply nested web pages are read, and not judged."""

from __future__ import annotations

from made import assert_sound, read, text_of
from made.tea_page import ABOVE, ARTICLE, BELOW, web_page

from rag.core.types.documents import Document
from rag.readers.html.web_page import NOT_THE_ARTICLE


def _html(markup: str) -> Document:
    document = read(markup, "a.html")
    assert_sound(document)
    return document


def _aside(document: Document) -> set[str]:
    assert {block.furniture for block in document.blocks} <= {None, NOT_THE_ARTICLE}
    return {text_of(document, block) for block in document.blocks if block.furniture}


def test_pages_that_nest_deeply_or_are_huge_are_read_and_not_judged() -> None:
    inside = web_page(f"{ABOVE}<main>{'<div>' * 400}{ARTICLE}{'</div>' * 400}</main>{BELOW}")
    huge = web_page(f"{ABOVE}<main>{ARTICLE}{'<p>More of it.</p>' * 50_000}</main>{BELOW}")
    for markup in (inside, huge):
        document = _html(markup)
        assert "Front page" in document.text
        assert not _aside(document)
