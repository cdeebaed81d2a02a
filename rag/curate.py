"""Adding documents to the corpus folder, with what is known of them, and taking them out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import NotFound, UnreadableDocument, UsageError
from rag.readers.catalogue import CATALOGUE, catalogue_with, entry_from, read_catalogue
from rag.readers.folder import KEPT_BESIDE, read_source
from rag.readers.registry import read_document
from rag.storage import storage_errors, write_atomically
from rag.types import SkippedSource, Source


@dataclass(frozen=True, slots=True)
class Added:
    """What `add` did: paths in the corpus folder, and the files that it left out with the reasons."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[SkippedSource, ...]


def add(corpus: Path, files: Sequence[Path], known: Mapping[str, object], *, replace: bool = False) -> Added:
    """Copy files, or all files of folders, into the corpus folder; each is read first.

    `known` are catalogue values (title, licence…) for all of them. A file that cannot be read, or whose name is taken
    by another document, is left out and named; the others go in. Raises `NotFound` for a file that is not there and
    `UsageError` for a catalogue value that cannot be kept.
    """
    values = {name: value for name, value in known.items() if value}
    entry = entry_from(values)
    lost = [name for name in values if not getattr(entry, name)]
    if lost:
        hint = "Dates are like 2024-05-31, addresses begin with https:// or http://."
        raise UsageError(f"The {lost[0]} {values[lost[0]]!r} cannot be kept.", hint)
    read_catalogue(corpus)  # a broken catalogue is found before anything is copied
    added: list[str] = []
    replaced: list[str] = []
    unchanged: list[str] = []
    skipped: list[SkippedSource] = []
    for file, path in _wanted(corpus, files):
        try:
            data = read_source(file.parent, file.name)
            read_document(Source(path, hashlib.sha256(data).hexdigest()), data)
        except UnreadableDocument as error:
            skipped.append(SkippedSource(str(file), error.message, error.advice))
            continue
        target = corpus / path
        exists = target.exists()
        if exists and target.read_bytes() == data:
            unchanged.append(path)
        elif exists and not replace:
            skipped.append(
                SkippedSource(str(file), f"The corpus has another {path}.", "Rename the file, or type --replace.")
            )
            continue
        else:
            _copy(data, target)
            (replaced if exists else added).append(path)
        if values:
            _catalogue(corpus, path, values)
    return Added(tuple(added), tuple(replaced), tuple(unchanged), tuple(skipped))


def remove(corpus: Path, path: str) -> None:
    """Take a document out of the corpus folder, and its entry out of the catalogue. Raises `NotFound`."""
    file = corpus / path
    if not file.is_file() and not file.is_symlink():
        raise NotFound(f"There is no {path} in {corpus}.", "List the documents with: python -m rag sources")
    with storage_errors(corpus):
        file.unlink()
    if path in read_catalogue(corpus):
        _catalogue(corpus, path, {})


def _wanted(corpus: Path, files: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Pair each file with its path in the corpus folder; a folder's files keep their places below its name."""
    for given in files:
        if given.is_dir():
            inside = sorted(file for file in given.rglob("*") if file.is_file())
            below = (file.relative_to(given) for file in inside)
            pairs = [
                (file, Path(given.resolve().name, relative))
                for file, relative in zip(inside, below, strict=True)
                if not any(part.startswith(".") for part in relative.parts)
            ]
        elif given.exists():
            pairs = [(given, Path(given.name))]
        else:
            raise NotFound(f"There is no file {given}.", "Check its name.")
        for file, path in pairs:
            if path.name.startswith(".") or path.as_posix() in KEPT_BESIDE:
                raise UsageError(
                    f"{path.as_posix()} is a name that the corpus folder keeps for itself or hides.",
                    "Rename the file.",
                )
            if file.resolve().is_relative_to(corpus.resolve()):
                raise UsageError(f"{file} is in the corpus folder already.", "Type: python -m rag build")
            yield file, path.as_posix()


def _copy(data: bytes, target: Path) -> None:
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, data)


def _catalogue(corpus: Path, path: str, values: Mapping[str, object]) -> None:
    file = corpus / CATALOGUE
    with storage_errors(file):
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        write_atomically(file, catalogue_with(text, path, values))
