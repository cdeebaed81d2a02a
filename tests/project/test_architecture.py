"""Hold the architecture page against the code."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from rooms import PAGE, ROOT, floors, table, written


def test_the_table_of_rooms_is_that_of_the_import_contract_and_the_docstrings() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")
    assert written() == PAGE.read_text(encoding="utf-8"), "write it with: python tests/project/rooms.py"


def test_every_folder_of_the_package_is_a_room_and_nothing_lies_beside_them() -> None:
    rooms = {room for floor in floors() for room in floor}
    assert rooms == {path.parent.name for path in (ROOT / "rag").glob("*/__init__.py")}
    assert {path.name for path in (ROOT / "rag").glob("*.py")} == {"__init__.py", "__main__.py"}


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(rag/[\w./]+|app\.py|tests/[\w./]+)`", PAGE.read_text(encoding="utf-8")))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
