"""Deeply nested front matter is refused and crashes nothing."""

from __future__ import annotations

import pytest
from made import read

from rag.core.errors import UnreadableDocument


@pytest.mark.parametrize("depth", [2_000, 60_000])
@pytest.mark.parametrize("opening", ["title: ", "+++"])
def test_deep_nesting_is_refused_and_crashes_nothing(depth: int, opening: str) -> None:
    text = f"---\ntitle: {'[' * depth}\n---\nText." if opening != "+++" else f"+++\ntitle = {'[' * depth}\n+++\nText."
    with pytest.raises(UnreadableDocument, match="not valid"):
        read(text)
