"""Bytes → text: encodings, line ends, and what is refused as no text."""

from __future__ import annotations

import codecs

import pytest
from made import assert_sound, read

from rag.core.errors import UnreadableDocument
from rag.readers.formats import text_format
from rag.readers.text.decoding import decode

WESTERN = [
    "Don’t take more than 400 mg.",
    "The café’s “naïve” plan – 5 µg at 37 °C.",
    "Take ½ tablet; it’s “safe” — mostly.",
    "• one\n• two\n• three",
    "Sjögren’s syndrome and Ménière’s disease are named after people.",
    "A margin of ±5 mg.",
    "© 2012 Someone®",
    "L’été, l’ÉTÉ, à la crème brûlée; señor, Straße, Ærø, œuvre.",
    "Pain: 3 × a day… 20 € / £17; §4, no. 1º",
    "1 m³ of air",
]

FOREIGN = [
    ("cp1251", "Магний действует на рецепторы мозга и помогает сну."),
    ("koi8-r", "Магний действует на рецепторы мозга и помогает сну."),
    ("cp1250", "Żółć jest ważna dla zdrowia, magnez też, śpij dobrze."),
    ("cp1253", "Το μαγνήσιο είναι σημαντικό"),
    ("cp1254", "Magnezyum uykuya iyi gelir, ağrıyı keser."),
    ("gbk", "镁对睡眠很重要，每天服用。"),
    ("shift_jis", "マグネシウムは睡眠に重要です。"),
    ("mac-roman", "Don’t skip the “café”."),
    ("cp437", "Keep the café at 37 °C."),
    ("cp1255", "מגנזיום חשוב לשינה"),
]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Té.".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "Té.".encode(), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + "Té.".encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + "Té.".encode("utf-16-be"), "utf-16"),
        (codecs.BOM_UTF32_LE + "Té.".encode("utf-32-le"), "utf-32"),
        (codecs.BOM_UTF32_BE + "Té.".encode("utf-32-be"), "utf-32"),
        ("Té.".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_are_told_and_recorded(data: bytes, encoding: str) -> None:
    assert decode(data) == ("Té.", encoding)
    document = read(data)
    assert (document.text, document.encoding) == ("Té.", encoding)


@pytest.mark.parametrize("text", WESTERN)
def test_windows_1252_keeps_its_characters(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize(("encoding", "text"), FOREIGN)
def test_other_encodings_are_refused_rather_than_guessed(encoding: str, text: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"encoding cannot be told|UTF-8 is damaged"):
        decode(text.encode(encoding))


@pytest.mark.parametrize(("encoding", "text"), FOREIGN)
def test_other_encodings_are_read_where_the_page_declares_them(encoding: str, text: str) -> None:
    page = f'<html><head><meta charset="{encoding.replace("mac-", "mac_")}"></head><body><p>{text}</p></body></html>'
    if encoding == "cp437":
        page = page.replace("cp437", "ibm437")
    assert read(page.encode(encoding), "a.html").text == text


@pytest.mark.parametrize("declared", ["iso-8859-1", "latin1", "us-ascii", "windows-1252"])
def test_a_declared_latin_1_is_windows_1252_as_in_browsers(declared: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>It’s “so”.</p><p>Two</p>'
    document = read(page.encode("cp1252"), "a.html")
    assert (document.text, document.encoding) == ("It’s “so”.\n\nTwo", "cp1252")


@pytest.mark.parametrize(
    "declared", ["utf-7", "rot13", "undefined", "idna", "unicode_escape", "hex", "nonsense", "utf-16"]
)
def test_a_declared_encoding_that_no_page_is_written_in_is_not_used(declared: str) -> None:
    page = f"<meta charset={declared}><p>Caf\xe9</p><p>Two</p>".encode("cp1252")
    assert decode(page)[1] == "cp1252"


def test_a_declared_encoding_that_does_not_fit_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="says that it is"):
        decode(b"<meta charset=shift_jis><p>caf\xe9\xff</p>")


@pytest.mark.parametrize(
    ("data", "byte", "line"),
    [
        ("One\nTwo é\nThree é ".encode() + b"\xe9 end", 20, 3),
        ("“Quoted” ".encode() + b"\xff", 13, 1),
        ("\n\nIt’s caf".encode() + b"\xe9, isn\x92t it", 12, 3),
    ],
)
def test_damaged_utf8_is_refused_with_its_place(data: bytes, byte: int, line: int) -> None:
    with pytest.raises(UnreadableDocument, match=rf"damaged at byte {byte} \(line {line}\)"):
        decode(data)


@pytest.mark.parametrize("data", [b"", b" ", b"\n\r\n\t \n", b"\n" * 5000])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="empty"):
        decode(data)


@pytest.mark.parametrize("text", ["\ufeff", "\ufeff\n ", "\xa0\n\u2003\n"])
@pytest.mark.parametrize("path", ["a.txt", "a.md", "a.html"])
def test_a_file_of_unseen_characters_is_refused(text: str, path: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"empty|no text|No word"):
        read(text, path)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF file"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"GIF89a\x01\x00", "a picture"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"{\\rtf1\\ansi Text}", "a rich text"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "binary data"),
        (b"text with a \x00 byte", "binary data"),
        (b"\xe9\x00\xe8\x00", "binary data"),
        (bytes(range(1, 32)) * 3, "binary data"),
    ],
)
def test_what_is_no_text_is_refused_by_its_kind(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason) as caught:
        decode(data)
    assert caught.value.advice


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE])
def test_a_byte_order_mark_that_lies_is_refused(mark: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"says that it is utf-\d\d and is not"):
        decode(mark + b"odd")


def test_half_characters_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match=r"damaged at byte 2 \(line 1\)"):
        decode("a \ud83d b".encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_one_character_and_lines_are_counted(end: str) -> None:
    document = read(end.join(["One", "", "Two", "goes on", ""]))
    assert document.text == "One\n\nTwo\ngoes on\n"
    assert [block.lines for block in document.blocks] == [(1, 1), (3, 4)]


def test_stray_control_characters_stay_in_plain_text() -> None:
    text = "A page\x0cbreak, an escape \x1b[31m and a bell\x07 in a text that is long enough to hold them all." * 2
    document = read(text)
    assert document.text == text
    assert_sound(document)


@pytest.mark.parametrize(
    ("text", "suffix", "kind"),
    [
        ("Words alone.", ".txt", "text/plain"),
        ("Words <b>alone", ".txt", "text/plain"),
        ("if 1 < 2 and 3 > 2 then", ".txt", "text/plain"),
        ("Write <name@example.org> or <https://example.org>.", ".txt", "text/plain"),
        ("# Heading\n\n<p>One</p><p>Two</p><p>Three</p>", ".md", "text/markdown"),
        ("# Heading", ".markdown", "text/markdown"),
        ("Words alone.", ".html", "text/html"),
        ("Words alone.", ".htm", "text/html"),
        ("<!DOCTYPE html><title>a</title>b", ".txt", "text/html"),
        ("  <html><body>b", ".txt", "text/html"),
        ("<p>One paragraph.</p>", ".txt", "text/html"),
        ("<h1>Title</h1>\nText.", "", "text/html"),
        ("Take <strong>care</strong> of <em>it</em> and <b>rest</b>.", ".txt", "text/html"),
        ("<?xml version='1.0'?>\n<html><body><p>a</p><p>b</p></body></html>", ".txt", "text/html"),
    ],
)
def test_a_texts_kind_is_told_by_its_content(text: str, suffix: str, kind: str) -> None:
    assert text_format(text, suffix).media_type == kind
