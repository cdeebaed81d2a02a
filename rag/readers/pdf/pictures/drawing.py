"""Draw a page of a PDF file as a picture, within bounds. Only `drawing_worker.py` runs this, apart."""

from __future__ import annotations

import hashlib
import math
import struct
import zlib
from contextlib import closing

import numpy
import pypdfium2

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.readers.pdf.pdf_reader import opened
from rag.readers.pdf.pictures.outlining import Shown, outlines
from rag.readers.pdf.pictures.picture import PagePicture, PictureRequest

WIDTH = 1000
"""How many pixels wide a page is drawn: twice what it is on most screens, for those that have twice the points."""

MOST_PIXELS = 2_000_000
LARGEST_SCALE = 4.0
"""Pixels a point at most, so that a stamp is not blown up."""

LARGEST_PAGE = 1_000_000.0
"""Points: the width and the height that a page may have. No program shows one of a hundredth of it."""


def page_picture(wanted: PictureRequest, limits: Limits = Limits()) -> PagePicture:
    """Draw a page, and outline on it the characters of the spans.

    Raises `UnreadableDocument` when the bytes are not those that the document was read from, there is no such page, or
    it cannot be drawn.
    """
    document = wanted.document
    if hashlib.sha256(wanted.data).hexdigest() != document.sha256:
        raise UnreadableDocument("The file has changed since the index was built.", "Bring the index up to date.")
    with closing(opened(wanted.data, limits.passwords)) as pdf:
        if not 1 <= wanted.page <= len(pdf):
            raise UnreadableDocument(f"There is no page {wanted.page}: it has {len(pdf)}.", "Choose another page.")
        try:
            page = pdf[wanted.page - 1]
        except pypdfium2.PdfiumError:
            raise UnreadableDocument("This page is damaged.", "Open the file in a PDF program.") from None
        with closing(page):
            width, height = page.get_size()
            if not all(0 < side < LARGEST_PAGE for side in (width, height)):  # nor is what is no number
                raise UnreadableDocument("This page has no size that can be drawn.", "Open it in a PDF program.")
            png = _png(page, width, height)
            boxes = outlines(Shown(page, width, height), wanted, limits)
            return PagePicture(png, wanted.page, len(pdf), width, height, boxes)


def _png(page: pypdfium2.PdfPage, width: float, height: float) -> bytes:
    scale = min(WIDTH / width, math.sqrt(MOST_PIXELS / (width * height)), LARGEST_SCALE)
    if max(width, height) * scale > MOST_PIXELS or min(width, height) * scale < 1:
        raise UnreadableDocument("This page is too long and narrow to be drawn.", "Open it in a PDF program.")
    try:
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, force_bitmap_format=2)
    except pypdfium2.PdfiumError:
        raise UnreadableDocument("This page cannot be drawn.", "Open the file in a PDF program.") from None
    return png_file(bitmap.to_numpy())


def png_file(pixels: numpy.ndarray) -> bytes:
    """Return pixels (rows, columns, red green and blue, a byte each) as a PNG file.

    Written here because that is shorter than a library's name among what this package needs. Each row is told by how
    it differs from the one above, which makes the white of a page nothing.
    """
    rows, columns, _ = pixels.shape
    flat = pixels.reshape(rows, columns * 3)
    above = numpy.zeros_like(flat)
    above[1:] = flat[:-1]
    filtered = numpy.empty((rows, columns * 3 + 1), dtype=numpy.uint8)
    filtered[:, 0] = 2  # "Up"
    filtered[:, 1:] = flat - above  # modulo 256, as the format has it
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
