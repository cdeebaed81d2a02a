"""Read the metadata of an article of JATS: title, authors, journal, date, licence, address."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from rag.core.catalogue_fields import entry_from
from rag.core.types.documents import CatalogueEntry
from rag.readers.xml_tree import one_line

_XLINK = "{http://www.w3.org/1999/xlink}href"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The day on which it could first be read is the article's date; PubMed Central's own release may be a year later.
_FIRST_DATES = ("epub", "pub electronic", "epub-ppub", "pub", "ppub", "pub print", "collection")
_MARKS = ("xref", "fn")  # a title's own footnote is no part of its name


def article_entry(article: etree._Element) -> CatalogueEntry:
    """Return what is stated in an article's front matter, its tags without namespaces."""
    meta = _first(article, "front/article-meta")
    journal = _first(article, "front/journal-meta")
    if meta is None:
        return CatalogueEntry(language=entry_from({"language": article.get(_LANGUAGE)}).language)
    dois = [one_line(number) for number in meta.iterchildren("article-id") if number.get("pub-id-type") == "doi"]
    retracted = article.get("article-type") != "retraction" and any(
        related.get("related-article-type") == "retraction-forward" for related in meta.iter("related-article")
    )
    return entry_from(
        {
            "title": _text(meta, "title-group/article-title"),
            "authors": list(contributors(meta)),
            "publisher": _text(journal, "journal-title-group/journal-title")
            or _text(journal, "journal-title")
            or _text(journal, "publisher/publisher-name"),
            "published": _published(meta),
            "licence": _licence(meta),
            "url": f"https://doi.org/{_bare_doi(dois[0])}" if dois and dois[0] else None,
            "language": article.get(_LANGUAGE),
            "retracted": True if retracted else None,
        }
    )


def contributors(meta: etree._Element) -> Iterator[str]:
    """Return the authors' names as they are written on an article: given names first, where that is the custom."""
    for group in meta.iterchildren("contrib-group"):
        for person in group.iterchildren("contrib"):
            if person.get("contrib-type", "author") == "author":
                name = _name(person)
                if name:
                    yield name


def _name(person: etree._Element) -> str:
    for element in person.iter("name", "string-name", "collab"):
        if element.tag == "collab":
            # The members of a group may be listed within its name.
            return " ".join(" ".join(part for part in _own_text(element)).split())
        surname, given = _text(element, "surname"), _text(element, "given-names")
        if element.tag == "string-name" and not surname:
            return one_line(element)
        order = [surname, given] if element.get("name-style") == "eastern" else [given, surname]
        return " ".join(filter(None, [_text(element, "prefix"), *order, _text(element, "suffix")]))
    return ""


def _own_text(collab: etree._Element) -> Iterator[str]:
    yield collab.text or ""
    for child in collab:
        if child.tag not in ("contrib-group", "xref") and isinstance(child.tag, str):
            yield one_line(child)
        yield child.tail or ""


def _published(meta: etree._Element) -> str | None:
    dates: dict[str, str] = {}
    for date in meta.iterchildren("pub-date"):
        kind = date.get("pub-type") or f"{date.get('date-type', '')} {date.get('publication-format', '')}".strip()
        written = date.get("iso-8601-date") or _date(date)
        if written:
            dates.setdefault(kind, written)
    return next((dates[kind] for kind in (*_FIRST_DATES, *dates) if kind in dates), None)


def _date(date: etree._Element) -> str:
    year, month, day = (_text(date, part) for part in ("year", "month", "day"))
    if month[:3].lower() in _MONTHS:
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    if not (year.isascii() and year.isdecimal()):
        return ""
    if not (month.isascii() and month.isdecimal() and 1 <= int(month[:3]) <= 12):
        return year
    whole = f"{year}-{int(month):02}"
    return f"{whole}-{int(day):02}" if day.isascii() and day.isdecimal() and len(day) <= 2 else whole


def _licence(meta: etree._Element) -> str:
    """Return a licence's address, so that one licence has one name; else its words."""
    for licence in meta.iter("license"):
        address = licence.get(_XLINK) or next((one_line(reference) for reference in licence.iter("license_ref")), "")
        words = " ".join(one_line(paragraph) for paragraph in licence.iter("license-p", "p"))
        if address or words:
            return address or words
    return ""


def _bare_doi(doi: str) -> str:
    return doi.removeprefix("https://doi.org/").removeprefix("http://dx.doi.org/").removeprefix("doi:")


def _text(element: etree._Element | None, path: str) -> str:
    found = None if element is None else _first(element, path)
    return "" if found is None else one_line(found, _MARKS)


def _first(element: etree._Element, path: str) -> etree._Element | None:
    return element.find(path)
