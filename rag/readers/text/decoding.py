"""Decode the bytes of a file into text, in the encoding that it is in, or refuse to guess."""

from __future__ import annotations

import codecs
import re

from rag.core.errors import UnreadableDocument

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
_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9_:.-]+)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HALF_CHARACTER = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")

# As browsers do: pages that declare the smaller sets are written in the larger ones.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
_MEANT |= {"iso8859-9": "cp1254", "tis-620": "cp874", "euc_kr": "cp949"}
_DECLARABLE = re.compile(
    r"cp\d{3,4}|iso8859-\d+|koi8-[ru]|mac-\w+|gb18030|big5\w*|euc_\w+|shift_jis\w*|iso2022_jp|hz|johab"
)

_LETTERS = "àáâãäåæçèéêëìíîïñòóôõöøùúûüßœšžÿÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒŠŽŸ"
_CAPITALS = _LETTERS[_LETTERS.index("À") :]
_SIGNS = "\xa0\xad“”‘’‚„†‡•…–—‰‹›€™¡¿¢£§©ª«»¬®°±²³µ·¹º¼½¾×÷¶´"
_NOT_WESTERN = re.compile(
    rf"[^\x00-\x7f{_LETTERS}{_SIGNS}]"  # characters that Western European prose has no use for
    rf"|[{_LETTERS}]{{3}}|[a-z][{_CAPITALS}]|[{_CAPITALS}]{{2}}[a-z]|[0-9][{_LETTERS}]"
    rf"|(?<![A-Za-z'’])[{_CAPITALS}](?![A-Za-z'’\s])|[A-Za-z{_LETTERS}][¡¿¹²³¼½¾´¬¢£¶„‚°][A-Za-z{_LETTERS}]"
    rf"|[A-Za-z]‚|[{_LETTERS}][¡¿¹²³¼½¾¬¢£¶„‚±µ×÷¤]|[¡¹²³¼½¾¬¢£¶„°±µ×÷][{_LETTERS}]"
)
"""What shows that bytes read as Windows-1252 are none: Cyrillic, Greek, Polish or Chinese would look like this."""


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
    declared = _declared_encoding(data)
    if declared is not None:
        try:
            return data.decode(declared), declared
        except UnicodeDecodeError as error:
            raise UnreadableDocument(
                f"It says that it is {declared} and is not, at byte {error.start}.", "Save it again as UTF-8."
            ) from error
    if _is_damaged_utf8(data):
        line = data.count(b"\n", 0, first_bad) + 1
        raise UnreadableDocument(
            f"Its UTF-8 is damaged at byte {first_bad} (line {line}).",
            "Mend that character and save it as UTF-8.",
        )
    # Nothing else is guessed: on short texts statistical guessers take one alphabet for another, and what is
    # quoted would not be what the source says.
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = None
    if text is None or _NOT_WESTERN.search(text):
        raise UnreadableDocument(
            f"Its encoding cannot be told: it is not UTF-8 at byte {first_bad}, nor Windows-1252.", "Save it as UTF-8."
        )
    return text, "cp1252"


def _declared_encoding(data: bytes) -> str | None:
    """Return the encoding that a page's head, or XHTML's first line, declares, if text is written in it; not UTF-8."""
    declared = _META_CHARSET.search(data[:4096]) or _XML_ENCODING.match(data[:4096])
    if declared is None:
        return None
    name = codec_name(declared[1].decode("ascii"))
    if name is None:
        return None
    name = _MEANT.get(name, name)
    return name if is_of_texts(name) else None


def codec_name(declared: str) -> str | None:
    """Return what Python calls an encoding; None for one that it does not know."""
    try:
        return codecs.lookup(declared).name
    except LookupError:
        return None


def is_of_texts(codec: str) -> bool:
    """Say whether texts are written in an encoding, besides Unicode's own: Python has many that are something else."""
    return _DECLARABLE.fullmatch(codec) is not None


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell UTF-8 with some broken bytes from another encoding, in which right sequences are rare accidents."""
    if _HALF_CHARACTER.search(data):
        return True
    decoded = data.decode("utf-8", errors="replace")
    broken = decoded.count("�")
    right = sum(1 for character in decoded if ord(character) > 127) - broken
    return right > 0 and right * 3 >= broken
