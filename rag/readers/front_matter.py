"""Front matter: the block of YAML or TOML between marks at the head of a file, and what it says of the source."""

from __future__ import annotations

import re
import tomllib

import yaml
from frontmatter.default_handlers import YAMLHandler

from rag.errors import UnreadableDocument
from rag.readers.catalogue import entry_from
from rag.types import CatalogueEntry

_TOML_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)
_LOOKS_LIKE_KEYS = re.compile(r"\s*[\w-]+[ \t]*[:=]")


def split_front_matter(text: str) -> tuple[CatalogueEntry, str, int]:
    """Return what the front matter says, the text below it, and the line (from 1) on which that starts.

    Raises `UnreadableDocument` when there is front matter and it is broken: taken for text, its keys would
    be quoted as if the source said them.
    """
    if text.startswith("---"):
        handler = YAMLHandler()
        boundary, name = handler.FM_BOUNDARY, "YAML"
    elif text.startswith("+++"):
        boundary, name = _TOML_BOUNDARY, "TOML"
    else:
        return CatalogueEntry(), text, 1
    parts = boundary.split(text, 2) if boundary.match(text) else []
    if len(parts) < 3:
        return CatalogueEntry(), text, 1
    _, block, body = parts
    first_line = text.count("\n", 0, len(text) - len(body)) + 1
    try:
        values = tomllib.loads(block) if name == "TOML" else handler.load(block)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError) as error:
        if not _LOOKS_LIKE_KEYS.match(block):
            return CatalogueEntry(), text, 1
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error).split("\n")[0]
        raise UnreadableDocument(
            f"Its front matter is not valid {name}{where} ({problem}).",
            "Mend it, or remove it with its marks.",
        ) from error
    if not isinstance(values, dict):
        return CatalogueEntry(), text, 1
    return entry_from(values), body, first_line
