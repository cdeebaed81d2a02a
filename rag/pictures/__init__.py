"""Pages of PDF files as pictures, and where on them the characters of a passage stand."""

from __future__ import annotations

from rag.pictures.apart import draw_apart
from rag.pictures.types import Box, PagePicture

__all__ = ["Box", "PagePicture", "draw_apart"]
