"""Split the front matter off a text, YAML or TOML between marks, and read its catalogue fields."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from rag.core.catalogue_fields import FIELD_NAMES, entry_from
from rag.core.errors import UnreadableDocument
from rag.core.types.documents import CatalogueEntry

_BOUNDARY = {
    "YAML": re.compile(r"^-{3,}[^\S\n]*$", re.MULTILINE),
    "TOML": re.compile(r"^\+{3,}[^\S\n]*$", re.MULTILINE),
}
_KEY = re.compile(r"(?:[a-z][\w.-]*|ID)")
_KEY_LINES = re.compile(r"\s*(?P<first>[\w-]+)[ \t]*[:=](?:[ \t][^\n]*)?\n(?P<second>[\w-]+[ \t]*[:=][ \t\n])?")
_LONGEST = 64 * 2**10  # characters: what is longer is a text between rules
_TOML_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")
# What PyYAML and tomllib raise for values that are not what their tags or forms say, besides their own errors.
_BROKEN = (yaml.YAMLError, ValueError, KeyError, AttributeError, TypeError, OverflowError, RecursionError)


def split_front_matter(text: str) -> tuple[CatalogueEntry, str, int]:
    """Return what the front matter says, the text below it, and the line (from 1) on which that starts.

    Raises `UnreadableDocument` when there is front matter and it is broken or never ends: taken for text, its keys
    would be quoted as if the source said them. A text between two rules is text.
    """
    name = {"---": "YAML", "+++": "TOML"}.get(text[:3], "")
    opening = _BOUNDARY[name].match(text) if name else None
    if opening is None:
        return CatalogueEntry(), text, 1
    closing = _BOUNDARY[name].search(text, opening.end())
    block = text[opening.end() : closing.start() if closing else None]
    if closing is None:
        if _looks_like_front_matter(block):
            raise UnreadableDocument(
                "Its front matter, begun at line 1, is never closed.", f"Put {text[:3]} below its last key."
            )
        return CatalogueEntry(), text, 1
    if len(block) > _LONGEST:
        return CatalogueEntry(), text, 1
    first_line = text.count("\n", 0, closing.end()) + 1
    if not block.strip():
        return CatalogueEntry(), text[closing.end() :], first_line
    try:
        values = _loaded(block, name)
    except _BROKEN as error:
        if not _looks_like_front_matter(block):
            return CatalogueEntry(), text, 1
        raise UnreadableDocument(
            f"Its front matter is not valid {name}{_where(error)}.", "Mend it, or remove it with its marks."
        ) from error
    if not isinstance(values, dict) or not (_says_what_it_is(values) or _is_said_in_code(values)):
        return CatalogueEntry(), text, 1
    return entry_from(values), text[closing.end() :], first_line


def _loaded(block: str, name: str) -> Any:
    if name == "TOML":
        return tomllib.loads(block)
    # Not the C loader: it answers deep nesting with a crash of the process, this one with a RecursionError.
    return YAMLHandler().load(block, Loader=yaml.SafeLoader)


def _looks_like_front_matter(block: str) -> bool:
    """Say whether broken keys are meant as keys: the first is one that is known, or a second follows at once."""
    match = _KEY_LINES.match(block + "\n")
    return match is not None and (match["first"].lower() in FIELD_NAMES or match["second"] is not None)


def _says_what_it_is(values: Mapping[Any, Any]) -> bool:
    return any(str(key).lower() in FIELD_NAMES for key in values)


def _is_said_in_code(values: Mapping[Any, Any]) -> bool:
    """Tell keys from prose such as "Warning: do not drive": keys are single words in lower case."""
    return bool(values) and all(_KEY.fullmatch(str(key)) for key in values)


def _where(error: Exception) -> str:
    """Say where the front matter is broken, in lines of the file: the block begins at the end of its line 1."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).split("\n")[0]
    line = mark.line + 1 if mark is not None else None
    if isinstance(error, RecursionError):
        problem = "it nests too deeply"
    elif isinstance(error, tomllib.TOMLDecodeError) and (place := _TOML_LINE.search(problem)):
        line, problem = int(place[1]), problem[: place.start()]
    return f"{f' at line {line}' if line else ''} ({problem})"
