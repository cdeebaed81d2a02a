"""Open the archive of an e-book, find its files however their paths are written, and read them within bounds."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import unicodedata
import zipfile
import zlib
from urllib.parse import unquote

from lxml import etree

from rag.core.errors import UnreadableDocument
from rag.readers.xml_tree import local_name, parsed_xml

CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PACKAGE = "application/oebps-package+xml"

_MOST_FILES = 20_000
_RATIO = 100  # prose packs to a quarter or a tenth of its size
_HARMLESS = 2**20  # bytes: smaller ones may pack as well as they like
_ENTRY_SIGNATURE = b"PK\x01\x02"

# Fonts are scrambled by these so that they are of no use outside of the book; its text is not.
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_FONT = re.compile(r"\.(?:otf|ttf|ttc|woff2?|eot|pfb|dfont)\Z", re.IGNORECASE)

# What zipfile and the decompressors raise for an archive that is damaged, besides what its own error says.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, LookupError)
_GET_ANEW = "Get the book anew."


def looks_like_epub(data: bytes) -> bool:
    """Say whether these bytes are an e-book: by its first file, or else by the file that names its package."""
    if not data.startswith(b"PK"):
        return False
    if data[30:58] == b"mimetypeapplication/epub+zip":
        return True
    if data.count(_ENTRY_SIGNATURE) > _MOST_FILES:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (*_DAMAGED, NotImplementedError):
        return False
    return CONTAINER.lower() in names or any(name.endswith(".opf") for name in names)


class Container:
    """An opened e-book. Names are those of the archive; paths are as the book's own files write them."""

    def __init__(self, data: bytes, unpacked: int) -> None:
        """Open the archive, of which no more than so many MiB are unpacked.

        Raises `UnreadableDocument` when it is damaged, a trap, or locked.
        """
        if data.count(_ENTRY_SIGNATURE) > _MOST_FILES:
            raise UnreadableDocument(f"It holds more than {_MOST_FILES} files.", "Look at it: this is no book.")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (*_DAMAGED, NotImplementedError) as error:
            raise UnreadableDocument("Its archive is damaged.", _GET_ANEW) from error
        self._most = unpacked * 2**20
        self._read = 0
        self._names: dict[str, str] = {}
        for name in self._archive.namelist():
            self._names.setdefault(_folded(_as_written(name)), name)
        self._refuse_locked()

    def find(self, path: str, base: str = "") -> str | None:
        """Return the name of the file that a path, perhaps percent-encoded, means in a file of the book.

        Letters' case does not count where nothing else matches: on the disks where books are made it often does not.
        """
        path = path.split("#")[0].split("?")[0].replace("\\", "/").strip()
        for candidate in (unquote(path), path):
            # A path that climbs out of the book ends at its top, as in a browser.
            whole = posixpath.normpath(posixpath.join("/", posixpath.dirname(base), candidate)).lstrip("/")
            name = whole if whole in self._archive.NameToInfo else self._names.get(_folded(whole))
            if name is not None and not name.endswith("/"):
                return name
        return None

    def read(self, name: str) -> bytes:
        """Return a file's bytes. Raises `UnreadableDocument` when it is damaged, locked or absurdly large."""
        info = self._archive.getinfo(name)
        left = self._most - self._read
        # The size that the archive states may be a lie: what is unpacked is bounded, too.
        limit = min(left, max(_HARMLESS, _RATIO * info.compress_size))
        try:
            with self._archive.open(info) as file:
                data = file.read(limit + 1)
        except RuntimeError as error:  # it asks for a password; or a compression that this Python lacks
            raise UnreadableDocument(f"Its part {name} cannot be unpacked ({error}).", _GET_ANEW) from error
        except _DAMAGED as error:
            raise UnreadableDocument(f"Its part {name} is damaged.", _GET_ANEW) from error
        if len(data) > limit:
            raise UnreadableDocument(
                f"Its part {name} unpacks to more than a book holds.", "Look at it; split it if it is a book."
            )
        self._read += len(data)
        return data

    def tree(self, name: str) -> etree._Element:
        """Return the root of an XML file. Raises `UnreadableDocument` when it cannot be read or is no XML."""
        data = self.read(name)
        try:
            return parsed_xml(data)
        except UnreadableDocument as error:
            raise UnreadableDocument(f"Its part {name} cannot be read: {error.message}", error.advice) from error

    def package_name(self) -> str:
        """Return the name of the package document, of the first rendition where there are several."""
        container = self.find(CONTAINER)
        if container is not None:
            for element in self.tree(container).iter(etree.Element):
                if local_name(element) == "rootfile" and element.get("media-type", _PACKAGE) == _PACKAGE:
                    name = self.find(element.get("full-path", ""))
                    if name is not None:
                        return name
        packages = [name for name in self._archive.namelist() if name.lower().endswith(".opf")]
        if len(packages) != 1:
            raise UnreadableDocument("It has no package document (OPF), which says what its parts are.", _GET_ANEW)
        return packages[0]

    def _refuse_locked(self) -> None:
        name = self.find(_ENCRYPTION)
        if name is None:
            return
        for element in self.tree(name).iter(etree.Element):
            if local_name(element) != "EncryptedData":
                continue
            methods = [child.get("Algorithm", "") for child in element if local_name(child) == "EncryptionMethod"]
            targets = [part.get("URI", "") for part in element.iter() if local_name(part) == "CipherReference"]
            scrambled = bool(methods) and all(method in _FONT_SCRAMBLING for method in methods)
            if not scrambled and not (targets and all(_FONT.search(target) for target in targets)):
                raise UnreadableDocument(
                    "It is protected by digital rights management: its text is encrypted.",
                    "Get a copy that is not protected.",
                )


def _as_written(name: str) -> str:
    """Undo what zipfile does to a UTF-8 name that an old program wrote without saying that it is UTF-8."""
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
