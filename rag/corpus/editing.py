"""Add documents to the corpus folder with what is known of them, and remove them, one writer at a time."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from rag.core.catalogue_fields import entry_from
from rag.core.corpus_files import CATALOGUE, CATALOGUE_LOCK, RESERVED_NAMES
from rag.core.errors import IndexUnusable, NotFound, StorageError, UnreadableDocument, UsageError
from rag.core.limits import Limits
from rag.core.system.files import locked, storage_errors, write_atomically
from rag.core.types.documents import SkippedSource, Source
from rag.core.types.reports import Added
from rag.corpus.catalogue import catalogue_with, read_catalogue
from rag.corpus.scan import scan
from rag.corpus.source_bytes import read_source
from rag.readers.apart import ReadingApart

Put = Literal["added", "replaced", "unchanged", "taken", "folder"]
"""What became of a file that was to be put into the corpus folder; the last two are reasons why it was not."""

_WAIT_SECONDS = 30
"""How long a change waits for others to end, of which each takes milliseconds and a network drive more."""


def add(
    corpus: Path,
    files: Sequence[Path],
    known: Mapping[str, object],
    *,
    replace: bool = False,
    limits: Limits = Limits(),
) -> Added:
    """Copy files, or all files of folders, into the corpus folder; each is read first.

    `known` are catalogue values (title, licence…) for all of them. A file that cannot be read, or whose name is taken
    by another document, is left out and named; the others go in. Raises `NotFound` for a file that is not there and
    `UsageError` for a catalogue value that cannot be kept.
    """
    values = catalogue_values(known)
    # What can be refused is refused before anything is copied.
    read_catalogue(corpus)
    wanted = list(_wanted(corpus, files))
    added: list[str] = []
    replaced: list[str] = []
    unchanged: list[str] = []
    skipped: list[SkippedSource] = []
    with ReadingApart(limits) as reader:
        for file, path in wanted:
            try:
                data = read_source(file.parent, file.name)
                reader.read(Source(path, hashlib.sha256(data).hexdigest()), data)
            except UnreadableDocument as error:
                skipped.append(SkippedSource(str(file), error.message, error.advice))
                continue
            done = put(corpus, path, data, values, replace=replace)
            if done == "folder":
                skipped.append(SkippedSource(str(file), f"The corpus has a folder {path}.", "Rename the file."))
            elif done == "taken":
                advice = "Rename the file, or type --replace."
                skipped.append(SkippedSource(str(file), f"The corpus has another {path}.", advice))
            else:
                {"added": added, "replaced": replaced, "unchanged": unchanged}[done].append(path)
    return Added(tuple(added), tuple(replaced), tuple(unchanged), tuple(skipped))


def catalogue_values(known: Mapping[str, object]) -> dict[str, object]:
    """Return the catalogue values that say something. Raises `UsageError` for one that cannot be kept."""
    values = {name: value for name, value in known.items() if value}
    entry = entry_from(values)
    lost = [name for name, value in values.items() if getattr(entry, name) in (None, ()) or not _is_unicode(str(value))]
    if lost:
        hint = "Dates are like 2024-05-31, languages like en or pt-BR; addresses begin with https:// or http://."
        raise UsageError(f"The {lost[0].replace('_', ' ')} {values[lost[0]]!r} cannot be kept.", hint)
    return values


def put(corpus: Path, path: str, data: bytes, values: Mapping[str, object], *, replace: bool = False) -> Put:
    """Put bytes that were read and found good into the corpus folder, with values that `catalogue_values` gave.

    Another file of that path stays, unless it is to be replaced. Raises `CorpusError` for a broken catalogue,
    `StorageError` when the disk refuses.
    """
    target = corpus / path
    with _changing(corpus):
        read_catalogue(corpus)
        exists = target.exists()
        if target.is_dir():
            return "folder"
        same = target.is_file() and target.read_bytes() == data  # of a pipe nobody would ever see the end
        if exists and not same and not replace:
            return "taken"
        if not same:
            _copy(data, target)
        if values:
            _catalogue(corpus, path, values)
        return "unchanged" if same else "replaced" if exists else "added"


def remove(corpus: Path, name: str, path_of: Callable[[str], str] | None = None) -> str:
    """Take a document out of the corpus folder and its catalogue, and return its path.

    `name` is its path, or what `path_of` finds the path of, such as an id in an index. Only what the corpus folder's
    scan lists can be removed. Raises `NotFound` for anything else.
    """
    found = scan(corpus)
    listed = {source.path for source in found.sources} | {path for path, _ in found.duplicates}
    listed |= {skipped.path for skipped in found.skipped}
    path = name
    if name not in listed and path_of is not None:
        with contextlib.suppress(IndexUnusable, NotFound):
            path = path_of(name)
    file = corpus / path
    if path not in listed or (file.is_dir() and not file.is_symlink()):
        raise NotFound(f"There is no document {name!r} in {corpus}.", "List them with: python -m rag sources")
    with _changing(corpus):
        with storage_errors(corpus):
            file.unlink()
        if path in read_catalogue(corpus):
            _catalogue(corpus, path, {})
    return path


@contextlib.contextmanager
def _changing(corpus: Path) -> Iterator[None]:
    """Hold the corpus folder, made if need be, while files and the catalogue change, so that no entry is lost.

    Sessions of the page, commands, and other machines on a network drive wait for each other. Raises `StorageError`.
    """
    with storage_errors(corpus):
        corpus.mkdir(parents=True, exist_ok=True)
    busy = StorageError(f"Another process is changing {corpus}.", "Try again; nothing was changed.")
    with locked(corpus / CATALOGUE_LOCK, _WAIT_SECONDS, busy):
        yield


def _wanted(corpus: Path, files: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Pair each file with its path in the corpus folder; a folder's files keep their places below its name."""
    for given in files:
        if given.is_dir() and corpus.resolve().is_relative_to(given.resolve()):
            raise UsageError(f"The folder {given} holds the corpus folder itself.", "Name the folders or files in it.")
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
            if path.name.startswith(".") or path.as_posix() in RESERVED_NAMES:
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


def _is_unicode(text: str) -> bool:
    """Say whether a text holds no unpaired surrogate, as bytes of the command line that are not UTF-8 give."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
