"""Ways to damage a file of an index, each by a seeded choice: bits, bytes, lengths, and what is no such file."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

KINDS = ("bit", "byte", "run", "truncated", "extended", "emptied", "swapped", "deleted", "folder", "link")
INSIDE = 2**16
"""How far from both ends of a file its inside is, in bytes."""

_EDGE = 512


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to damage one file, by its name in the index folder."""

    file: str
    kind: str
    seed: str
    inside: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.file} ({self.seed})"


def damages(index: Path, count: int, seed: int, *, inside: bool = False) -> list[Damage]:
    """Choose ways to damage the files of an index: every file in turn, every kind about as often.

    With `inside` only bytes of large files that are not near their ends, where no file is looked at before it is opened
    unless as a whole.
    """
    least = 2 * INSIDE if inside else -1
    found = sorted(path for path in index.rglob("*") if path.is_file() and path.stat().st_size > least)
    files, kinds = [path.relative_to(index).as_posix() for path in found], KINDS[:3] if inside else KINDS
    chosen = []
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        chosen.append(Damage(files[number % len(files)], chance.choice(kinds), f"{seed}-{number}", inside))
    return chosen


def inflict(damage: Damage, index: Path, other: Path) -> None:
    """Damage a file of an index; `other` is another index, whose file of that kind may take its place."""
    file, before = index / damage.file, (index / damage.file).read_bytes()
    _inflict(damage, index, other)
    if file.is_file() and file.read_bytes() == before:  # an empty file, or one that is the same in every index
        file.unlink()


def _inflict(damage: Damage, index: Path, other: Path) -> None:
    file, chance = index / damage.file, random.Random(f"at {damage.seed}")
    content = bytearray(file.read_bytes())
    file.unlink()  # it may be a link to what others share
    size = len(content)
    if damage.kind == "deleted":
        return
    if damage.kind == "folder":
        file.mkdir()
        return
    if damage.kind == "link":
        target = chance.choice((Path("nowhere"), Path(file.name), _alike(damage.file, other), Path(os.devnull)))
        file.symlink_to(target)
        return
    if damage.kind == "swapped":
        shutil.copyfile(_alike(damage.file, other), file)
        return
    if damage.kind == "emptied":
        content.clear()
    elif damage.kind == "truncated":
        del content[_place(chance, size) :]
    elif damage.kind == "extended":
        content += chance.randbytes(chance.choice((1, 8, 5000)))
    elif size:
        at = chance.randrange(INSIDE, size - INSIDE) if damage.inside else _place(chance, size)
        length = chance.randrange(2, 200) if damage.kind == "run" else 1
        for place in range(at, min(at + length, size)):
            content[place] ^= 1 << chance.randrange(8) if damage.kind == "bit" else chance.randrange(1, 256)
    file.write_bytes(content)


def _place(chance: random.Random, size: int) -> int:
    """Choose a place: half of them near the ends, where files say what they are."""
    if size <= 1:
        return 0
    near = min(size, _EDGE)
    return chance.choice(
        (chance.randrange(size), chance.randrange(size), chance.randrange(near), size - 1 - chance.randrange(near))
    )


def _alike(name: str, other: Path) -> Path:
    """Return the file of another index that has a name, or the end of it where names are made up anew."""
    parts = Path(name).parts
    if (other / name).is_file():
        return other / name
    wanted = parts[-1]
    files = sorted(path for path in other.rglob("*") if path.is_file())
    same = [path for path in files if path.name == wanted] or [
        path for path in files if path.suffix == Path(wanted).suffix and path.parent.name == Path(name).parent.name
    ]
    return (same or files)[0]
