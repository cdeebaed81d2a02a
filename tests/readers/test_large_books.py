"""Large e-books, and one that others have read."""

from __future__ import annotations

import re
import time
from html import unescape
from pathlib import Path

import pytest
from made import read
from made.book import Book, toc


@pytest.mark.parametrize(
    "body",
    [
        "<p>a" + "<span epub:type='pagebreak' title='1'/> " * 20_000 + "</p>",
        "<p>a" + "<span epub:type='pagebreak'>1</span>" * 20_000 + "</p>",
        "<p>a" + "<span epub:type='footnote'>b</span>" * 20_000 + "</p>",
        "<section epub:type='cover toc footnote endnotes'>" * 200 + "a" + "</section>" * 200,
        "".join(f"<p id='n{number}'>a</p>" for number in range(10_000)),
        "<h1>a</h1>" * 20_000,
    ],
    ids=lambda body: body[:40],
)
def test_large_books_take_seconds_at_most(body: str) -> None:
    entries = [(f"a.xhtml#n{number}", f"{number}") for number in range(10_000)]
    begin = time.process_time()
    Book({"a.xhtml": body + "<p>z</p>"}, navigation=toc(*entries)).read()
    Book({f"{number}.xhtml": "<p>a</p>" for number in range(500)}, navigation=toc(*entries)).read()
    assert time.process_time() - begin < 20


def without_marks(markdown: str) -> list[str]:
    """Return the words of a Markdown text."""
    text = re.sub(r"<!--.*?-->|\]\([^)]*\)", " ", unescape(markdown), flags=re.DOTALL)
    return re.findall(r"\w+", text.replace("_", " "))


def words_in_order(gold: list[str], found: list[str]) -> float:
    """Return the share of the words that are found in their order: the longest common subsequence."""
    longest = [0] * (len(found) + 1)
    for word in gold:
        before = 0
        for index, other in enumerate(found, 1):
            above = longest[index]
            longest[index] = before + 1 if word == other else max(above, longest[index - 1])
            before = above
    return longest[-1] / len(gold)


def test_a_book_that_others_have_read_is_read_as_fully(shared_data: Path) -> None:
    folder = shared_data / "data" / "documents"
    if not folder.is_dir():
        pytest.skip("the documents of other projects are not here")
    gold = (folder / "docling" / "epub" / "epub_purvis_poetry.epub.md").read_text(encoding="utf-8")
    data = (folder / "docling" / "epub" / "epub_purvis_poetry.epub").read_bytes()
    assert words_in_order(without_marks(gold), without_marks(read(data, "a.epub").text)) > 0.98
    assert (
        "This is a blockquote for testing." in read((folder / "markitdown" / "test.epub").read_bytes(), "a.epub").text
    )
