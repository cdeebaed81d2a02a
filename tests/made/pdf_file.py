"""Small PDF files: text at places, written with PDFium; outlines and labels of pages, written by hand."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

WIDTH, HEIGHT = 595.0, 842.0
PITCH = 14.0


@dataclass(frozen=True)
class Piece:
    """A line of text with the place where it begins, in points from the lower left corner."""

    text: str
    x: float
    y: float
    size: float = 11.0
    bold: bool = False


def column(lines: Sequence[str], x: float = 72.0, top: float = 760.0, *, bold: bool = False) -> list[Piece]:
    """Return lines of text one below the other."""
    return [Piece(line, x, top - number * PITCH, bold=bold) for number, line in enumerate(lines)]


def pdf_file(*pages: Sequence[Piece]) -> bytes:
    """Return a PDF file with pieces of text on its pages, drawn in the order given."""
    pdf = pypdfium2.PdfDocument.new()
    fonts = {
        bold: raw.FPDFText_LoadStandardFont(pdf, b"Helvetica-Bold" if bold else b"Helvetica") for bold in (False, True)
    }
    for pieces in pages:
        page = pdf.new_page(WIDTH, HEIGHT)
        for piece in pieces:
            drawn = raw.FPDFPageObj_CreateTextObj(pdf, fonts[piece.bold], piece.size)
            units = (piece.text + "\0").encode("utf-16-le")
            buffer = ctypes.cast(ctypes.create_string_buffer(units, len(units)), ctypes.POINTER(ctypes.c_ushort))
            raw.FPDFText_SetText(drawn, buffer)
            raw.FPDFPageObj_Transform(drawn, 1, 0, 0, 1, piece.x, piece.y)
            raw.FPDFPage_InsertObject(page, drawn)
        page.gen_content()
        page.close()
    for font in fonts.values():
        raw.FPDFFont_Close(font)
    out = io.BytesIO()
    pdf.save(out)
    pdf.close()
    return out.getvalue()


def by_hand(lines: Sequence[Sequence[str]], catalogue: str = "", more: Sequence[str] = (), trailer: str = "") -> bytes:
    """Return a PDF file whose pages show lines of text.

    `catalogue` goes into its catalogue. `more` are further objects, numbered from 100; pages are numbered from 10, two
    by two with their contents.
    """
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(lines)))
    objects = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(lines)} >>",
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    for number, of_page in enumerate(lines):
        shown = "".join(
            f"BT /F1 11 Tf 72 {760 - PITCH * line} Td ({text}) Tj ET\n" for line, text in enumerate(of_page)
        )
        objects[10 + 2 * number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {11 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects[11 + 2 * number] = f"<< /Length {len(shown)} >>\nstream\n{shown}endstream"
    objects |= {100 + number: body for number, body in enumerate(more)}
    out = b"%PDF-1.7\n"
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(out)
    last = max(objects) + 1
    rows = [
        f"{places[number]:010d} 00000 n \n" if number in places else "0000000000 65535 f \n" for number in range(last)
    ]
    table = (
        f"xref\n0 {last}\n{''.join(rows)}trailer\n<< /Size {last} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    )
    return out + table.encode()
