"""Which kind of file some bytes are, where it is none of text."""

from __future__ import annotations

PDF_HEAD = 1024
"""How far from its beginning a PDF file may say that it is one: what stands before is skipped, as by other programs."""


def binary_type(data: bytes) -> str | None:
    """Return the media type of a file that is read from its bytes; None for text and for what is not read."""
    if b"%PDF-" in data[:PDF_HEAD]:
        return "application/pdf"
    return None
