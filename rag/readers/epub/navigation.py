"""Read an e-book's navigation: names of chapters, beginnings of printed pages, the cover."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree

from rag.core.errors import UnreadableDocument
from rag.readers.epub.container import Container
from rag.readers.epub.epub_walk import page_tree, semantics
from rag.readers.xml_tree import one_line

Named = TypeVar("Named")
Place = tuple[str, str]
"""A file of the book by its name in the archive, and the id of an element in it, or "" for its beginning."""


@dataclass(frozen=True, slots=True, eq=False)
class Chapter:
    """An entry of a table of contents, itself and no other of that title; `above` is the one that it stands under."""

    title: str
    above: Chapter | None


@dataclass(frozen=True, slots=True)
class Navigation:
    """By file and by id there, the chapters and printed pages that begin; and the files that are the book's cover."""

    chapters: dict[str, dict[str, Chapter]]
    pages: dict[str, dict[str, str]]
    covers: frozenset[str] = frozenset()


def read_navigation(container: Container, navigation: str | None, ncx: str | None) -> Navigation:
    """Read the navigation document, and what it does not tell from the NCX of EPUB 2.

    Both only name what stands in the book: one that is no XML costs names, and not the book.

    Raises `UnreadableDocument` when one of them is damaged in the archive.
    """
    found = _of_document(container, navigation) if navigation else Navigation({}, {})
    if ncx is not None and not (found.chapters and found.pages):
        older = _of_ncx(container, ncx)
        found = Navigation(found.chapters or older.chapters, found.pages or older.pages, found.covers)
    return found


def _of_document(container: Container, name: str) -> Navigation:
    data = container.read(name)
    try:
        root = page_tree(data)
    except UnreadableDocument:
        root = None
    chapters: list[tuple[Place, Chapter]] = []
    pages: list[tuple[Place, str]] = []
    covers: set[str] = set()
    for nav in () if root is None else root.iter("nav"):
        kinds = semantics(nav)
        links = [(link, place) for link in nav.iter("a") if (place := _place(container, link.get("href"), name))]
        if "toc" in kinds:
            chapters += _chapters(nav.iter("li"), "li", lambda item: _entry_of(item, container, name))
        elif kinds & {"page-list", "pagelist"}:
            pages += [(place, one_line(link)) for link, place in links]
        elif "landmarks" in kinds:
            covers |= {place[0] for link, place in links if "cover" in semantics(link)}
    return Navigation(_by_file(chapters), _by_file(pages), frozenset(covers))


def _of_ncx(container: Container, name: str) -> Navigation:
    data = container.read(name)
    try:
        root = page_tree(data)
    except UnreadableDocument:
        return Navigation({}, {})
    if root is None:
        return Navigation({}, {})

    def entry(point: etree._Element) -> tuple[str, Place | None]:
        content = point.find("content")
        label = point.find("navLabel")
        source = None if content is None else content.get("src")
        return "" if label is None else one_line(label), _place(container, source, name)

    targets = ((target.get("value") or entry(target)[0], entry(target)[1]) for target in root.iter("pageTarget"))
    return Navigation(
        chapters=_by_file(_chapters(root.iter("navPoint"), "navPoint", entry)),
        pages=_by_file([(place, label) for label, place in targets if place is not None]),
    )


def _chapters(
    points: Iterable[etree._Element], tag: str, entry_of: Callable[[etree._Element], tuple[str, Place | None]]
) -> list[tuple[Place, Chapter]]:
    """Return the entries of a table of contents with their places."""
    chapters: list[tuple[Place, Chapter]] = []
    made: dict[etree._Element, Chapter | None] = {}
    for point in points:  # in the order of the document, so that what an entry stands under comes before it
        outer = next(point.iterancestors(tag), None)
        above = None if outer is None else made.get(outer)
        title, place = entry_of(point)
        chapter = made[point] = Chapter(title, above) if title else above
        if title and place is not None and chapter is not None:
            chapters.append((place, chapter))
    return chapters


def _by_file(places: Iterable[tuple[Place, Named]]) -> dict[str, dict[str, Named]]:
    """Arrange by file and id; where two begin at the same place, the first counts."""
    found: dict[str, dict[str, Named]] = {}
    for (name, identifier), named in places:
        found.setdefault(name, {}).setdefault(identifier, named)
    return found


def _entry_of(item: etree._Element, container: Container, base: str) -> tuple[str, Place | None]:
    """Return what a list item of a table of contents says itself, without the list in it, and where that leads."""
    label = next((child for child in item if child.tag in ("a", "span")), None)
    return ("", None) if label is None else (one_line(label), _place(container, label.get("href"), base))


def _place(container: Container, reference: str | None, base: str) -> Place | None:
    if not reference:
        return None
    name = container.find(reference, base)
    return None if name is None else (name, reference.partition("#")[2])
