"""Open a Word file as a package: parts by their relationships, XML names the same in both of its dialects.

Only the parts that hold words are unpacked, within bounds, and a relationship that leads nowhere is no error, as to
Word it is none. (python-docx opens neither Strict files nor ones with such a relationship, and unpacks every picture.)
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from rag.core.errors import UnreadableDocument

_SUSPICIOUS_RATIO = 250  # Word's XML packs to a tenth or a twentieth; only a bomb of some size is worth refusing
_SUSPICIOUS_SIZE = 32 * 2**20

_OLE = b"\xd0\xcf\x11\xe0"
_PASSWORD = ("It is protected with a password.", "Open it in Word, save it without a password, and add that file.")
_DAMAGED_ADVICE = "Open it in Word or LibreOffice, and save it again."
_OTHER_OFFICE = {"workbook": "an Excel workbook", "presentation": "a PowerPoint presentation"}

# What the standard library raises for archives that are not as they should be; RuntimeError is for unknown methods.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

_STRICT = re.compile(r"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_OOXML = "http://schemas.openxmlformats.org"
_NAMESPACES = {
    "w": f"{_OOXML}/wordprocessingml/2006/main",
    "r": f"{_OOXML}/officeDocument/2006/relationships",
    "m": f"{_OOXML}/officeDocument/2006/math",
    "a": f"{_OOXML}/drawingml/2006/main",
    "c": f"{_OOXML}/drawingml/2006/chart",
    "dgm": f"{_OOXML}/drawingml/2006/diagram",
    "mc": f"{_OOXML}/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "cp": f"{_OOXML}/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}
_PREFIXES = {address: prefix for prefix, address in _NAMESPACES.items()}
_STRICT_NAMESPACES = {
    prefix: re.sub(rf"^{_OOXML}/(\w+)/2006/", r"http://purl.oclc.org/ooxml/\1/", address)
    for prefix, address in _NAMESPACES.items()
}


@lru_cache(maxsize=4096)
def name_of(tag: str) -> str:
    """Return a full tag's name with the usual prefix, or nothing where its namespace holds no words."""
    address, _, local = tag[1:].rpartition("}")
    prefix = _PREFIXES.get(_STRICT.sub(rf"{_OOXML}/\1/2006/\2", address))
    return f"{prefix}:{local}" if prefix else ""


@lru_cache(maxsize=1024)
def full_names(name: str) -> tuple[str, str]:
    """Return the full names, in both dialects, of what has this name with the usual prefix."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}", f"{{{_STRICT_NAMESPACES[prefix]}}}{local}"


@dataclass(frozen=True, slots=True)
class Relationship:
    """The relationship of a part to another one: its kind (the last word of its type), and a name or address."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class PackagePart:
    """A part of the package that holds XML, with its relationships by their ids."""

    name: str
    root: etree._Element
    relationships: dict[str, Relationship] = field(default_factory=dict)


class WordPackage:
    """An opened Word file, of which no more than so many MiB are unpacked.

    Raises `UnreadableDocument`, on opening and on asking for a part, for what is none.
    """

    def __init__(self, data: bytes, unpacked: int) -> None:
        self._most = unpacked * 2**20
        self._unpacked = 0
        self._archive = _archive(data)
        self._members = {_key(member.filename): member for member in self._archive.infolist()}
        start = self._relationships("/")
        self.properties = self._first(start, "core-properties")
        main = next((one.target for one in start.values() if one.kind == "officeDocument"), "/word/document.xml")
        part = self.part(main)
        if part is None:
            raise UnreadableDocument("It is a ZIP archive, and no Word file.", "Add the documents that are in it.")
        kind = etree.QName(part.root).localname
        if name_of(part.root.tag) != "w:document":
            raise UnreadableDocument(
                f"It is {_OTHER_OFFICE.get(kind, 'a package of another kind')}, and no Word file.",
                "Save its text as a Word file or as plain text.",
            )
        self.main = part

    def part(self, name: str) -> PackagePart | None:
        """Return a part by its name; None where the package has none of that name."""
        data = self._unpack(name)
        if data is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableDocument(f"Its part {name} is damaged.", _DAMAGED_ADVICE) from error
        # An entity's text would be missing, and Word's own files declare none.
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableDocument(f"Its part {name} declares a document type, which no Word file may.", "Mend it.")
        return PackagePart(name, root, self._relationships(name))

    def related(self, part: PackagePart, kind: str) -> PackagePart | None:
        """Return the first part of a kind that another one is related to."""
        return self._first(part.relationships, kind)

    def _first(self, relationships: dict[str, Relationship], kind: str) -> PackagePart | None:
        for one in relationships.values():
            if one.kind == kind and not one.external and (part := self.part(one.target)) is not None:
                return part
        return None

    def _relationships(self, name: str) -> dict[str, Relationship]:
        folder, _, file = name.rpartition("/")
        if file.endswith(".rels"):
            return {}
        part = self.part(f"{folder}/_rels/{file}.rels")
        found: dict[str, Relationship] = {}
        for one in () if part is None else part.root:
            target, kind = one.get("Target") or "", (one.get("Type") or "").rpartition("/")[2]
            external = one.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join(folder or "/", target))
            found[one.get("Id") or ""] = Relationship(kind, target, external)
        return found

    def _unpack(self, name: str) -> bytes | None:
        member = self._members.get(_key(name))
        if member is None:
            return None
        size, packed = member.file_size, member.compress_size
        self._unpacked += size
        if self._unpacked > self._most:
            raise UnreadableDocument(
                f"It unpacks to more than {self._most // 2**20} MiB of text and marks.", "Split it."
            )
        if size > _SUSPICIOUS_SIZE and size > packed * _SUSPICIOUS_RATIO:
            raise UnreadableDocument(
                f"It unpacks to {size // max(packed, 1)} times its size, as no document does.",
                "Look at where it is from.",
            )
        if member.flag_bits & 1:
            raise UnreadableDocument(*_PASSWORD)
        try:
            with self._archive.open(member) as file:
                return file.read(size)
        except _ZIP_ERRORS as error:
            raise UnreadableDocument(f"Its part {name} is damaged.", _DAMAGED_ADVICE) from error


def value(element: etree._Element, name: str = "w:val") -> str | None:
    """Return an attribute by its name with the usual prefix, in whichever dialect it is written."""
    for full in full_names(name):
        if (found := element.get(full)) is not None:
            return found
    return None


def whole_number(text: str | None, default: int) -> int:
    """Return a number that a file states, or the default for what is none; absurdly long ones are none."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,9}", text) else default


def is_on(element: etree._Element | None) -> bool | None:
    """Say whether an element switches its property on; None where there is no such element."""
    return None if element is None else value(element) not in ("0", "false", "off")


def child(element: etree._Element | None, tag: str) -> etree._Element | None:
    """Return the first child of a name."""
    return None if element is None else next(element.iterchildren(*full_names(tag)), None)


def children(element: etree._Element | None, tag: str) -> Iterator[etree._Element]:
    """Go through the children of a name."""
    return iter(()) if element is None else element.iterchildren(*full_names(tag))


def descendants(element: etree._Element | None, tag: str) -> Iterator[etree._Element]:
    """Go through the elements of a name at any depth, in their order."""
    return iter(()) if element is None else element.iterdescendants(*full_names(tag))


def _archive(data: bytes) -> zipfile.ZipFile:
    if not data.strip():
        raise UnreadableDocument("The file is empty.", "Remove it, or put the document in its place.")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableDocument(*_PASSWORD)
        raise UnreadableDocument("It is an old Microsoft Office file.", "Open it in Word and save it as .docx.")
    if not data.startswith(b"PK"):
        raise UnreadableDocument("It is no Word file.", "Give it the suffix of what it is, or save it as .docx.")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _ZIP_ERRORS as error:
        raise UnreadableDocument("It is a damaged ZIP archive.", "Take it from where it came from again.") from error


def _key(name: str) -> str:
    """Return a part's name as names are compared: with slashes alone, whatever its case."""
    return name.replace("\\", "/").lstrip("/").lower()
