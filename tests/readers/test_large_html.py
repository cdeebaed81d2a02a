"""Large HTML files are read in time that grows with their size."""

from __future__ import annotations

import time

import pytest
from made import assert_sound, read

from rag.core.types.documents import Document


def _html(markup: str) -> Document:
    document = read(markup, "a.html")
    assert_sound(document)
    return document


def test_lines_are_right_in_long_files() -> None:
    count = 70_000  # more than libxml2 can count
    document = _html("".join(f"<p>w{number}</p>\n" for number in range(1, count + 1)))
    assert [block.lines for block in document.blocks] == [(number, number) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    "markup",
    [
        "word " * 400_000,
        "<br>" * 100_000 + "a",
        "<p>a" * 100_000,
        "<blockquote>a</blockquote>" * 20_000,
        "<table><tr><td>a<td>b" * 500,
        "<a href='https://example.org'>" * 1_000 + "a",
        "&amp;" * 200_000,
        "a\n\n" * 100_000,
        "<" * 200_000 + "a",
    ],
    ids=lambda markup: markup[:20],
)
def test_large_files_take_seconds_at_most(markup: str) -> None:
    begin = time.process_time()
    _html(markup)
    assert time.process_time() - begin < 10
