"""Define a request for a picture of a page, and the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.core.types.documents import Document

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from its upper left corner as it is shown."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a PNG file: `number` of `pages`, its size in points as it is shown.

    `outlines` are the boxes around the characters of each span that was asked for, a line or a cell of a table a box;
    none for a span that does not stand on this page.
    """

    png: bytes
    number: int
    pages: int
    width: float
    height: float
    outlines: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """A picture that is wanted: of a page of the file that a document was read from, with spans of the document."""

    data: bytes
    document: Document
    page: int
    spans: Sequence[Span]
