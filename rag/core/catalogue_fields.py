"""Define the fields of a catalogue entry, a row each, and read them from a catalogue, front matter or metadata."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from rag.core.types.documents import CatalogueEntry

_ISO_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?![0-9])")


# BCP 47: a language of two or three letters, then subtags. A language's name, such as "English", is not one.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


# YAML and JSON can write one, and programs that cut a text in the middle of an emoji do; nothing could store it.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


_NO = ("false", "no")


def _text(value: Any) -> str:
    if value is None or isinstance(value, (bool, dict, list)):
        return ""
    try:
        return _HALF_CHARACTER.sub("\ufffd", " ".join(html.unescape(str(value)).split()))
    except ValueError:  # an integer of more digits than Python converts: nothing that a catalogue could hold
        return ""


def _line(value: Any) -> str:
    return "; ".join(filter(None, map(_text, value))) if isinstance(value, list) else _text(value)


def _people(value: Any) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    return tuple(person for person in map(_text, people) if person)


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


def _web_address(value: Any) -> str:
    """Return an address of the web, or nothing: it becomes a link on the page, and a link may go nowhere else."""
    text = _line(value)
    try:
        address = urlsplit(text)
        good = address.scheme in ("http", "https") and bool(address.hostname) and text.isprintable()
    except ValueError:
        return ""
    return text if good else ""


def _language(value: Any) -> str:
    tag = _line(value).replace("_", "-")  # en_GB is how programs write it
    return tag if _LANGUAGE.fullmatch(tag) else ""


def _withdrawal(what_true_says: str) -> Callable[[Any], str]:
    return lambda value: what_true_says if value is True else "" if _is_no(value) else _line(value)


def _is_no(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() in _NO)


@dataclass(frozen=True, slots=True)
class CatalogueField:
    """A field of `CatalogueEntry`, as files, the command line and the page know it.

    `parse` turns a value of a file into the field's, an empty one if there is none in it. `also_called` are other keys
    that a file may say it by, the first that says something counts. With `takes_no`, `false` says that it is not so,
    over what a document says of itself, and is an empty text.

    `help` is that of the option of `add`, `metavar` what stands for its value there, `also_option` a second name of it;
    `label` and `example` are those of the form on the page. Without either it is read from files alone. `of_one` says
    that it is about one document and hardly true of many that are added together.
    """

    name: str
    parse: Callable[[Any], Any] = _line
    also_called: tuple[str, ...] = ()
    takes_no: bool = False
    is_list: bool = False
    help: str | None = None
    metavar: str | None = None
    also_option: str | None = None
    label: str | None = None
    example: str = ""
    of_one: bool = False


FIELDS = (
    CatalogueField("title", also_called=("post_title",), help="What it is called.", label="Title", of_one=True),
    CatalogueField("source_title"),
    CatalogueField("source_url", _web_address),
    CatalogueField(
        "authors",
        _people,
        also_called=("author",),
        is_list=True,
        help="Who wrote it (repeatable).",
        also_option="--author",
        label="Authors, with a semicolon between two",
    ),
    CatalogueField("publisher", also_called=("site_name", "site"), help="Who published it.", label="Publisher"),
    CatalogueField(
        "url",
        _web_address,
        also_called=("permalink", "link"),
        help="Where it can be read.",
        label="Web address",
        example="https://example.org/leaflet",
    ),
    CatalogueField(
        "published",
        _date,
        also_called=("date", "post_date", "published_on"),
        help="When: a year, month or day, such as 2024-05.",
        metavar="DATE",
        label="Published",
        example="2024, 2024-05 or 2024-05-31",
    ),
    CatalogueField(
        "reviewed_on",
        _date,
        also_called=("last_reviewed", "reviewed"),
        help="When it was last reviewed.",
        metavar="DATE",
        label="Last reviewed",
        example="2024-05-31",
    ),
    CatalogueField(
        "review_due",
        _date,
        help="When it should be reviewed again.",
        metavar="DATE",
        label="Review due",
        example="2026-05-31",
    ),
    CatalogueField(
        "licence", also_called=("license",), help="Under what licence it is here.", label="Licence", example="CC BY 4.0"
    ),
    CatalogueField("kind", help='What kind of source it is, such as "leaflet".', label="Kind", example="leaflet"),
    CatalogueField(
        "language",
        _language,
        also_called=("lang",),
        help="What language it is in, as a BCP 47 tag, such as en or pt-BR.",
        metavar="TAG",
        label="Language",
        example="en or pt-BR",
    ),
    CatalogueField("notes", help="Anything else to know of it.", label="Notes"),
    CatalogueField(
        "retracted",
        _withdrawal("yes"),
        takes_no=True,
        help='That it was retracted: when, or why, or "yes"; "no" takes that back.',
        metavar="WHY",
        label="Retracted: when, or why",
        of_one=True,
    ),
    CatalogueField(
        "superseded_by",
        _withdrawal("another document"),
        takes_no=True,
        help="What replaced it: a path in the corpus, a title or an address.",
        metavar="WHAT",
        label="Superseded by",
        example="new-leaflet.md",
        of_one=True,
    ),
    CatalogueField(
        "evidence_grade",
        help='How good its evidence was found to be, such as "low".',
        metavar="GRADE",
        label="Evidence grade",
        example="low",
        of_one=True,
    ),
    CatalogueField(
        "evidence_scheme",
        help='By which scheme it was graded, such as "GRADE".',
        metavar="NAME",
        label="Scheme of that grade",
        example="GRADE",
        of_one=True,
    ),
)
"""All fields, in the order of `CatalogueEntry`, which is that of JSON and of the options of `add`."""

FIELD_NAMES = frozenset(name for field in FIELDS for name in (field.name, *field.also_called))
"""The keys, in lower case, that a catalogue or front matter may say them by."""


def merged(own: CatalogueEntry, catalogue: CatalogueEntry) -> CatalogueEntry:
    """Return a source's own entry with the catalogue's fields put over it."""
    stated = {field.name: value for field in FIELDS if (value := getattr(catalogue, field.name)) not in (None, ())}
    entry = replace(own, **stated)
    denied: dict[str, Any] = {field.name: None for field in FIELDS if field.takes_no and not getattr(entry, field.name)}
    return replace(entry, **denied)


def entry_from(values: Mapping[str, Any]) -> CatalogueEntry:
    """Take what the catalogue knows how to hold from front matter or catalogue values; the rest is ignored.

    Entities are decoded (blog exports hold them), white space is folded, and empty values count as absent, but for the
    `false` of a field that takes it: that is an empty text.
    """
    found: dict[str, Any] = {}
    lowered = {str(key).lower(): value for key, value in values.items()}
    for field in FIELDS:
        for name in (field.name, *field.also_called):
            stated = lowered.get(name)
            value = field.parse(stated)
            if value or (field.takes_no and _is_no(stated)):
                found[field.name] = value
                break
    return CatalogueEntry(**found)


def entry_values(entry: CatalogueEntry) -> dict[str, Any]:
    """Return an entry's values by the names of the fields, in their order, as JSON has them."""
    return {
        field.name: list(value) if isinstance(value := getattr(entry, field.name), tuple) else value for field in FIELDS
    }
