"""Read EPUB: every page of a book in reading order, as HTML, with the book's chapters for sections."""

from __future__ import annotations

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.readers.epub.container import Container
from rag.readers.epub.epub_package import Package, read_package
from rag.readers.epub.epub_walk import CONTENTS, COVER, BookWalk, page_tree
from rag.readers.epub.navigation import Navigation, read_navigation
from rag.readers.epub.sections import Beginning, book_sections
from rag.readers.reading import Reading, promote_pseudo_headings


def read_epub(data: bytes, limits: Limits = Limits()) -> Reading:
    """Read a book of EPUB 2 or 3; nothing outside of it is opened or fetched.

    Raises `UnreadableDocument` when it is damaged, encrypted, larger than a book or incomplete, or when no word of it
    is visible.
    """
    container = Container(data, limits.unpacked)
    package = read_package(container)
    navigation = read_navigation(container, package.navigation, package.ncx)
    walk = BookWalk()
    beginnings: list[Beginning] = []
    for part in package.parts:
        if part in package.nonlinear:
            walk.page = None  # it follows upon no printed page
        beginnings += _walk_over(part, walk, container, package, navigation)
    if not walk.draft.blocks:
        raise UnreadableDocument("No word of this book is visible.", "If its pages are pictures, get it as text.")
    drafts = promote_pseudo_headings(walk.draft.text, walk.draft.blocks, walk.bold)
    text = walk.draft.text
    return Reading(text, book_sections(text, drafts, beginnings), walk.first_heading, package.entry)


def _walk_over(
    part: str, walk: BookWalk, container: Container, package: Package, navigation: Navigation
) -> list[Beginning]:
    """Take in a page of the book; return the chapters that begin on it."""
    data = container.read(part)
    try:
        root = page_tree(data)
    except UnreadableDocument as error:
        raise UnreadableDocument(f"Its part {part} cannot be read: {error.message}", error.advice) from error
    if root is None:
        return []
    furniture = None
    if part == package.navigation or part in package.contents:
        furniture = CONTENTS
    elif part in package.covers or part in navigation.covers:
        furniture = COVER
    chapters = navigation.chapters.get(part, {})
    start = len(walk.draft.blocks)
    walk.over_page(root, furniture, chapters, navigation.pages.get(part, {}))
    own_blocks = (number for number, draft in enumerate(walk.draft.blocks[start:], start) if draft.furniture is None)
    first = next(own_blocks, len(walk.draft.blocks))
    # Of several that begin before the first word, the innermost: a part of the book and its first chapter.
    opening = [chapters[""]] if "" in chapters else []
    opening += [chapters[mark.identifier] for mark in walk.marks if mark.block <= first]
    inner = [Beginning(mark.block, chapters[mark.identifier], False) for mark in walk.marks if mark.block > first]
    return [*(Beginning(start, chapter, True) for chapter in opening[-1:]), *inner]
