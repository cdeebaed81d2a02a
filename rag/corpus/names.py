"""Make the name of a file that somebody hands over safe for the corpus folder."""

from __future__ import annotations

import re
import unicodedata

from rag.core.corpus_files import RESERVED_NAMES
from rag.core.errors import UnreadableDocument
from rag.text.characters import visible

LONGEST_NAME = 200
"""Bytes: file systems take 255, and Windows counts the folders above as well."""

_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
_RENAME = "Rename the file."


def safe_name(given: str) -> tuple[str, str | None]:
    """Return the name that a file goes in under, and a remark where that is not the one that it came with.

    Folders before it are left off, what steers a screen becomes a hyphen, dots in front go. Raises `UnreadableDocument`
    where nothing is left, or the name is one that the corpus folder or a system keeps for itself.
    """
    name = unicodedata.normalize("NFC", given)
    changes = []
    last = re.split(r"[/\\]", name)[-1]
    if last != name:
        changes.append("folders in its name are left off")
    plain = "".join(each if visible(each) == each and each not in "\t\n" else "-" for each in last)
    if plain != last:
        changes.append("characters that are not to be seen became hyphens")
    bare = plain.strip(" .") if plain.startswith((".", " ")) else plain.rstrip(" .")
    if bare != plain:
        changes.append("dots and spaces at its ends are left off")
    if not bare.strip("-"):
        raise UnreadableDocument("Its name is empty, or a folder's.", _RENAME)
    if bare.casefold() in RESERVED_NAMES:
        raise UnreadableDocument(f"The corpus folder keeps the name {bare} for itself.", _RENAME)
    if bare.split(".")[0].strip().casefold() in _DEVICES:
        raise UnreadableDocument(f"{bare} is the name of a device on some systems.", _RENAME)
    short = _shortened(bare)
    if short != bare:
        changes.append("it was too long")
    return short, f"It goes in as {short}: {', and '.join(changes)}." if changes else None


def _shortened(name: str) -> str:
    """Cut a name to its greatest length, keeping its ending."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = name, "", ""
    room = LONGEST_NAME - len(f"{dot}{ending}".encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + dot + ending
