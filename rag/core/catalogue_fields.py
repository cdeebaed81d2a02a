"""Read what is known of a source, field by field, from a catalogue, front matter, or a file's own metadata."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlsplit

from rag.core.types.documents import CatalogueEntry

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


def merged(own: CatalogueEntry, catalogue: CatalogueEntry) -> CatalogueEntry:
    """Return a source's own entry with the catalogue's fields put over it."""
    names = [field.name for field in fields(CatalogueEntry)]
    stated = {name: value for name in names if (value := getattr(catalogue, name)) not in (None, ())}
    entry = replace(own, **stated)
    return replace(entry, retracted=entry.retracted or None, superseded_by=entry.superseded_by or None)


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
