"""Small e-books, written page by page, with what their packages say of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from made import assert_sound, read
from rag.core.types.documents import Document

PAGE_TYPE = "application/xhtml+xml"
CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="{}" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


@dataclass
class Book:
    """What a test's book is made of: pages by their paths in the archive, in reading order, and what is beside them."""

    pages: Mapping[str, str]
    navigation: str = ""
    ncx: str = ""
    metadata: str = ""
    guide: str = ""
    spine: str | None = None
    manifest: str = ""
    package_path: str = "OEBPS/content.opf"
    files: dict[str, str | bytes] = field(default_factory=dict)
    mimetype: bool = True
    left_out: Sequence[str] = ()

    def written(self) -> bytes:
        """Return the archive; pages are beside the package document."""
        folder = self.package_path.rpartition("/")[0]
        base = f"{folder}/" if folder else ""
        items = "".join(
            f'<item id="p{number}" href="{escape(path)}" media-type="{PAGE_TYPE}"/>'
            for number, path in enumerate(self.pages)
        )
        spine = "".join(f'<itemref idref="p{number}"/>' for number in range(len(self.pages)))
        files: dict[str, str | bytes] = {"META-INF/container.xml": CONTAINER.format(self.package_path)}
        if self.navigation:
            items += f'<item id="nav" href="nav.xhtml" properties="nav" media-type="{PAGE_TYPE}"/>'
            files[f"{base}nav.xhtml"] = page(self.navigation)
        if self.ncx:
            items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
            files[f"{base}toc.ncx"] = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/">{self.ncx}</ncx>'
        files[self.package_path] = (
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
            f"{self.metadata}</metadata><manifest>{items}{self.manifest}</manifest>"
            f'<spine toc="ncx">{spine if self.spine is None else self.spine}</spine>{self.guide}</package>'
        )
        files |= {f"{base}{path}": page(body) for path, body in self.pages.items()} | self.files
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            if self.mimetype:
                archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
            for name, content in files.items():
                if name not in self.left_out:
                    archive.writestr(name, content)
        return out.getvalue()

    def read(self) -> Document:
        """Return the book as it is read."""
        document = read(self.written(), "a.epub")
        assert_sound(document)
        assert all(block.lines is None for block in document.blocks)
        return document


def page(body: str) -> str:
    """Return a page; what begins as a whole document is one."""
    if body.lstrip().startswith(("<?xml", "<!DOCTYPE", "<html", "<svg")):
        return body
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"'
        f' xmlns:epub="http://www.idpf.org/2007/ops"><head><title>unseen</title></head><body>{body}</body></html>'
    )


def one(body: str, **parts: str) -> Document:
    """Return a book of one page."""
    return Book({"a.xhtml": body}, **parts).read()  # type: ignore[arg-type]


def toc(*entries: tuple[str, str]) -> str:
    """Return a table of contents of (path, title)."""
    items = "".join(f'<li><a href="{path}">{title}</a></li>' for path, title in entries)
    return f'<nav epub:type="toc"><ol>{items}</ol></nav>'
