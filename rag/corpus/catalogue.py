"""`catalogue.toml` in the corpus folder: what the curator knows of sources that cannot say it themselves.

    ["leaflets/magnesium.txt"]
    title = "Magnesium: what it does"
    licence = "CC BY 4.0"

What it says goes before what a file's front matter says, field by field.
"""

from __future__ import annotations

import datetime
import html
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.core.errors import CorpusError, UnreadableDocument
from rag.core.types.documents import CatalogueEntry
from rag.corpus.source_bytes import read_source

CATALOGUE = "catalogue.toml"

_ISO_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?![0-9])")
# BCP 47: a language of two or three letters, then subtags. A language's name, such as "English", is not one.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
# YAML and JSON can write one, and programs that cut a text in the middle of an emoji do; nothing could store it.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
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
    "language": ("language", "lang"),
    "notes": ("notes",),
    "retracted": ("retracted",),
    "superseded_by": ("superseded_by",),
    "evidence_grade": ("evidence_grade",),
    "evidence_scheme": ("evidence_scheme",),
}
FIELD_NAMES = frozenset(name for names in _NAMES.values() for name in names)
"""The keys, in lower case, that a catalogue or front matter may say them by."""

_DATES = ("published", "reviewed_on", "review_due")
_WITHDRAWING = {"retracted": "yes", "superseded_by": "another document"}
"""Fields that withdraw a document, with what `true` says. `false` takes back what front matter says of them."""

_NO = ("false", "no")


def read_catalogue(corpus: Path) -> dict[str, CatalogueEntry]:
    """Return the entries of the corpus folder's catalogue by path; none where there is no catalogue."""
    if not os.path.lexists(corpus / CATALOGUE):
        return {}
    try:
        values = tomllib.loads(read_source(corpus, CATALOGUE).decode("utf-8"))
    except UnreadableDocument as error:
        raise CorpusError(f"{CATALOGUE} cannot be read. {error.message}", error.advice) from error
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{CATALOGUE} cannot be read: {error}.", "Mend it; the index stays as it is.") from error
    for name, entry in values.items():
        if not isinstance(entry, dict):
            raise CorpusError(
                f"{CATALOGUE}: {name!r} is not a table.", f'Write ["{name}"] above the keys of that file.'
            )
        for key, value in entry.items():
            if isinstance(value, dict):  # [leaflet.txt] without quotation marks is a table txt in a table leaflet
                whole = f"{name}.{key}"
                raise CorpusError(f"{CATALOGUE}: {whole!r} is not quoted.", f'Write ["{whole}"] with quotation marks.')
    return {name: entry_from(entry) for name, entry in values.items()}


def merged(own: CatalogueEntry, catalogue: CatalogueEntry) -> CatalogueEntry:
    """Return a source's own entry with the catalogue's fields put over it."""
    names = [field.name for field in fields(CatalogueEntry)]
    stated = {name: value for name in names if (value := getattr(catalogue, name)) not in (None, ())}
    entry = replace(own, **stated)
    return replace(entry, retracted=entry.retracted or None, superseded_by=entry.superseded_by or None)


def catalogue_with(text: str, path: str, values: Mapping[str, object]) -> str:
    """Return a catalogue's text with a source's values put in, comments and order kept.

    With no values the source's table is taken out.
    """
    import tomlkit  # only curating needs it

    document = tomlkit.parse(text)
    if values:
        table = document.get(path)
        if table is None:
            table = tomlkit.table()
            document[path] = table
        for name, value in values.items():
            table[name] = value
    elif path in document:
        cut = _without_table(text, path)
        kept = {name: value for name, value in tomllib.loads(text).items() if name != path}
        if cut is not None and tomllib.loads(cut) == kept:
            return cut
        del document[path]
    return tomlkit.dumps(document)


def _without_table(text: str, path: str) -> str | None:
    """Cut a table out line by line. To tomlkit a comment above the next table is this one's, and would go with it."""
    lines = text.splitlines(keepends=True)
    headers = [(index, name) for index, line in enumerate(lines) if (name := _table_named_by(line)) is not None]
    start = next((index for index, name in headers if name == path), None)
    if start is None:
        return None
    end = next((index for index, _ in headers if index > start), len(lines))
    while end - 1 > start and lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return "".join([*lines[:start], *lines[end:]])


def _table_named_by(line: str) -> str | None:
    if not line.lstrip().startswith("["):
        return None
    try:
        values = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None
    return next(iter(values), None)


def entry_from(values: Mapping[str, Any]) -> CatalogueEntry:
    """Take what the catalogue knows how to hold from front matter or catalogue values; the rest is ignored.

    Entities are decoded (blog exports hold them), white space is folded, and empty values count as absent, but for the
    `false` of a field that withdraws a document: that is an empty text.
    """
    found: dict[str, Any] = {}
    lowered = {str(key).lower(): value for key, value in values.items()}
    for field, names in _NAMES.items():
        for name in names:
            stated = lowered.get(name)
            value = _value(field, stated)
            if value or (field in _WITHDRAWING and _is_no(stated)):
                found[field] = value
                break
    return CatalogueEntry(**found)


def _value(field: str, value: Any) -> Any:
    if field == "authors":
        people = value if isinstance(value, list) else [value]
        return tuple(person for person in map(_text, people) if person)
    if field in _DATES:
        return _date(value)
    if field in _WITHDRAWING and (value is True or _is_no(value)):
        return _WITHDRAWING[field] if value is True else ""
    text = "; ".join(filter(None, map(_text, value))) if isinstance(value, list) else _text(value)
    if field in ("url", "source_url") and not _is_web_address(text):
        return ""  # it becomes a link on the page, and a link may go nowhere else
    if field == "language":
        tag = text.replace("_", "-")  # en_GB is how programs write it
        return tag if _LANGUAGE.fullmatch(tag) else ""
    return text


def _is_no(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() in _NO)


def _is_web_address(text: str) -> bool:
    try:
        address = urlsplit(text)
        return address.scheme in ("http", "https") and bool(address.hostname) and text.isprintable()
    except ValueError:
        return False


def _text(value: Any) -> str:
    if value is None or isinstance(value, (bool, dict, list)):
        return ""
    try:
        return _HALF_CHARACTER.sub("\ufffd", " ".join(html.unescape(str(value)).split()))
    except ValueError:  # an integer of more digits than Python converts: nothing that a catalogue could hold
        return ""


def _date(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    match = _ISO_DATE.match(_text(value))
    if match is None:
        return ""
    try:
        datetime.date.fromisoformat(match[0] + "-01-01"[len(match[0]) - 4 :])
    except ValueError:  # there is no such day
        return ""
    return match[0]
