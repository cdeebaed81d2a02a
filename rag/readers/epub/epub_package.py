"""Read an e-book's package document: its parts in reading order, and the book's metadata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from rag.core.catalogue_fields import entry_from
from rag.core.errors import UnreadableDocument
from rag.core.types.documents import CatalogueEntry
from rag.readers.epub.container import Container
from rag.readers.xml_tree import local_name, one_line

_PAGES = (
    "application/xhtml+xml",
    "text/html",
    "image/svg+xml",
    "application/x-dtbook+xml",
    "text/x-oeb1-document",
)
_WITHOUT_WORDS = ("image/", "audio/", "video/")
_NCX = "application/x-dtbncx+xml"
_DUBLIN_CORE = "http://purl.org/dc/elements/"
_OPF = "{http://www.idpf.org/2007/opf}"


@dataclass(frozen=True, slots=True)
class Package:
    """A book's parts by the names of their files, in reading order, and the files that tell its chapters.

    `nonlinear` are those that stand outside of the text's course, such as answers; they come last. `covers` and
    `contents` are parts that the package itself calls its cover or its table of contents.
    """

    name: str
    parts: tuple[str, ...]
    nonlinear: frozenset[str]
    navigation: str | None
    ncx: str | None
    covers: frozenset[str]
    contents: frozenset[str]
    entry: CatalogueEntry


@dataclass(frozen=True, slots=True)
class _Item:
    path: str
    media_type: str
    properties: tuple[str, ...]
    fallback: str | None


def read_package(container: Container) -> Package:
    """Read the package document.

    Raises `UnreadableDocument` when a part that it names is not there: a book with a hole would be quoted as if it
    were whole, and a question that the missing chapter answers would be said to have no answer in it.
    """
    name = container.package_name()
    root = container.tree(name)
    items = {
        element.get("id", ""): _Item(
            path=element.get("href", ""),
            media_type=element.get("media-type", "").strip().lower(),
            properties=tuple(element.get("properties", "").split()),
            fallback=element.get("fallback"),
        )
        for element in _named(root, "item")
    }
    spine = next(_named(root, "spine"), None)
    references = [] if spine is None else [element for element in spine if local_name(element) == "itemref"]
    parts: dict[str, bool] = {}
    for reference in references:
        part = _part(container, name, items, reference.get("idref", ""))
        if part is not None:
            parts.setdefault(part, reference.get("linear", "yes").strip().lower() == "no")
    if not parts:
        raise UnreadableDocument("Its package document names no text (its spine is empty).", "Get the book anew.")
    ncx = items.get(spine.get("toc", "")) if spine is not None else None
    ncx = ncx or next((item for item in items.values() if item.media_type == _NCX), None)
    navigation = next((item for item in items.values() if "nav" in item.properties), None)
    guide = [(element.get("type", "").lower(), element.get("href", "")) for element in _named(root, "reference")]
    return Package(
        name=name,
        parts=tuple(sorted(parts, key=parts.__getitem__)),
        nonlinear=frozenset(part for part, nonlinear in parts.items() if nonlinear),
        navigation=container.find(navigation.path, name) if navigation else None,
        ncx=container.find(ncx.path, name) if ncx else None,
        covers=frozenset(part for kind, path in guide if kind == "cover" and (part := container.find(path, name))),
        contents=frozenset(part for kind, path in guide if kind == "toc" and (part := container.find(path, name))),
        entry=_entry(root),
    )


def _part(container: Container, package: str, items: dict[str, _Item], identifier: str) -> str | None:
    """Return the file of a part, of its fallback where it is in a format of its own; None for a picture."""
    seen: set[str] = set()
    first = item = items.get(identifier)
    while item is not None and item.media_type not in _PAGES and item.fallback and item.fallback not in seen:
        seen.add(item.fallback)
        item = items.get(item.fallback)
    if first is None or item is None:
        raise UnreadableDocument(
            f"Its part {identifier!r} is named in its spine and is not in it.",
            "Get the book anew, or take that part out of its package document.",
        )
    if item.media_type not in _PAGES:
        if first.media_type.startswith(_WITHOUT_WORDS):
            return None
        raise UnreadableDocument(
            f"Its part {first.path} is {first.media_type or 'of no stated type'}, not a page.",
            "Save that part in a format that is read here.",
        )
    name = container.find(item.path, package)
    if name is None:
        raise UnreadableDocument(
            f"Its part {item.path} is named in its spine and is not in it.",
            "Get the book anew, or take that part out of its package document.",
        )
    return name


def _entry(root: etree._Element) -> CatalogueEntry:
    """Take the Dublin Core fields of the package as the book's own entry."""
    stated: dict[str, list[etree._Element]] = {}
    for element in root.iter(etree.Element):
        if element.tag.startswith(f"{{{_DUBLIN_CORE}") and one_line(element):
            stated.setdefault(local_name(element).lower(), []).append(element)
    refined = {
        (element.get("refines", ""), element.get("property", "")): one_line(element) for element in _named(root, "meta")
    }

    def refinement(element: etree._Element, name: str) -> str:
        return refined.get((f"#{element.get('id')}", name), "")

    titles = stated.get("title", [])
    main = [title for title in titles if refinement(title, "title-type") == "main"]
    dates = stated.get("date", [])
    events = [(date.get(f"{_OPF}event") or date.get("event") or "").lower() for date in dates]
    published = [date for date, event in zip(dates, events, strict=True) if event == "publication"]
    published += [date for date, event in zip(dates, events, strict=True) if not event]
    return entry_from(
        {
            "title": _first(main or titles),
            "authors": [one_line(element) for element in stated.get("creator", [])],
            "publisher": [one_line(element) for element in stated.get("publisher", [])],
            "published": _first(published),
            "language": _first(stated.get("language", [])),
            "licence": [one_line(element) for element in stated.get("rights", [])],
            "url": _address([*stated.get("identifier", []), *stated.get("source", [])]),
        }
    )


def _address(elements: list[etree._Element]) -> str:
    """Return the first web address among identifiers; most are an ISBN or a UUID."""
    texts = map(one_line, elements)
    return next((text for text in texts if text.lower().startswith(("https://", "http://"))), "")


def _first(elements: list[etree._Element]) -> str:
    return one_line(elements[0]) if elements else ""


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter(etree.Element) if local_name(element) == name)
