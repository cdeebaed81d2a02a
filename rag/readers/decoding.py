"""Bytes → text: which kind of file this is, and which encoding its characters are in."""

from __future__ import annotations

import codecs
import re

from rag.errors import UnreadableDocument

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN_BINARIES = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive (as Word and EPUB files are)"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "a rich text (RTF) file"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"<!doctype html|<(?:html|head|body|div|p|h[1-6]|ul|ol|table|blockquote|article|section|br|span|a)\b[^<>]*>",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file, with `\\n` line ends, and the encoding that it was read in.

    Raises `UnreadableDocument` for an empty file, for binary data, and for UTF-8 that is damaged rather
    than another encoding: guessing there would change characters.
    """
    if not data.strip():
        raise UnreadableDocument("The file is empty.", "Remove it, or put its text in.")
    for magic, what in _KNOWN_BINARIES:
        if data.startswith(magic):
            raise UnreadableDocument(f"It is {what}.", "Save it as plain text, Markdown or HTML.")
    text, encoding = _decoded(data)
    if "\x00" in text or len(_CONTROL.findall(text)) > len(text) / 50:
        raise UnreadableDocument("It is binary data, not text.", "Save it as plain text, Markdown or HTML.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def media_type(text: str, suffix: str) -> str:
    """Say what a text is by its content, helped by its suffix: HTML is HTML in a `.txt` file, too."""
    if suffix in (".md", ".markdown"):
        return "text/markdown"
    tags = len(_HTML_TAG.findall(text[:200_000]))
    if suffix in (".html", ".htm", ".xhtml") or text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        return "text/html"
    closing = len(re.findall(r"</(?:p|h[1-6]|div|a|li|blockquote|strong|em|span)>", text[:200_000], re.IGNORECASE))
    return "text/html" if tags >= 3 and closing >= 2 else "text/plain"


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise UnreadableDocument(
                    f"It says that it is {encoding} and is not, at byte {error.start}.",
                    "Save it again as UTF-8.",
                ) from error
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if b"\x00" in data:
            raise UnreadableDocument(
                "It is binary data, not text.", "Save it as plain text, Markdown or HTML."
            ) from error
        first_bad = error.start
    declared = _META_CHARSET.search(data[:4096])
    if declared:
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
            if name != "utf-8":
                return data.decode(name), name
        except (LookupError, UnicodeDecodeError):
            pass
    if _is_damaged_utf8(data):
        line = data.count(b"\n", 0, first_bad) + 1
        raise UnreadableDocument(
            f"Its UTF-8 is damaged at byte {first_bad} (line {line}).",
            "Mend that character and save it as UTF-8.",
        )
    # Imported here: only files that are not UTF-8 need it.
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise UnreadableDocument("Its encoding cannot be told.", "Save it as UTF-8.")
    return str(best), best.encoding


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell UTF-8 with a few broken bytes from another encoding: most of its multi-byte sequences are right."""
    decoded = data.decode("utf-8", errors="replace")
    broken = decoded.count("�")
    right = sum(1 for character in decoded if ord(character) > 127) - broken
    return right > broken
