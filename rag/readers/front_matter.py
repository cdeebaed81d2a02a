"""Front matter: the block of YAML or TOML between marks at the head of a file, and what it says of the source."""

from __future__ import annotations

import datetime
import html
import re
import tomllib
from collections.abc import Mapping
from typing import Any

import frontmatter
import yaml

from rag.errors import UnreadableDocument
from rag.types import CatalogueEntry

_TOML_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)
_LOOKS_LIKE_KEYS = re.compile(r"\s*[\w-]+[ \t]*[:=]")
_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "post_title"),
    "source_title": ("source_title",),
    "authors": ("authors", "author"),
    "publisher": ("publisher", "site_name", "site"),
    "source_url": ("source_url",),
    "url": ("url", "permalink", "link"),
    "published": ("published", "date", "post_date", "published_on"),
    "reviewed_on": ("reviewed_on", "last_reviewed", "reviewed"),
    "review_due": ("review_due",),
    "licence": ("licence", "license"),
    "kind": ("kind",),
    "notes": ("notes",),
}
_DATES = ("published", "reviewed_on", "review_due")


def split_front_matter(text: str) -> tuple[CatalogueEntry, str, int]:
    """Return what the front matter says, the text below it, and the line (from 1) on which that starts.

    Raises `UnreadableDocument` when there is front matter and it is broken: taken for text, its keys would
    be quoted as if the source said them.
    """
    if text.startswith("---"):
        handler = frontmatter.YAMLHandler()
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
            f"Its front matter is not valid {name}{where} ({problem}).", "Mend it, or remove it with its marks."
        ) from error
    if not isinstance(values, dict):
        return CatalogueEntry(), text, 1
    return entry_from(values), body, first_line


def entry_from(values: Mapping[str, Any]) -> CatalogueEntry:
    """Take what the catalogue knows how to hold from front matter or catalogue values; the rest is ignored.

    Entities are decoded (blog exports hold them), white space is folded, and empty values count as absent.
    """
    found: dict[str, Any] = {}
    lowered = {str(key).lower(): value for key, value in values.items()}
    for field, names in _NAMES.items():
        for name in names:
            value = _value(field, lowered.get(name))
            if value:
                found[field] = value
                break
    return CatalogueEntry(**found)


def _value(field: str, value: Any) -> Any:
    if field == "authors":
        people = value if isinstance(value, list) else [value]
        return tuple(person for person in map(_text, people) if person)
    if field in _DATES:
        return _date(value)
    text = "; ".join(filter(None, map(_text, value))) if isinstance(value, list) else _text(value)
    if field in ("url", "source_url") and not text.lower().startswith(("https://", "http://")):
        return ""  # it becomes a link on the page, and a link may go nowhere else
    return text


def _text(value: Any) -> str:
    if value is None or isinstance(value, (bool, dict, list)):
        return ""
    return " ".join(html.unescape(str(value)).split())


def _date(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    match = _ISO_DATE.match(_text(value))
    return match[0] if match else ""
