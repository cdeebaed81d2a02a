"""List the sources of the corpus folder with their hashes, and the files that are left out, with reasons.

Hashing is skipped for files whose size and times are those of an earlier scan (git's rule): a file that
was written less than two seconds before it was hashed is hashed again next time, since its time could not
show a second write.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.core.corpus_files import RESERVED_NAMES
from rag.core.errors import CorpusError, NotFound, UnreadableDocument
from rag.core.types.documents import CatalogueEntry, SkippedSource, Source
from rag.corpus.catalogue import read_catalogue
from rag.corpus.source_bytes import read_source

_SETTLED = 2_000_000_000  # nanoseconds

Fingerprints = Mapping[str, tuple[int, int, int, str]]
"""Of files that were hashed: path → size, modification time, change time (nanoseconds), SHA-256."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The content of the corpus folder: sources in the order of their paths, each content once."""

    sources: tuple[Source, ...]
    skipped: tuple[SkippedSource, ...]
    duplicates: tuple[tuple[str, str], ...]
    fingerprints: Fingerprints = field(default_factory=dict)


def scan(corpus: Path, known: Fingerprints | None = None) -> Scan:
    """List the sources of a corpus folder, hashing only files that `known` does not vouch for.

    Raises `NotFound` when the folder is not there, `CorpusError` when its catalogue is broken.
    """
    if not corpus.is_dir():
        raise NotFound(
            f"There is no corpus folder {corpus}.",
            "Give one with --corpus DIR, or make it and add documents.",
        )
    catalogue = read_catalogue(corpus)
    sources: list[Source] = []
    skipped: list[SkippedSource] = []
    duplicates: list[tuple[str, str]] = []
    fingerprints: dict[str, tuple[int, int, int, str]] = {}
    first_with: dict[str, str] = {}
    for path in _candidates(corpus, skipped):
        try:
            info = _checked(corpus, path)
            before = (known or {}).get(path)
            if before is not None and before[:3] == (info.st_size, info.st_mtime_ns, info.st_ctime_ns):
                sha256, settled = before[3], True
            else:
                sha256, settled = sha256_of(read_source(corpus, path), info)
        except UnreadableDocument as error:
            skipped.append(SkippedSource(path, error.message, error.advice))
            continue
        if settled:
            fingerprints[path] = (info.st_size, info.st_mtime_ns, info.st_ctime_ns, sha256)
        if sha256 in first_with:
            duplicates.append((path, first_with[sha256]))
        else:
            first_with[sha256] = path
            sources.append(Source(path, sha256, catalogue.get(path, CatalogueEntry())))
    return Scan(tuple(sources), tuple(skipped), tuple(duplicates), fingerprints)


def read_listed(corpus: Path, path: str) -> bytes:
    """Return the bytes of a source that a scan listed, unless it has become something that no scan would list."""
    _checked(corpus, path)
    return read_source(corpus, path)


def sha256_of(data: bytes, info: os.stat_result) -> tuple[str, bool]:
    """Return the hash of a file's bytes, and whether its times would show a later change."""
    settled = max(info.st_mtime_ns, info.st_ctime_ns) < time.time_ns() - _SETTLED
    return hashlib.sha256(data).hexdigest(), settled


def _candidates(corpus: Path, skipped: list[SkippedSource]) -> list[str]:
    """Return the relative paths of all files, sorted; hidden ones and those kept beside the corpus are not sources."""
    paths = []
    outside: list[OSError] = []
    start = len(os.path.join(corpus, ""))
    for folder, folders, files in os.walk(corpus, onerror=outside.append):
        above = os.path.join(folder, "")[start:].replace(os.sep, "/")
        for name in [*folders]:
            if name.startswith("."):
                folders.remove(name)
            elif os.path.islink(os.path.join(folder, name)):
                folders.remove(name)
                skipped.append(SkippedSource(above + name, "It is a link to a folder.", "Put the folder itself here."))
        for name in files:
            if not name.startswith(".") and above + name not in RESERVED_NAMES:
                paths.append(above + name)
    for error in outside:
        if error.filename and Path(error.filename) == corpus:
            raise CorpusError(f"The corpus folder cannot be listed ({error.strerror}).", "Check its permissions.")
        relative = Path(str(error.filename)).relative_to(corpus).as_posix()
        skipped.append(
            SkippedSource(relative, f"The folder cannot be listed ({error.strerror}).", "Check its permissions.")
        )
    return sorted(paths)


def _checked(corpus: Path, path: str) -> os.stat_result:
    """Return the status of a file that may be read, or say why it may not."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise UnreadableDocument("Its name is not valid UTF-8.", "Rename it.") from None
    file = os.path.join(corpus, path)
    try:
        info = os.lstat(file)
        if stat.S_ISLNK(info.st_mode):
            if not Path(file).resolve(strict=True).is_relative_to(corpus.resolve()):
                raise UnreadableDocument(
                    "It is a link out of the corpus folder.", "Copy the file itself with: add FILE."
                )
            info = os.stat(file)
    except (OSError, RuntimeError) as error:
        raise UnreadableDocument(
            f"It cannot be opened ({getattr(error, 'strerror', None) or error}).",
            "Check that it is there and its permissions.",
        ) from error
    if not stat.S_ISREG(info.st_mode):
        raise UnreadableDocument("It is not a regular file.", "Remove it from the corpus folder.")
    return info
