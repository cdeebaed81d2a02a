"""Documents that are made to harm: bombs, bottomless nesting, endless lines, archives that climb out of themselves."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from made.article import article
from made.book import CONTAINER, Book
from made.pdf_file import by_hand
from made.word import NAMESPACES, OOXML, p, package

_WORDS = "Zorbulin is white. "


def nested(depth: int) -> dict[str, bytes]:
    """Return documents that nest so deep, by their names."""
    tags = {"div": "div", "quotations": "blockquote", "lists": "ul><li", "tables": "table><tr><td", "bold": "b"}
    made = {
        f"deep-{name}.html": f"<!doctype html><p>Text.</p>{f'<{tag}>' * depth}Zorbulin." for name, tag in tags.items()
    }
    made |= {
        "deep-quotations.md": "> " * depth + "Zorbulin.",
        "deep-lists.md": "- " * depth + "Zorbulin.",
        "deep-indentation.md": "".join(" " * level + "- a\n" for level in range(0, min(depth, 2_000), 2)),
        "deep-brackets.md": "[" * depth + "Zorbulin",
        "deep-pictures.md": "![" * depth + "Zorbulin",
        "deep-emphasis.md": "*a **a " * depth,
        "deep-html.md": "<div>" * depth + "\n\nZorbulin",
        "deep-front-matter.md": f"---\ntitle: {'[' * min(depth, 60_000)}\n---\nZorbulin.",
        "deep-toml.md": f"+++\ntitle = {'[' * min(depth, 60_000)}\n+++\nZorbulin.",
        "deep-quotations.txt": "> " * depth + "Zorbulin.",
        "deep-sections.xml": article("<sec>" * depth + "<p>Zorbulin.</p>" + "</sec>" * depth),
    }
    word = "<w:tbl><w:tr><w:tc>" * depth + p("Zorbulin") + "</w:tc></w:tr></w:tbl>" * depth
    page = "<div>" * depth + "Zorbulin" + "</div>" * depth
    arrays = by_hand([["Zorbulin."]], f"/Deep {'[' * depth}{']' * depth}")
    return {
        **{name: text.encode() for name, text in made.items()},
        "deep-tables.docx": package(word),
        "deep-page.epub": Book({"a.xhtml": page}).written(),
        "deep-arrays.pdf": arrays,
        "deep-outline.pdf": by_hand(
            [["Zorbulin."]],
            "/Outlines 100 0 R",
            [f"<< /Title (a) /First {101 + number} 0 R >>" for number in range(min(depth, 5_000))],
        ),
    }


def bombs(size: int) -> dict[str, bytes]:
    """Return documents of some kilobytes that unpack, or multiply, to so many bytes or more."""
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    nested_entities = f'<!DOCTYPE article [<!ENTITY e0 "Zorbulin">{laughs}]>'
    long = f'<!DOCTYPE article [<!ENTITY e9 "{"Z" * 50_000}">]>'
    plain = article("<p>&e9;</p>").replace("<!DOCTYPE article", "<!IGNORED", 1)
    body = plain[plain.index("<article") :]
    merged = "---\ntitle: x\nk0: &k0 {a: b}\n" + "".join(
        f"k{n}: &k{n} {{<<: [{','.join([f'*k{n - 1}'] * 10)}]}}\n" for n in range(1, 12)
    )
    listed = merged.replace("{<<: [", "[").replace("]}", "]") + "author: *k11\n"
    spaces = f"<w:p>{' ' * size}</w:p>"
    return {
        "laughs.xml": (nested_entities + body).encode(),
        "quadratic.xml": (long + body.replace("&e9;", "&e9;" * 50_000)).encode(),
        "laughs.docx": _with_main(nested_entities.replace("article", "w:document"), p("&e9;")),
        "laughs.epub": Book({"a.xhtml": f"{nested_entities.replace('article', 'html')}<html>&e9;</html>"}).written(),
        "laughs.html": (nested_entities.replace("article", "html") + "<p>&e9; Zorbulin.</p>").encode(),
        "merged.md": (merged + "---\nZorbulin merged.").encode(),
        "listed.md": (listed + "---\nZorbulin listed.").encode(),
        "huge-member.docx": package(p("Zorbulin") + spaces),
        "huge-member.epub": Book({"a.xhtml": f"<p>Zorbulin</p>{' ' * size}"}).written(),
        "huge-picture.docx": _zip_with(package(p("Zorbulin with a picture.")), {"word/media/a.png": b"\0" * size}),
        "many-members.docx": many_members(package(p("Zorbulin among many.")), min(size // 100, 100_000)),
        "many-members.epub": many_members(Book({"a.xhtml": "<p>Zorbulin.</p>"}).written(), min(size // 100, 100_000)),
        "lying-size.docx": _lying(package(p("Zorbulin") + spaces)),
        "lying-size.epub": _lying(Book({"a.xhtml": f"<p>Zorbulin</p>{' ' * size}"}).written()),
        "overlapping.epub": _overlapping(size),
    }


def reaching_out(secret: str) -> dict[str, bytes]:
    """Return documents that try to have a file of this machine, by its path, read into their text."""
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}"><!ENTITY % p SYSTEM "file://{secret}"> %p;]>'
    link = f'Id="m" Type="{OOXML}/officeDocument/2006/relationships/officeDocument"'
    climbing = "/".join([".."] * 20) + secret
    made = {
        "entity.xml": (
            entity.replace("DOCTYPE x", "DOCTYPE article") + article("<p>a&e;</p>").split("\n", 2)[2]
        ).encode(),
        "entity.docx": _with_main(entity.replace("DOCTYPE x", "DOCTYPE w:document"), p("a &e;")),
        "entity.epub": Book({"a.xhtml": f"{entity.replace('DOCTYPE x', 'DOCTYPE html')}<html>a&e;</html>"}).written(),
        "include.xml": article(
            f'<p>Zorbulin <xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{secret}"'
            f' parse="text"/></p>'
        ).encode(),
        "include.html": f"<p>Zorbulin <object data='file://{secret}'></object>"
        f"<iframe src='{secret}'></iframe>".encode(),
    }
    for number, path in enumerate((climbing, secret, f"file://{secret}", "C:" + secret, climbing.replace("/", "\\"))):
        made[f"path-{number}.docx"] = _zipped(
            {"_rels/.rels": f'<Relationships><Relationship {link} Target="{path}"/></Relationships>'}
        )
        made[f"path-{number}.epub"] = Book(
            {},
            manifest=f'<item id="x" href="{path}" media-type="application/xhtml+xml"/>',
            spine='<itemref idref="x"/>',
        ).written()
        made[f"package-{number}.epub"] = _zipped({"META-INF/container.xml": CONTAINER.format(path)})
    for ending, name in (("docx", "word/document.xml"), ("epub", "a.xhtml")):
        whole = package("") if ending == "docx" else Book({}, manifest=_ITEM, spine='<itemref idref="x"/>').written()
        made[f"link.{ending}"] = _zip_with(
            whole, {f"OEBPS/{name}" if ending == "epub" else "word/d.xml": secret.encode()}, 0o120777
        )
    return made


_ITEM = '<item id="x" href="a.xhtml" media-type="application/xhtml+xml"/>'


def long_lines(size: int) -> dict[str, Callable[[], bytes]]:
    """Return what makes documents of one line of so many bytes."""
    return {
        "words.txt": lambda: (_WORDS * (size // len(_WORDS))).encode(),
        "letters.txt": lambda: b"Z" * size,
        "words.md": lambda: (_WORDS * (size // len(_WORDS))).encode(),
        "letters.md": lambda: b"Z" * size,
        "brackets.md": lambda: b"[" * size,
        "words.html": lambda: ("<p>" + _WORDS * (size // len(_WORDS))).encode(),
        "tags.html": lambda: b"<b>Z</b>" * (size // 8),
        "words.xml": lambda: article(f"<p>{_WORDS * (size // len(_WORDS))}</p>").encode(),
    }


def many_members(data: bytes, count: int) -> bytes:
    """Return an archive with so many empty members more."""
    return _zip_with(data, {f"x/{number}": b"" for number in range(count)})


def _with_main(doctype: str, body: str) -> bytes:
    whole = package(body)
    return _zip_with(
        whole, {"word/d.xml": f"{doctype}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>".encode()}
    )


def _zipped(members: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


def _zip_with(data: bytes, members: dict[str, bytes], mode: int = 0o100644) -> bytes:
    """Return an archive with members put in or put in the place of others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename not in members:
                new.writestr(member, old.read(member))
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            new.writestr(info, content)
    return out.getvalue()


def _lying(data: bytes) -> bytes:
    """Return an archive that states of each member to unpack to 100 bytes."""
    out = bytearray(data)
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = out.find(signature)
        while place >= 0:
            out[place + at : place + at + 4] = struct.pack("<I", 100)
            place = out.find(signature, place + 4)
    return bytes(out)


def _overlapping(size: int) -> bytes:
    """Return a book whose thousand pages are one and the same member, which unpacks well."""
    pages = {f"{number}.xhtml": "" for number in range(1_000)}
    book = Book(pages, left_out=[f"OEBPS/{name}" for name in pages])
    out = bytearray(_zip_with(book.written(), {"OEBPS/0.xhtml": f"<p>Zorbulin</p>{' ' * (size // 100)}".encode()}))
    end = out.rindex(b"PK\x05\x06")
    entry_at = out.rindex(b"PK\x01\x02")
    entry = bytes(out[entry_at:end])
    more = b"".join(entry.replace(b"OEBPS/0.xhtml", f"OEBPS/{number}.xhtml".encode()) for number in range(1, 10)) * 100
    tail = bytearray(out[end:])
    count, length = struct.unpack("<HI", tail[10:16])
    tail[8:16] = struct.pack("<HHI", count + 900, count + 900, length + len(more))
    return bytes(out[:end]) + more + bytes(tail)
