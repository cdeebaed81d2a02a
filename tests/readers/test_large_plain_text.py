"""Large plain texts are read in time that grows with their size."""

from __future__ import annotations

import time

import pytest
from made import assert_sound, read

from rag.core.types.documents import Document


def _text(text: str) -> Document:
    document = read(text)
    assert document.text == text
    assert_sound(document)
    return document


@pytest.mark.parametrize(
    "text",
    [
        "word " * 400_000,
        "x" * 2_000_000,
        "a\n\n" * 100_000,
        "* a\n\n" * 50_000,
        "a\n" * 200_000,
        "- a\n" * 100_000,
        " \n" * 300_000 + "a",
        " " * 1_000_000 + "\na",
        "a" + " " * 1_000_000,
        "a*" * 200_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_large_files_take_seconds_at_most(text: str) -> None:
    begin = time.process_time()
    _text(text)
    assert time.process_time() - begin < 10
