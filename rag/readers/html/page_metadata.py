"""Read a web page's metadata for machines: `<meta>`, JSON-LD, `rel`, `<html lang>`.

Nothing is taken from the running text, so nothing is guessed: a date is one that the page gives as the date of its
publication. Where a fact is stated more than once, the statement for libraries counts before the one for search
engines, and that one before the one for social media.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from lxml import html as lxml_html

from rag.core.catalogue_fields import entry_from
from rag.core.types.documents import CatalogueEntry

_LARGEST_SCRIPT = 2**20  # characters
_ARTICLE_TYPE = re.compile(r"\w*(?:Article|Posting|Report)")
_PAGE_TYPE = re.compile(r"\w*(?:Web|FAQ|QA|Item|About)Page")
_DATE = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?!\d)")
_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero|mark))/(\d\.\d)(?:/([a-z]{2})\b)?",
    re.IGNORECASE,
)
_PUBLIC_DOMAIN = {"zero": "CC0", "mark": "Public Domain Mark"}
_LONGEST_LICENCE = 100  # characters


def stated_entry(root: lxml_html.HtmlElement) -> CatalogueEntry:
    """Return what the page's markup states: title, authors, publisher, dates, language, address and licence."""
    metas = _metas(root)

    def meta(*names: str) -> list[str]:
        return next((metas[name] for name in names if name in metas), [])

    called = _first(root.findtext("head/title"), meta("og:title"))
    page = _described(root, called)
    return entry_from(
        {
            "title": _first(
                meta("citation_title", "dcterms.title", "dc.title"), page.get("headline"), meta("og:title")
            ),
            "authors": _first_names(
                meta("citation_author", "dcterms.creator", "dc.creator"),
                page.get("author"),
                meta("author", "article:author"),
            ),
            "publisher": _first(
                *_first_names(
                    meta("og:site_name"),
                    page.get("publisher"),
                    meta("dcterms.publisher", "dc.publisher", "citation_journal_title"),
                )
            ),
            "published": _day(
                meta("citation_publication_date", "citation_date", "dcterms.issued", "dc.date.issued"),
                page.get("datePublished"),
                meta("article:published_time", "datepublished", "dcterms.date", "dc.date", "date"),
                [time.get("datetime") for time in root.iter("time") if time.get("itemprop") == "datePublished"],
            ),
            "reviewed_on": _day(page.get("lastReviewed")),
            "language": _first(
                root.get("lang"), root.get("xml:lang"), meta("dcterms.language", "dc.language", "content-language")
            ),
            "url": _first(_canonical(root), meta("og:url")),
            "licence": _first(_licences(root), _named_licence(page.get("license")), meta("dcterms.license")),
        }
    )


def _first(*sources: Any) -> str:
    """Return the first text of the sources, each a text, a list of texts or something else."""
    for source in sources:
        for text in source if isinstance(source, list) else [source]:
            if isinstance(text, str) and text.strip():
                return text.strip()
    return ""


def _first_names(*sources: Any) -> list[str]:
    """Return the names that the first source gives that gives any: an address, as of a profile, is no name."""
    for source in sources:
        names = []
        for one in source if isinstance(source, list) else [source]:
            name = _first(one.get("name") if isinstance(one, dict) else one)
            if name and "://" not in name and not name.startswith("@"):
                names.append(name)
        if names:
            return list(dict.fromkeys(names))
    return []


def _day(*sources: Any) -> str:
    """Return the first date of the sources, with dashes; what is no date in numbers from the year down is none."""
    for source in sources:
        text = _first(source)
        if text and not text.startswith("0"):  # some programs write the year 1 for a date that they do not have
            whole = _DATE.match(text)
            return f"{whole[1]}-{whole[3]}-{whole[4]}" if whole else text
    return ""


def _metas(root: lxml_html.HtmlElement) -> dict[str, list[str]]:
    """Return what `<meta>` elements say, by their names in lower case."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _described(root: lxml_html.HtmlElement, called: str) -> Mapping[str, Any]:
    """Return what JSON-LD says of the page's article, else of the page.

    Pages also describe articles that they link to. Of several the one counts whose headline the page's title has.
    """
    called = html.unescape(called)
    nodes = list(_nodes(root))
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    for kind in (_ARTICLE_TYPE, _PAGE_TYPE):
        found = [node for node in nodes if any(map(kind.fullmatch, _types(node)))]
        if len(found) > 1:
            found = [node for node in found if _is_called(node, called)]
        if found:
            return {key: _resolved(value, named) for key, value in found[0].items()}
    return {}


def _is_called(node: Mapping[str, Any], called: str) -> bool:
    headline = html.unescape(_first(node.get("headline")))
    return bool(headline) and headline in called


def _nodes(root: lxml_html.HtmlElement) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        text = script.text or ""
        if (script.get("type") or "").strip().lower() != "application/ld+json" or len(text) > _LARGEST_SCRIPT:
            continue
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):  # broken, or not meant to be read: then it states nothing
            continue
        for top in value if isinstance(value, list) else [value]:
            if isinstance(top, dict):
                yield top
                graph = top.get("@graph")
                yield from (node for node in (graph if isinstance(graph, list) else []) if isinstance(node, dict))


def _types(node: Mapping[str, Any]) -> list[str]:
    types = node.get("@type")
    return [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]


def _resolved(value: Any, named: Mapping[str, Any]) -> Any:
    """Put what an `@id` names in the place of a mere reference to it."""
    if isinstance(value, list):
        return [_resolved(one, named) for one in value if not isinstance(one, list)]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return named.get(value["@id"], value)
    return value


def _canonical(root: lxml_html.HtmlElement) -> str:
    base = _first([element.get("href") for element in root.iter("base")])
    return _first([_joined(base, element.get("href") or "") for element in _related(root, "canonical")])


def _licences(root: lxml_html.HtmlElement) -> str:
    """Return the licence that the page is under: the one that its links call so, if they agree."""
    names = {_licence(element) for element in _related(root, "license")}
    return names.pop() if len(names) == 1 else ""


def _licence(element: lxml_html.HtmlElement) -> str:
    words = " ".join(element.text_content().split())
    known = _creative_commons(element.get("href") or "")
    return known or (words if len(words) <= _LONGEST_LICENCE else "") or element.get("href") or ""


def _named_licence(stated: Any) -> str:
    name = _first(stated, stated.get("url") if isinstance(stated, dict) else None)
    return _creative_commons(name) or name


def _creative_commons(address: str) -> str:
    """Return the usual name of a Creative Commons licence, which its address says in full."""
    licence = _CREATIVE_COMMONS.match(address.strip())
    if licence is None:
        return ""
    name = _PUBLIC_DOMAIN[licence[2].lower()] if licence[2] else f"CC {licence[1].upper()}"
    return " ".join(filter(None, (name, licence[3], (licence[4] or "").upper())))


def _related(root: lxml_html.HtmlElement, relation: str) -> Iterator[lxml_html.HtmlElement]:
    for element in root.iter("link", "a", "area"):
        if relation in (element.get("rel") or "").lower().split():
            yield element


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
