"""Read a Word file's properties (`docProps/core.xml`), without what programs fill in by themselves."""

from __future__ import annotations

import re

from rag.core.catalogue_fields import entry_from
from rag.core.types.documents import CatalogueEntry
from rag.readers.word.word_package import PackagePart, name_of

_NO_TITLE = re.compile(
    r"(?:microsoft word - .*|word document|powerpoint presentation|untitled(?: ?document)?|no(?: |-)?title|title"
    r"|(?:document|dokument|documento) ?\d*|.*\.(?:docx?|dotx?|rtf|odt))",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"python-docx|apache poi|docx4j|aspose.*|un-?named|unknown(?: author)?|author|user|owner|default|guest"
    r"|(?:microsoft|windows)(?: office)? ?user|microsoft(?: office| corporation)?|admin(?:istrator)?"
    r"|pc|hp|dell|lenovo|acer|asus|\W*",
    re.IGNORECASE,
)
_SENSIBLE = range(1990, 2100)
_TEMPLATE = "2013-12-23T23:15:00Z"  # of the template that python-docx begins every document with


def own_entry(properties: PackagePart | None) -> CatalogueEntry:
    """Return the title, authors, date and language that a file states of itself, each where it is a real one.

    Its date is that of its creation, or else of its last change.
    """
    stated: dict[str, str] = {}
    for element in () if properties is None else properties.root:
        stated.setdefault(name_of(element.tag), " ".join((element.text or "").split()))
    title = stated.get("dc:title", "")
    people = [person.strip() for person in stated.get("dc:creator", "").split(";")]
    dates = [stated.get("dcterms:created", ""), stated.get("dcterms:modified", "")]
    return entry_from(
        {
            "title": "" if _NO_TITLE.fullmatch(title) else title,
            "authors": [person for person in people if not _NOBODY.fullmatch(person)],
            "published": next((date[:10] for date in dates if _is_sensible(date)), ""),
            "language": stated.get("dc:language", ""),
        }
    )


def _is_sensible(date: str) -> bool:
    return date != _TEMPLATE and date[:4].isdecimal() and int(date[:4]) in _SENSIBLE
