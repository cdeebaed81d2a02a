"""EPUB: a book's pages in order, with its chapters, notes and printed pages; and books that are refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import block_with, shown, text_of
from made.book import PAGE_TYPE, Book, one, page, toc
from support.properties import examples

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import Attribution, Document
from rag.readers.epub import container as epub_container
from rag.readers.epub.container import looks_like_epub
from rag.readers.epub.epub_reader import read_epub

deterministic = examples(60)

# --- the book --------------------------------------------------------------------------------------------------------


def test_pages_come_in_the_order_of_the_spine() -> None:
    book = Book({"z.xhtml": "<h1>One</h1><p>a</p>", "a.xhtml": "<h1>Two</h1><p>b</p>"})
    document = book.read()
    assert document.media_type == "application/epub+zip"
    assert document.text == "One\n\na\n\nTwo\n\nb"
    assert document.title == "One"


def test_what_is_not_linear_comes_after_the_text() -> None:
    spine = '<itemref idref="p0" linear="no"/><itemref idref="p1"/><itemref idref="p1"/>'
    assert Book({"notes.xhtml": "<p>a</p>", "text.xhtml": "<p>b</p>"}, spine=spine).read().text == "b\n\na"


def test_a_page_of_a_book_is_read_as_html_is() -> None:
    document = one(
        '<blockquote cite="https://example.org/x"><p>Said.</p></blockquote><ol><li>a</li><li>b</li></ol>'
        "<table><tr><td>c</td><td>d</td></tr></table><p>e<br/>f<script>unseen</script></p>"
        '<p hidden="hidden">unseen</p><p>H<sub>2</sub>O<!-- unseen --> <em>now</em></p>'
    )
    assert shown(document) == [
        ("quotation", "Said."),
        ("list item", "1. a"),
        ("list item", "2. b"),
        ("table row", "c\td"),
        ("paragraph", "e\nf"),
        ("paragraph", "H2O now"),
    ]
    assert document.blocks[0].attribution == Attribution("quoted", None, "https://example.org/x")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("text/../a%20b.xhtml", "OEBPS/a b.xhtml"),
        ("A.XHTML", "OEBPS/a.xhtml"),
        ("../a.xhtml", "a.xhtml"),
        ("../../a.xhtml", "a.xhtml"),
        ("/OEBPS/a.xhtml", "OEBPS/a.xhtml"),
        ("sub\\a.xhtml", "OEBPS/sub/a.xhtml"),
        ("caf\u00e9.xhtml", "OEBPS/cafe\u0301.xhtml"),
        ("100%25.xhtml", "OEBPS/100%.xhtml"),
        ("100%.xhtml", "OEBPS/100%.xhtml"),
    ],
)
def test_odd_paths_are_found(path: str, name: str) -> None:
    manifest = f'<item id="x" href="{path}" media-type="{PAGE_TYPE}"/>'
    files: dict[str, str | bytes] = {name: page("<p>Found.</p>")}
    document = Book({}, manifest=manifest, spine='<itemref idref="x"/>', files=files).read()
    assert document.text == "Found."


@pytest.mark.parametrize("folder", ["", "OEBPS/", "a/b/"])
def test_the_package_may_lie_anywhere_and_the_mimetype_be_missing(folder: str) -> None:
    book = Book({"a.xhtml": "<p>a</p>"}, package_path=f"{folder}x.opf", mimetype=False)
    assert book.read().text == "a"
    book.left_out = ("META-INF/container.xml",)
    assert book.read().text == "a"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a&nbsp;b &alpha;&LT;c &amp; d</p>", "a\xa0b α<c & d"),
        ("<p>a<![CDATA[<b> &nbsp;]]>c</p>", "a<b> &nbsp;c"),
        ("<p>not closed <b>at all", "not closed at all"),
        ("<p>one</p><br>two & three", "one\n\ntwo & three"),
        ('<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body><p>a&hellip;</p></body></html>', "a…"),
        ("<html><body><p>no namespace</p></body></html>", "no namespace"),
        ("<div>" * 600 + "deep" + "</div>" * 600, "deep"),
        ("<p>x<math xmlns='http://www.w3.org/1998/Math/MathML'><semantics><mi>y</mi>"
         "<annotation>unseen</annotation></semantics></math></p>", "xy"),
        ("<svg xmlns='http://www.w3.org/2000/svg'><title>unseen</title><text>One</text><text>two</text></svg>",
         "One\n\ntwo"),
    ],
)  # fmt: skip
def test_pages_in_all_conditions(markup: str, text: str) -> None:
    assert one(markup).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_page_is_in_the_encoding_that_it_declares(encoding: str) -> None:
    markup = f'<?xml version="1.0" encoding="{encoding}"?><html><body><p>Bébé</p></body></html>'
    book = Book({"a.xhtml": ""}, files={"OEBPS/a.xhtml": markup.encode(encoding)})
    assert book.read().text == "Bébé"


def test_a_part_in_a_format_of_its_own_is_read_in_its_fallback_and_pictures_have_no_words() -> None:
    manifest = (
        '<item id="own" href="a.own" media-type="application/x-own" fallback="p0"/>'
        '<item id="picture" href="a.jpg" media-type="image/jpeg"/>'
    )
    spine = '<itemref idref="picture"/><itemref idref="own"/>'
    assert Book({"a.xhtml": "<p>a</p>"}, manifest=manifest, spine=spine).read().text == "a"


# --- chapters --------------------------------------------------------------------------------------------------------


def _sections(document: Document) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (text_of(document, block), block.section)
        for block in document.blocks
        if block.furniture is None and block.kind != "heading"
    ]


def test_a_chapter_without_a_heading_is_named_by_the_table_of_contents_and_gets_no_words() -> None:
    pages = {"a.xhtml": "<p>a</p><h2>Dose</h2><p>b</p>", "b.xhtml": "<h1>Second</h1><p>c</p>", "c.xhtml": "<p>d</p>"}
    document = Book(pages, navigation=toc(("a.xhtml", "The First"), ("b.xhtml", "2. Second"))).read()
    assert document.text == "a\n\nDose\n\nb\n\nSecond\n\nc\n\nd"
    assert _sections(document) == [
        ("a", ("The First",)),
        ("b", ("The First", "Dose")),
        ("c", ("Second",)),
        ("d", ("Second",)),  # nothing names this page: it goes on with the one before
    ]


def test_a_chapter_stands_under_what_the_table_of_contents_puts_it_under() -> None:
    navigation = (
        '<nav epub:type="toc"><ol><li><a href="a.xhtml">Part I</a><ol><li><a href="b.xhtml">One</a></li></ol></li>'
        '<li><span>Part II</span><ol><li><a href="c.xhtml">Two</a></li></ol></li></ol></nav>'
    )
    pages = {"a.xhtml": "<h1>The first part</h1>", "b.xhtml": "<h1>One</h1><p>a</p>", "c.xhtml": "<p>b</p>"}
    assert _sections(Book(pages, navigation=navigation).read()) == [
        ("a", ("The first part", "One")),
        ("b", ("Part II", "Two")),
    ]


def test_the_table_of_contents_of_epub_2_tells_as_much() -> None:
    ncx = (
        '<navMap><navPoint><navLabel><text>Part</text></navLabel><content src="a.xhtml"/><navPoint><navLabel>'
        '<text>One</text></navLabel><content src="b.xhtml#x"/></navPoint></navPoint></navMap>'
    )
    pages = {"a.xhtml": "<p>a</p>", "b.xhtml": "<p id='x'>b</p>"}
    assert _sections(Book(pages, ncx=ncx).read()) == [("a", ("Part",)), ("b", ("Part", "One"))]


def test_chapters_may_begin_in_the_middle_of_a_page() -> None:
    body = (
        "<h1 id='c1'>One</h1><p>a</p><div id='c2'><p>b</p><p>c</p></div><h2>Dose</h2><p>d</p><p>e <a id='c3'/>f</p>"
        "<p>g</p><h1><a id='c4'></a>Four</h1><p>h</p>"
    )
    entries = [(f"a.xhtml#c{number}", name) for number, name in enumerate(("I", "II", "III", "IV"), 1)]
    assert _sections(one(body, navigation=toc(*entries))) == [
        ("a", ("One",)),
        ("b", ("One", "II")),
        ("c", ("One", "II")),
        ("d", ("One", "Dose")),
        ("e f", ("One", "Dose")),
        ("g", ("One", "Dose", "III")),
        ("h", ("Four",)),
    ]


def test_headings_do_not_rule_beyond_the_beginning_of_a_chapter() -> None:
    pages = {"a.xhtml": "<h1>Copyright</h1><p>a</p>", "b.xhtml": "<h2>One</h2><p>b</p>"}
    document = Book(pages, navigation=toc(("a.xhtml", "Copyright"), ("b.xhtml", "One"))).read()
    assert _sections(document) == [("a", ("Copyright",)), ("b", ("One",))]


def test_without_a_table_of_contents_headings_are_those_of_one_text() -> None:
    document = Book({"a.xhtml": "<h1>One</h1><p>a</p>", "b.xhtml": "<h2>Dose</h2><p>b</p>"}).read()
    assert _sections(document) == [("a", ("One",)), ("b", ("One", "Dose"))]


@pytest.mark.parametrize("navigation", ["<nav epub:type='toc'><ol><li></li></ol></nav>", "<nav", "<p>no nav</p>"])
def test_a_broken_table_of_contents_costs_names_and_not_the_book(navigation: str) -> None:
    assert one("<p>a</p>", navigation=navigation).text == "a"


# --- what is not the text --------------------------------------------------------------------------------------------


def _furniture(document: Document) -> dict[str, str | None]:
    return {text_of(document, block): block.furniture for block in document.blocks}


def test_the_table_of_contents_is_furniture_wherever_it_stands() -> None:
    navigation = toc(("a.xhtml", "One"))
    spine = '<itemref idref="nav"/><itemref idref="p0"/>'
    document = one("<p>a</p><nav role='doc-toc'><a href='b'>Below</a></nav>", navigation=navigation, spine=spine)
    assert _furniture(document) == {
        "1. One": "the book's table of contents",
        "a": None,
        "Below": "the book's table of contents",
    }
    assert document.blocks[1].section == ("One",)


@pytest.mark.parametrize(
    "parts",
    [
        {"guide": '<guide><reference type="cover" href="c.xhtml"/></guide>'},
        {"navigation": '<nav epub:type="landmarks"><a epub:type="cover" href="c.xhtml">Cover</a></nav>'},
        {"body": '<section epub:type="cover"><p>Cover</p></section>'},
    ],
)
def test_the_cover_is_furniture(parts: dict[str, str]) -> None:
    body = parts.pop("body", "<p>Cover</p>")
    document = Book({"c.xhtml": body, "a.xhtml": "<p>a</p>"}, **parts).read()  # type: ignore[arg-type]
    assert _furniture(document) == {"Cover": "the book's cover", "a": None}


@pytest.mark.parametrize(
    "mark",
    [
        "<aside epub:type='footnote'><p>Note.</p></aside>",
        "<aside role='doc-footnote'><ul><li>Note.</li></ul></aside>",
        "<div epub:type='note rearnote'>Note.</div>",
        "<span epub:type='endnote'>Note.</span>",
    ],
)
def test_a_note_in_the_text_stands_at_the_end_of_its_page(mark: str) -> None:
    pages = {"a.xhtml": f"<h1>One</h1><h2>Dose</h2><p>a{mark} b</p><p>c</p>", "b.xhtml": "<p>d</p>"}
    document = Book(pages).read()
    assert [text for _, text in shown(document)] == ["One", "Dose", "a b", "c", "Note.", "d"]
    note = block_with(document, "Note.")
    assert (note.kind, note.section) == ("footnote", ("One",))


def test_a_list_of_notes_stays_where_it_is() -> None:
    document = one(
        "<p>a</p><section epub:type='endnotes'><h2>Notes</h2><ol><li epub:type='endnote'><p>b</p><p>c</p></li>"
        "<li role='doc-endnote'>d</li></ol></section><p>e</p>"
    )
    assert shown(document) == [
        ("paragraph", "a"),
        ("heading", "Notes"),
        ("footnote", "1. b"),
        ("footnote", "c"),
        ("footnote", "2. d"),
        ("paragraph", "e"),
    ]


def test_a_note_in_a_list_or_a_table_leaves_it_whole() -> None:
    document = one(
        "<ol><li>a<aside epub:type='footnote'>x</aside> b</li></ol>"
        "<table><tr><td>c<aside epub:type='footnote'>y</aside></td><td>d</td></tr></table>"
    )
    assert shown(document) == [
        ("list item", "1. a b"),
        ("table row", "c\td"),
        ("footnote", "x"),
        ("footnote", "y"),
    ]


# --- printed pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [
        "<span epub:type='pagebreak' title='12'/>",
        "<span role='doc-pagebreak' aria-label=' Page 12. '></span>",
        "<div epub:type='pagebreak' title='12' style='display: none'>12</div>",
        "<hr role='doc-pagebreak' aria-label='p. 12'/>",
    ],
)
def test_blocks_are_on_the_printed_page_that_they_begin_on(mark: str) -> None:
    pages = {"a.xhtml": f"<p>a</p>{mark}<p>b</p>", "b.xhtml": "<p>c</p>"}
    assert [block.page for block in Book(pages).read().blocks] == [None, 12, 12]
    document = one(f"<ul><li>a {mark.replace('div', 'span').replace('hr', 'i')}b</li><li>c</li></ul>")
    assert [(text, block.page) for (_, text), block in zip(shown(document), document.blocks, strict=True)] == [
        ("a b", None),
        ("c", 12),
    ]


def test_a_page_number_that_is_shown_is_kept_and_stands_in_no_sentence() -> None:
    document = one("<p>Take <span epub:type='pagebreak'>12</span>400 mg.</p><p>b</p>")
    assert shown(document) == [("paragraph", "Take 400 mg."), ("paragraph", "12"), ("paragraph", "b")]
    assert [block.furniture for block in document.blocks] == [None, "the number of a printed page", None]
    assert [block.page for block in document.blocks] == [None, 12, 12]


def test_a_page_whose_number_is_no_figure_is_not_the_page_before() -> None:
    document = one("<p id='x'/><div epub:type='pagebreak' title='9'/><p>a</p><div epub:type='pagebreak' title='x'/>b")
    assert [block.page for block in document.blocks] == [9, None]


@pytest.mark.parametrize(
    "parts",
    [
        {"ncx": "<pageList><pageTarget value='7'><navLabel><text>seven</text></navLabel><content src='a.xhtml#q'/>"
                "</pageTarget></pageList>"},
        {"navigation": "<nav epub:type='page-list' hidden='hidden'><ol><li><a href='a.xhtml#q'>7</a></li></ol></nav>"},
    ],
)  # fmt: skip
def test_a_list_of_pages_tells_where_they_begin(parts: dict[str, str]) -> None:
    document = one("<p>a</p><p>b <a id='q'/>c</p><p>d</p>", **parts)
    assert [block.page for block in document.blocks] == [None, None, 7]


def test_what_stands_apart_is_on_no_printed_page() -> None:
    spine = '<itemref idref="p0"/><itemref idref="p1" linear="no"/>'
    pages = {"a.xhtml": "<div epub:type='pagebreak' title='9'/><p>a</p>", "b.xhtml": "<p>b</p>"}
    assert [block.page for block in Book(pages, spine=spine).read().blocks] == [9, None]


# --- what the book says of itself ------------------------------------------------------------------------------------


def test_metadata() -> None:
    entry = one(
        "<h1>Heading</h1><p>a</p>",
        metadata="<dc:title id='s'>Subtitle</dc:title><dc:title id='t'>Sleep &amp; salt</dc:title>"
        "<meta refines='#t' property='title-type'>main</meta><dc:creator>Ann Lee</dc:creator>"
        "<dc:creator>Bo Ek</dc:creator><dc:contributor>Nobody</dc:contributor>"
        "<dc:date opf:event='modification'>2024-05-06</dc:date><dc:date>2021-02-03T00:00:00Z</dc:date>"
        "<dc:publisher>Small Press</dc:publisher><dc:language>en_GB</dc:language><dc:rights>CC BY 4.0</dc:rights>"
        "<dc:identifier>urn:isbn:123</dc:identifier><dc:source>https://example.org/book</dc:source>",
    ).entry
    assert (entry.title, entry.authors, entry.published) == ("Sleep & salt", ("Ann Lee", "Bo Ek"), "2021-02-03")
    assert (entry.publisher, entry.language, entry.licence) == ("Small Press", "en-GB", "CC BY 4.0")
    assert entry.url == "https://example.org/book"


@pytest.mark.parametrize("address", ["urn:uuid:1", "javascript:alert(1)", "https://", "ftp://example.org"])
def test_only_a_web_address_is_a_link(address: str) -> None:
    assert one("<p>a</p>", metadata=f"<dc:identifier>{address}</dc:identifier>").entry.url is None


def test_metadata_as_old_books_write_it() -> None:
    entry = one(
        "<p>a</p>",
        metadata="<dc-metadata xmlns:o='http://purl.org/dc/elements/1.0/'><o:Title>Old</o:Title>"
        "<dc:date opf:event='publication'>1999</dc:date></dc-metadata>",
    ).entry
    assert (entry.title, entry.published) == ("Old", "1999")


# --- refused ---------------------------------------------------------------------------------------------------------


ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
    '<e:EncryptedData><e:EncryptionMethod Algorithm="{}"/><e:CipherData><e:CipherReference URI="{}"/></e:CipherData>'
    "</e:EncryptedData></encryption>"
)
AES = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"


def _with_encryption(algorithm: str, target: str) -> Book:
    return Book({"a.xhtml": "<p>a</p>"}, files={"META-INF/encryption.xml": ENCRYPTED.format(algorithm, target)})


def test_encrypted_text_is_refused_and_scrambled_fonts_are_not() -> None:
    with pytest.raises(UnreadableDocument, match="digital rights management"):
        _with_encryption(AES, "OEBPS/a.xhtml").read()
    assert _with_encryption("http://www.idpf.org/2008/embedding", "OEBPS/f").read().text == "a"
    assert _with_encryption("http://ns.adobe.com/pdf/enc#RC", "OEBPS/f.otf").read().text == "a"
    assert _with_encryption(AES, "OEBPS/f.woff2").read().text == "a"


@pytest.mark.parametrize(
    ("book", "message"),
    [
        (Book({"a.xhtml": "a"}, left_out=("OEBPS/a.xhtml",)), "a.xhtml is named in its spine and is not in it"),
        (Book({"a.xhtml": "a"}, spine='<itemref idref="p0"/><itemref idref="p9"/>'), "'p9' is named in its spine"),
        (Book({"a.xhtml": "a"}, spine=""), "its spine is empty"),
        (Book({"a.xhtml": "a"}, left_out=("OEBPS/content.opf",)), "no package document"),
        (Book({"a.xhtml": "a"}, files={"OEBPS/content.opf": "<package"}), "content.opf cannot be read: It is not well"),
        (Book({"a.xhtml": "<p><img alt='a'/></p>"}), "No word of this book is visible"),
        (Book({"a.xhtml": "<div>" * 9_000 + "a"}), "a.xhtml cannot be read: Its HTML nests"),
        (Book({"a.xhtml": ""}, files={"OEBPS/a.xhtml": b"<p>caf\xe9</p>"}), "Its XML is not utf-8, at byte 6"),
        (Book({}, manifest='<item id="x" href="a.pdf" media-type="application/pdf"/>', spine='<itemref idref="x"/>'),
         "a.pdf is application/pdf, not a page"),
        (Book({"a.xhtml": "a"}, files={"META-INF/encryption.xml": "<e"}), "encryption.xml cannot be read"),
    ],
)  # fmt: skip
def test_what_is_missing_or_broken_is_named(book: Book, message: str) -> None:
    with pytest.raises(UnreadableDocument, match=message) as refusal:
        book.read()
    assert refusal.value.advice


def test_any_cut_or_changed_archive_is_read_or_refused() -> None:
    data = Book({"a.xhtml": "<p>word</p>" * 50}, navigation=toc(("a.xhtml", "One"))).written()
    for position in range(0, len(data), 37):
        for broken in (data[:position], data[:position] + b"\xff\xff" + data[position + 2 :]):
            if looks_like_epub(broken):
                try:
                    assert "word" in read_epub(broken).text
                except UnreadableDocument as refusal:
                    assert refusal.advice


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(Book({"a.xhtml": "<p>a</p>"}).written())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = data.find(signature)
        while position >= 0:
            data[position + offset] |= 1  # the flag that says that a file is encrypted
            position = data.find(signature, position + 1)
    with pytest.raises(UnreadableDocument, match="cannot be unpacked"):
        read_epub(bytes(data))


def test_a_bomb_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="unpacks to more than a book holds"):
        Book({"a.xhtml": "<p>" + "a " * 20_000_000 + "</p>"}).read()


def test_a_book_is_bounded_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {f"{number}.xhtml": f"<p>{'a ' * 50_000}</p>" for number in range(20)}
    with pytest.raises(UnreadableDocument, match="unpacks to more than a book holds"):
        read_epub(Book(pages).written(), Limits(unpacked=1))
    monkeypatch.setattr(epub_container, "_MOST_FILES", 10)
    with pytest.raises(UnreadableDocument, match="more than 10 files"):
        Book(pages).read()


LAUGHS = "<!DOCTYPE html [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE html [<!ENTITY i SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE html SYSTEM "file:///etc/hostname" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;',
        LAUGHS,
    ],
)
def test_entities_are_neither_fetched_nor_expanded(declared: str) -> None:
    for body in ("<p>before &i; after</p>", "<p title='&i;'>before after</p>"):
        book = Book({"a.xhtml": f"{declared}]><html><body>{body}</body></html>"})
        try:
            assert len(book.read().text) < 200
        except UnreadableDocument as refusal:
            assert refusal.advice


# --- what is a book --------------------------------------------------------------------------------------------------


def test_books_are_told_by_their_content() -> None:
    book = Book({"a.xhtml": "<p>a</p>"})
    assert looks_like_epub(book.written())
    assert looks_like_epub(book.written()[:100])  # damaged, and still a book
    book.mimetype = False
    assert looks_like_epub(book.written())
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert not looks_like_epub(other.getvalue())
    for data in (b"", b"PK", b"PK\x03\x04" + b"x" * 100, b"%PDF-1.7", b"<html>"):
        assert not looks_like_epub(data)


# --- any book --------------------------------------------------------------------------------------------------------

Said = list[str]
words = st.text("abcdefghijklmnopqrstuvwxyzéñßαж", min_size=1, max_size=9).map(lambda word: f"q{word}")

FORMS: dict[str, Callable[[Said], str]] = {
    "paragraph": lambda said: f"<p class='unseen'>{' '.join(said)}</p>",
    "heading": lambda said: f"<h2>{' '.join(said)}</h2>",
    "bold": lambda said: f"<p><b>{' '.join(said)}</b></p>",
    "items": lambda said: f"<ol>{''.join(f'<li>{word}</li>' for word in said)}</ol>",
    "table": lambda said: f"<table><tr>{''.join(f'<td>{word}</td>' for word in said)}</tr></table>",
    "quotation": lambda said: f"<blockquote><p>{' '.join(said)}</p></blockquote>",
    "section": lambda said: f"<section><div>{'</div><div>'.join(said)}</div></section>",
    "broken page": lambda said: "<p>" + "<span epub:type='pagebreak' title='3'/> ".join(said) + "</p>",
    "note": lambda said: f"<aside epub:type='footnote'><p>{' '.join(said)}</p></aside>",
    "note in a line": lambda said: f"<p><span role='doc-footnote'>{' '.join(said)}</span></p>",
    "notes": lambda said: f"<ol epub:type='endnotes'><li epub:type='endnote'>{' '.join(said)}</li></ol>",
    "unseen": lambda said: f"<p hidden='hidden'>unseen</p><p>{' '.join(said)}</p><script>unseen</script>",
}
MOVED = ("note", "note in a line")
parts = st.lists(st.tuples(st.sampled_from(sorted(FORMS)), st.lists(words, min_size=1, max_size=5)), max_size=6)
titles = words.map(lambda word: f"qT{word}")  # which no other word is like
chapters = st.tuples(st.sampled_from(["headed", "named", "unnamed"]), titles, parts)


@deterministic
@given(st.lists(chapters, min_size=1, max_size=5))
def test_books_of_known_words(made: list[tuple[str, str, list[tuple[str, Said]]]]) -> None:
    pages: dict[str, str] = {}
    entries: list[tuple[str, str]] = []
    expected: list[tuple[str, str | None]] = []
    chapter: str | None = None
    for number, (form, title, content) in enumerate(made):
        beginning = {"headed": f"<h1>{title}</h1>", "named": "<p>q</p>", "unnamed": ""}[form]
        pages[f"{number}.xhtml"] = beginning + "".join(FORMS[kind](said) for kind, said in content)
        if form != "unnamed":
            entries.append((f"{number}.xhtml", title))
            chapter = title
            expected.append((title if form == "headed" else "q", chapter))
        for moved in (False, True):
            expected += [(word, chapter) for kind, said in content if (kind in MOVED) == moved for word in said]
    if not expected:
        return
    document = Book(pages, navigation=toc(*entries)).read()
    assert "unseen" not in document.text
    found = [
        (word, block.section)
        for block in document.blocks
        for word in text_of(document, block).split()
        if word.startswith("q")
    ]
    assert [word for word, _ in found] == [word for word, _ in expected]
    assert all(name is None or section[0] == name for (_, section), (_, name) in zip(found, expected, strict=True))


@deterministic
@given(st.binary(max_size=300), st.sampled_from(["OEBPS/a.xhtml", "OEBPS/content.opf", "OEBPS/nav.xhtml"]))
def test_any_part_is_read_or_refused(content: bytes, name: str) -> None:
    book = Book({"a.xhtml": "<p>a</p>"}, navigation=toc(("a.xhtml", "One")), files={name: content})
    try:
        book.read()
    except UnreadableDocument as refusal:
        assert refusal.advice


# --- books of others -------------------------------------------------------------------------------------------------


def without_marks(markdown: str) -> list[str]:
    """Return the words of a Markdown text."""
    text = re.sub(r"<!--.*?-->|\]\([^)]*\)", " ", unescape(markdown), flags=re.DOTALL)
    return re.findall(r"\w+", text.replace("_", " "))


def words_in_order(gold: list[str], found: list[str]) -> float:
    """Return the share of the words that are found in their order: the longest common subsequence."""
    longest = [0] * (len(found) + 1)
    for word in gold:
        before = 0
        for index, other in enumerate(found, 1):
            above = longest[index]
            longest[index] = before + 1 if word == other else max(above, longest[index - 1])
            before = above
    return longest[-1] / len(gold)


def test_the_share_of_words_in_order() -> None:
    gold = without_marks("# A *poem*\n\n<!-- image -->\n\n- [b](https://example.org) c\n")
    assert gold == ["A", "poem", "b", "c"]
    assert words_in_order(gold, one("<h1>A <i>poem</i></h1><ul><li>c</li></ul>").text.split()) == 0.75
