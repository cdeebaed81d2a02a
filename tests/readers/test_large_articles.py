"""Large articles in JATS are read in time that grows with their size."""

from __future__ import annotations

import time

import pytest
from made import assert_sound, read
from made.article import article

from rag.core.types.documents import Document


def read_xml(text: str | bytes) -> Document:
    """Return a file as it is read."""
    document = read(text, "a.xml")
    assert document.media_type == "application/jats+xml"
    assert_sound(document)
    return document


@pytest.mark.parametrize(
    "body",
    [
        "<p>a</p>" * 30_000,
        "<p>" + "a<break/>" * 30_000 + "</p>",
        "<verse-group>" + "<verse-line/>\n" * 30_000 + "</verse-group><p>a</p>",
        "<disp-quote>" * 200 + "a" + "</disp-quote>" * 200,
        "<p>a" + "<fn><p>b</p></fn>" * 20_000 + "</p>",
        "<alternatives>" + "<p>a</p>" * 20_000 + "</alternatives>",
        "<table-wrap><table><tr>" + "<td>a</td>" * 30_000 + "</tr></table></table-wrap>",
        "<sec><title>a</title>" * 200 + "</sec>" * 200,
    ],
    ids=lambda body: body[:20],
)
def test_large_files_take_seconds_at_most(body: str) -> None:
    begin = time.process_time()
    read_xml(article(body))
    assert time.process_time() - begin < 10
