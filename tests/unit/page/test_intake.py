"""The names of uploads are made safe."""

from __future__ import annotations

import pytest

from rag.core.errors import UnreadableDocument
from rag.corpus.names import LONGEST_NAME, safe_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("leaflet.md", None),
        (":red[x] **y** <b>.md", None),
        ("../../etc/leaflet.md", "leaflet.md"),
        ("C:\\files\\leaflet.md", "leaflet.md"),
        (".hidden.md", "hidden.md"),
        ("a\x1b[31m\u202eb\n.md", "a-[31m-b-.md"),
        ("leaflet.md. .", "leaflet.md"),
    ],
)
def test_the_name_of_an_upload_is_made_safe_and_that_is_said(given, kept):
    name, remark = safe_name(given)
    assert name == (kept or given)
    assert remark is None if kept is None else f"It goes in as {kept}: " in remark


def test_a_name_is_the_same_from_whatever_system_it_comes():
    assert safe_name("cafe\u0301.md") == ("caf\u00e9.md", None)


@pytest.mark.parametrize(
    "given", ["", "..", "a/", "...", "catalogue.toml", "Questions.JSONL", "NUL.txt", "com1", "\x00"]
)
def test_a_name_that_cannot_be_is_refused(given):
    with pytest.raises(UnreadableDocument):
        safe_name(given)


def test_a_long_name_is_cut_and_keeps_its_ending():
    name, remark = safe_name("ü" * 300 + ".html")
    assert name.endswith(".html")
    assert len(name.encode()) <= LONGEST_NAME
    assert "too long" in remark
