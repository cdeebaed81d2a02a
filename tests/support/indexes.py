"""Make indexes for tests: built once a session for all workers, and copied for those that change them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

from filelock import FileLock

from rag.building.build import build
from rag.core.config import Settings
from rag.index.lexical.lexical_index import LexicalIndex
from rag.index.lexical.parts import write_parts

Files = Mapping[str, str | bytes]
"""The files of a corpus: what each holds, by its path in the corpus folder."""


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Return a folder that all workers share, made by the first that asks; `make` is given an empty path to fill."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            unfinished = folder.with_name(f"unfinished-{folder.name}")  # as deep, for paths that are relative
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(folder)
    return folder


def put_encoder(export: Path, index: Path) -> Path:
    """Put an export into an index folder by hard links, so that building there need not export; returns the folder."""
    target = index / "encoders" / export.name
    if not target.exists():
        shutil.copytree(export, target, copy_function=link)
    return index


def copy_index(source: Path, target: Path) -> Path:
    """Copy an index folder, its encoder by hard links and all else really, so that a test may damage the copy."""
    shutil.copytree(source, target, ignore=lambda folder, _: {"encoders"} if Path(folder) == source else set())
    shutil.copytree(source / "encoders", target / "encoders", copy_function=link)
    return target


def built_once(files: Files, export: Path, shared: Path) -> Path:
    """Return a folder with these files as `corpus` and their `index`, built once a session and only to be copied."""

    def make(folder: Path) -> None:
        write_files(folder / "corpus", files)
        build(Settings(corpus=folder / "corpus", index=put_encoder(export, folder / "index")))

    digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:16]
    return made_once(shared / "corpora" / digest, make)


def write_files(folder: Path, files: Files) -> None:
    """Write files below a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def lexical_index(
    folder: Path, passages: Sequence[tuple[str, str]], counts: Sequence[int] | None = None
) -> LexicalIndex:
    """Write a lexical index of passages with what they stand under, `counts` of them a document, and open it.

    Without `counts` each is a document of its own.
    """
    each = counts or [1] * len(passages)
    bounds = [0, *accumulate(each)]
    documents = [(str(number), count) for number, count in enumerate(each)]
    write_parts(folder, documents, lambda number: passages[bounds[number] : bounds[number + 1]])
    return LexicalIndex(folder, each)


def link(source: str, target: str) -> None:
    """Link a file, or copy it where the file system cannot."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
