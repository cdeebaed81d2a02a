"""Describe the other generation that is kept: the one before, or after going back the newer one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rag.core.errors import IndexUnusable
from rag.core.types.answers import IndexInfo
from rag.index.folder import IndexFolder
from rag.index.opening import OpenIndex


@dataclass(frozen=True, slots=True)
class Kept:
    """An index that can be gone to without building, and whether it is newer than the published one."""

    info: IndexInfo
    newer: bool


def kept_beside(path: Path) -> Kept | None:
    """Return the generation that going back would publish; None where there is none that can be used."""
    folder = IndexFolder(path)
    with suppress(IndexUnusable):
        pointer = folder.read_pointer()
        if pointer.previous is not None:
            info = OpenIndex(folder, pointer.previous).info
            return Kept(info, newer=_number(pointer.previous) > _number(pointer.generation))
    return None


def _number(generation: str) -> int:
    number = generation.split("-")[0]
    return int(number) if number.isdecimal() else 0
