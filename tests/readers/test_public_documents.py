"""Public Word documents are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made import assert_sound, read


def test_public_documents_are_read(shared_data: Path) -> None:
    folder = shared_data / "data" / "documents"
    if not folder.is_dir():
        pytest.skip("the public documents are not here")
    files = sorted(folder.rglob("*.docx"))
    assert len(files) > 30
    for file in files:
        document = read(file.read_bytes(), file.name)
        assert_sound(document)
        beside = file.with_name(f"{file.name}.md")
        if beside.exists() and "$" not in (expected := beside.read_text(encoding="utf-8")):
            pieces = re.sub(r"<!--.*?-->|\]\(.*?\)|[^\w\s]|_", " ", expected).split()
            assert len(set(pieces) - set(re.sub(r"[^\w\s]|_", " ", document.text).split())) <= 3, file.name
