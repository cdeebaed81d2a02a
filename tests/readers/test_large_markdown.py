"""Large and deeply nested Markdown files are read in time that grows with their size."""

from __future__ import annotations

import time

import pytest
from made import assert_sound, read

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import Document


def _md(text: str) -> Document:
    document = read(text, "a.md")
    assert_sound(document)
    return document


@pytest.mark.parametrize(
    "nested", [lambda n: "> " * n + "deep", lambda n: "".join("  " * i + "- deep\n" for i in range(n))]
)
def test_deep_nesting_is_read_whole_or_refused(nested: object) -> None:
    assert callable(nested)
    for depth in (10, 25, 45):
        assert set(_md(nested(depth)).text.split()) == {"deep"}
        assert _md(nested(depth)).text.count("deep") == nested(depth).count("deep")
    for depth in (120, 2000):
        with pytest.raises(UnreadableDocument, match="nest too deeply"):
            _md(nested(depth))


@pytest.mark.parametrize(
    "text",
    [
        "word " * 400_000,
        "x" * 2_000_000,
        "a\n\n" * 30_000,
        "- a\n" * 30_000,
        "**a " * 3_000,
        "[" * 3_000 + "a",
        "`a " * 3_000,
        "> a\n\nb\n\n" * 5_000,
        "<b>" * 5_000 + "a",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_large_files_take_seconds_at_most(text: str) -> None:
    begin = time.process_time()
    _md(text)
    assert time.process_time() - begin < 15
