"""Write the table of rooms in ARCHITECTURE.md from the import contract and the rooms' docstrings.

python tests/project/rooms.py
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "ARCHITECTURE.md"
_BETWEEN = re.compile(r"(?<=<!-- rooms: tests/project/rooms\.py writes this -->\n).*?(?=<!-- end of rooms -->)", re.S)


def floors() -> list[list[str]]:
    """Return the rooms by floor, the lowest first, as the import contract orders them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[room.strip() for room in layer.split("|")] for layer in reversed(layers)]


def table() -> str:
    """Return the table: each room's floor, its job, what it may not do, and the folders in it."""
    return "".join(f"{line}\n" for line in _lines())


def written() -> str:
    """Return the architecture page with the table as it should be."""
    return _BETWEEN.sub(lambda _: table(), PAGE.read_text(encoding="utf-8"))


def _lines() -> Iterator[str]:
    yield "| floor | room | its job | it may not | folders in it |"
    yield "|---|---|---|---|---|"
    for floor, rooms in enumerate(floors(), 1):
        for room in rooms:
            folder = ROOT / "rag" / room
            inside = sorted(path.parent.name for path in folder.glob("*/__init__.py"))
            job, may_not = _docstring(folder)
            yield f"| {floor} | `rag/{room}/` | {job} | {may_not} | {', '.join(f'`{name}/`' for name in inside)} |"


def _docstring(folder: Path) -> tuple[str, str]:
    """Return the first two paragraphs of a room's docstring: its job, and what it may not do."""
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    job, may_not, *_ = (" ".join(paragraph.split()) for paragraph in said.split("\n\n"))
    return job, may_not.removeprefix("It may not ").rstrip(".")


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
