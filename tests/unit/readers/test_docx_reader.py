"""Word files: what is seen of them, in blocks, with lists and headings numbered as Word numbers them."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import given
from hypothesis import strategies as st
from made import assert_sound, block_with, read, shown, text_of
from made.word import (
    NAMESPACES,
    NUMBERING,
    OOXML,
    STYLES,
    field,
    item,
    p,
    package,
    style,
    t,
    table,
    zipped,
)
from support.properties import examples

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import AUTHOR, Attribution, Document
from rag.readers.word.docx_reader import read_docx
from rag.readers.word.list_numbering import formatted


def of(body: str, links: str = "", **parts: str) -> Document:
    """Read a document of this body."""
    document = read(package(body, parts, links), "a.docx")
    assert_sound(document)
    assert all(block.page is None and block.lines is None for block in document.blocks)
    return document


def texts(document: Document) -> list[str]:
    """The text of each block."""
    return [text for _, text in shown(document)]


# Running text


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (t("One ") + t("two"), "One two"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r>", "a\tb\nc\nd"),
        ("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t></w:r>", "a\u2011b\u00adc"),
        (t("10\u00a0mg  ﬁne"), "10\u00a0mg  ﬁne"),
        ("<w:r><w:t>\n   a\n   b\n</w:t></w:r>", "a b"),
        ('<w:r><w:t>a </w:t><w:sym w:font="Symbol" w:char="F0A3"/><w:t> 3</w:t></w:r>', "a ≤ 3"),
        ('<w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "α☑"),
        ('<w:r><w:sym w:font="Times" w:char="2265"/><w:sym w:font="Times" w:char="F041"/></w:r>', "≥A"),
        ('<w:r><w:sym w:char="zz"/><w:sym w:char="D800"/><w:sym w:char="FFFFFFFFF"/><w:t>a</w:t></w:r>', "a"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf0b3a</w:t></w:r>', "≥a"),
        ("<w:r><w:t>a\uf0b3</w:t></w:r>", "a\uf0b3"),
        # changes
        (t("a") + f"<w:ins>{t('b')}</w:ins><w:del><w:r><w:delText>no</w:delText></w:r></w:del>", "ab"),
        (f"<w:moveFrom>{t('no')}</w:moveFrom><w:moveTo>{t('a')}</w:moveTo>", "a"),
        (t("a") + '<w:r><w:commentReference w:id="1"/></w:r>', "a"),
        # hidden text
        (t("a") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r>", "a"),
        (t("a") + '<w:r><w:rPr><w:rStyle w:val="Secret"/></w:rPr><w:t>no</w:t></w:r>', "a"),
        ('<w:r><w:rPr><w:vanish w:val="0"/><w:rStyle w:val="Secret"/></w:rPr><w:t>a</w:t></w:r>', "a"),
        (t("a") + "<w:r><w:rPr><w:webHidden/></w:rPr><w:t>b</w:t></w:r>", "ab"),
        # fields and links
        (t("See ") + field("REF x", t("page 3")) + t("."), "See page 3."),
        (field(" IF ", t("a")) + field("A " + field("B", t("no")), t("b")), "ab"),
        ('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>XE</w:instrText></w:r>' + t("a"), "a"),
        ('<w:r><w:fldChar w:fldCharType="end"/></w:r>' + t("a"), "a"),
        (f'<w:fldSimple w:instr="PAGE">{t("7")}</w:fldSimple>', "7"),
        (f'<w:hyperlink r:id="none">{t("a")}</w:hyperlink>{t("b")}', "ab"),
        # wrappers
        (f'<w:sdt><w:sdtPr><w:alias w:val="no"/></w:sdtPr><w:sdtContent>{t("a")}</w:sdtContent></w:sdt>', "a"),
        (f"<w:smartTag><w:customXml>{t('a')}</w:customXml></w:smartTag>", "a"),
        (f"<w:r><w:ruby><w:rt>{t('kan')}</w:rt><w:rubyBase>{t('漢')}</w:rubyBase></w:ruby></w:r>{t('b')}", "漢 kanb"),
        # forms
        ('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox>'
         '</w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>', "☒"),
        ('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="a"/>'
         '<w:listEntry w:val="b"/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
         "b"),
    ],
)  # fmt: skip
def test_what_is_seen_of_a_paragraph(inner: str, text: str) -> None:
    assert shown(of(p(inner), styles=STYLES)) == [("paragraph", text)]


def test_paragraphs_whose_end_is_gone_run_on() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    assert texts(of(p("a", own=gone) + p("b", own=gone) + p("c") + p("d", own=gone))) == ["abc", "d"]
    assert texts(of(p("a", own=gone) + table(["b"]))) == ["a", "b"]
    assert texts(of(p("O", own='<w:framePr w:dropCap="drop"/>') + p("nce"))) == ["Once"]
    assert texts(of(p("a", own="<w:rPr><w:vanish/><w:specVanish/></w:rPr>") + p("b"))) == ["a", "b"]


def test_a_field_over_paragraphs_and_one_without_an_end() -> None:
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{sign}"/></w:r>' for sign in ("begin", "separate", "end"))
    code = "<w:r><w:instrText>INCLUDE</w:instrText></w:r>"
    assert texts(of(p(begin, code, middle, "a") + p("b", end))) == ["a", "b"]
    assert texts(of(p(begin, code, "a") + p("b"))) == ["a", "b"]


# Headings


def test_headings_by_style_outline_and_name() -> None:
    document = of(
        p("One", style="Heading1")
        + p("Two", style="Mine")
        + p("Three", style="berschrift3")
        + p("Note", style="Plain")
        + p("Own", own='<w:outlineLvl w:val="1"/>')
        + p("No", style="Heading1", own='<w:outlineLvl w:val="9"/>')
        + p("Text", style="Loop")
        + p(style="Heading1"),
        styles=STYLES,
    )
    assert [(block.kind, block.section) for block in document.blocks] == [
        ("heading", ("One",)),
        ("heading", ("One", "Two")),
        ("heading", ("One", "Two", "Three")),
        ("paragraph", ("One", "Two", "Three")),
        ("heading", ("One", "Own")),
        ("paragraph", ("One", "Own")),
        ("paragraph", ("One", "Own")),
    ]
    assert document.title == "One"


def test_numbered_headings_show_their_numbers() -> None:
    numbered = '<w:pPr><w:outlineLvl w:val="{}"/><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>'
    styles = "".join(style(f"Heading{n + 1}", f"heading {n + 1}", numbered.format(n)) for n in range(2))
    body = p("A", style="Heading1") + p("B", style="Heading2") + p("C", style="Heading2") + p("D", style="Heading1")
    body += p("E", style="Heading2") + p("F", style="Heading1", own='<w:numPr><w:numId w:val="0"/></w:numPr>')
    document = of(body, styles=f"<w:styles>{styles}</w:styles>", numbering=NUMBERING)
    assert texts(document) == ["I A", "1.1 B", "1.2 C", "II D", "2.1 E", "F"]
    assert document.blocks[4].section == ("II D", "2.1 E")


def test_a_title_stands_over_the_headings() -> None:
    document = of(p("All", style="Title") + p("One", style="Heading1") + p("Text"), styles=STYLES)
    assert document.title == "All"
    assert document.blocks[2].section == ("All", "One")


def test_a_bold_line_heads_the_text_below() -> None:
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>Dose</w:t></w:r>"
    strong = '<w:r><w:rPr><w:rStyle w:val="Strong"/></w:rPr><w:t>Use</w:t></w:r>'
    document = of(p(bold) + p("a") + p(strong) + p("b") + p(bold, " and more") + p("c"), styles=STYLES)
    assert [text for kind, text in shown(document) if kind == "heading"] == ["Dose", "Use"]


def test_a_bold_sentence_is_text_and_no_heading() -> None:
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>Do not take it if you are allergic to it.</w:t></w:r>"
    assert [kind for kind, _ in shown(of(p(bold) + p("a"), styles=STYLES))] == ["paragraph", "paragraph"]


def test_a_bold_line_above_a_note_or_a_running_head_is_none() -> None:
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>Closed.</w:t></w:r>"
    section = '<w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr>'
    header = f"<w:hdr>{p('Leaflet')}</w:hdr>"
    assert "heading" not in [kind for kind, _ in shown(of(p("a") + p(bold) + section, header1=header))]
    notes = _notes("footnote", p(bold) + p("b"))
    assert "heading" not in [kind for kind, _ in shown(of(p(bold, _reference("footnote", 1)), footnotes=notes))]


# Lists


@pytest.mark.parametrize(
    ("items", "marks"),
    [
        ([(1, 0), (1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1)], "1. 2. 2.a) 2.b) (i) 3. 3.a)"),
        ([(1, 0), (2, 0), (1, 0)], "1. • 2."),  # resumed after another list
        ([(1, 0), (13, 0), (1, 0)], "1. 2. 3."),  # another list of the same definition goes on
        ([(1, 0), (1, 0), (11, 0), (11, 0), (1, 0)], "1. 2. 5. 6. 7."),  # started anew
        ([(12, 0), (12, 0)], "Step 01: Step 02:"),
        ([(1, 1), (1, 1), (1, 0)], "1.a) 1.b) 2."),  # a level that was skipped
        ([(2, 0), (2, 1), (2, 2), (2, 3), (2, 4)], "• ◦ ▪ – •"),
        ([(4, 0), (4, 1), (4, 0), (4, 1)], "1. 1. 2. 2."),  # a level that never restarts
        ([(5, 0), (6, 0)], "A:q q"),  # by a list style, without a gap; no such list
    ],
)
def test_numbers_and_bullets_are_as_word_computes_them(items: list[tuple[int, int]], marks: str) -> None:
    document = of("".join(item("q", number, level) for number, level in items), numbering=NUMBERING)
    assert " ".join(texts(document)).replace(" q", "") == marks.replace(" q", "")


def test_lists_by_style_and_list_items_in_quotations() -> None:
    document = of(p("a", style="ListNumber") + p("b", style="ListNumber"), styles=STYLES, numbering=NUMBERING)
    assert shown(document) == [("list item", "1. a"), ("list item", "2. b")]
    own = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'
    quoted = of(p("a", style="Quote", own=own), styles=STYLES, numbering=NUMBERING)
    assert shown(quoted) == [("list item", "• a")]
    assert quoted.blocks[0].attribution.kind == "quoted"


def test_an_item_without_words_counts() -> None:
    assert texts(of(item("a") + item("") + item("b"), numbering=NUMBERING)) == ["1. a", "3. b"]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (1994, "lowerRoman", "mcmxciv"),
        (4, "upperRoman", "IV"),
        (0, "lowerRoman", "0"),
        (28, "lowerLetter", "bb"),
        (10**9, "upperLetter", "1000000000"),
        (3, "decimalZero", "03"),
        (12, "ordinal", "12th"),
        (23, "ordinal", "23rd"),
        (5, "chicago", "**"),
        (5, "none", ""),
        (12, "chineseCounting", "十二"),
        (30, "japaneseCounting", "三十"),
        (3, "decimalEnclosedCircle", "③"),
        (10, "decimalFullWidth", "１０"),
        (2, "russianUpper", "Б"),
        (7, "cardinalText", "7"),
    ],
)
def test_number_formats(number: int, form: str, text: str) -> None:
    assert formatted(number, form) == text


# Tables


def _controlled(xml: str, name: str) -> str:
    opened = xml.replace(f"<{name}>", f"<w:sdt><w:sdtContent><{name}>")
    return opened.replace(f"</{name}>", f"</{name}></w:sdtContent></w:sdt>")


def _cell(text: str, own: str) -> str:
    return f"<w:tcPr>{own}</w:tcPr>{p(text)}"


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        (table(["a", "b"], ["c", "d"]), [("table row", "a\tb"), ("table row", "c\td")]),
        (table([p("a") + p("b"), "c"]), [("table row", "a b\tc")]),
        (table([p("<w:r><w:t>a</w:t><w:tab/><w:br/><w:t>b\u00a0</w:t></w:r>"), "d"]), [("table row", "a b\td")]),
        (table(["10\u00a0mg  a", "d"]), [("table row", "10\u00a0mg  a\td")]),
        (table([item("a", 2) + item("b", 2), "c"]), [("table row", "• a • b\tc")]),
        (table([_cell("a", '<w:gridSpan w:val="2"/>'), "b"]), [("table row", "a\tb")]),
        (
            table(["a", _cell("b", '<w:vMerge w:val="restart"/>'), "c"], ["d", _cell("no", "<w:vMerge/>"), "e"]),
            [("table row", "a\tb\tc"), ("table row", "d\t\te")],
        ),
        (table([_cell("a", "<w:hMerge/>"), _cell("b", "<w:vMerge/>")]), [("table row", "a\tb")]),  # no first one
        (table(["", ""], ["a", "b"]), [("table row", "a\tb")]),
        (table(["a", "b"]).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>") + p("c"), [("paragraph", "c")]),
        (table(["a", "b"]).replace("<w:tr>", "<w:tr><w:trPr><w:ins/></w:trPr>"), [("table row", "a\tb")]),
        # a row that holds a table lays out
        (
            table(["a", p("b") + table(["c", "d"]) + p("e")]),
            [("paragraph", "a"), ("paragraph", "b"), ("table row", "c\td"), ("paragraph", "e")],
        ),
        # one cell: a line of a table, or a box
        (table(["a"]), [("table row", "a")]),
        (table([p("a") + item("b", 2)]), [("paragraph", "a"), ("list item", "• b")]),
        (table([p("A", style="Heading1") + p("b"), "c"]), [("heading", "A"), ("paragraph", "b"), ("paragraph", "c")]),
        (table([p("A", style="Heading1"), p("B", style="Heading1")]), [("table row", "A\tB")]),
        # content controls around rows and cells
        (_controlled(table(["a", "b"]), "w:tr"), [("table row", "a\tb")]),
        (_controlled(table(["a", "b"]), "w:tc"), [("table row", "a\tb")]),
        (_controlled(p("a"), "w:p"), [("paragraph", "a")]),
    ],
)  # fmt: skip
def test_tables(body: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(of(body, styles=STYLES, numbering=NUMBERING)) == blocks


# Notes


def _notes(kind: str, *inner: str) -> str:
    texts = "".join(f'<w:{kind} w:id="{index}">{text}</w:{kind}>' for index, text in enumerate(inner, 1))
    separator = f'<w:{kind} w:type="separator" w:id="0">{p("no")}</w:{kind}>'
    return f"<w:{kind}s>{separator}{texts}</w:{kind}s>"


def _reference(kind: str, name: int, own: str = "") -> str:
    return f'<w:r><w:{kind}Reference w:id="{name}"{own}/></w:r>'


def test_notes_stand_at_the_end_with_their_marks() -> None:
    mark = "<w:r><w:footnoteRef/></w:r>"
    footnotes = _notes("footnote", p(mark, " First") + p("goes on"), p("not referred to"), p(mark, "Third"))
    document = of(
        p("Take 40", _reference("footnote", 3), " mg", _reference("footnote", 1), ".")
        + table(["a", p("b", _reference("endnote", 1))]),
        footnotes=footnotes,
        endnotes=_notes("endnote", p("<w:r><w:endnoteRef/></w:r>", "\tEnd")),
    )
    assert shown(document) == [
        ("paragraph", "Take 40[1] mg[2]."),
        ("table row", "a\tb[i]"),
        ("footnote", "[1] Third"),
        ("footnote", "[2] First"),
        ("footnote", "goes on"),
        ("footnote", "[i] End"),
    ]


def test_notes_with_marks_of_the_writers_own_and_other_formats() -> None:
    own = _reference("footnote", 1, ' w:customMarkFollows="1"')
    settings = '<w:settings><w:footnotePr><w:numFmt w:val="upperLetter"/></w:footnotePr></w:settings>'
    footnotes = _notes("footnote", p("* Own"), p("<w:r><w:footnoteRef/></w:r>", " Second"))
    body = p("a", own, "*") + p("b", _reference("footnote", 2))
    assert texts(of(body, footnotes=footnotes, settings=settings)) == ["a*", "b[A]", "* Own", "[A] Second"]


def test_notes_that_begin_anew_with_each_section() -> None:
    section = '<w:sectPr><w:footnotePr><w:numRestart w:val="eachSect"/></w:footnotePr></w:sectPr>'
    mark = "<w:r><w:footnoteRef/></w:r>"
    body = p("a", _reference("footnote", 1), own=section) + p("b", _reference("footnote", 2))
    assert texts(of(body, footnotes=_notes("footnote", p(mark, " x"), p(mark, " y")))) == [
        "a[1]",
        "b[1]",
        "[1] x",
        "[1] y",
    ]


def test_a_note_in_deleted_or_hidden_text_is_none() -> None:
    reference = _reference("footnote", 1)
    gone = f"<w:del>{reference}</w:del>" + reference.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
    assert texts(of(p("a", gone), footnotes=_notes("footnote", p("no")))) == ["a"]


# What floats, and what is drawn


def _box(text: str) -> str:
    return f"<wps:txbx><w:txbxContent>{p(text)}</w:txbxContent></wps:txbx>"


def test_a_text_box_is_read_once() -> None:
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{_box('Box')}</mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{p('Box')}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    old = f"<w:r><w:pict><v:textbox><w:txbxContent>{table(['a', 'b'])}</w:txbxContent></v:textbox></w:pict></w:r>"
    fallback = f"<w:r><mc:AlternateContent><mc:Fallback>{_box('Only')}</mc:Fallback></mc:AlternateContent></w:r>"
    assert shown(of(p("One ", both, "two", old) + p(fallback))) == [
        ("paragraph", "One two"),
        ("paragraph", "Box"),
        ("table row", "a\tb"),
        ("paragraph", "Only"),
    ]


def test_hidden_boxes_word_art_and_drawn_text() -> None:
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr>{_box('no')}</w:r>"
    art = '<w:r><w:pict><v:textpath string="Welcome"/></w:pict></w:r>'
    drawn = "<w:r><w:drawing><a:p><a:r><a:t>Drawn</a:t></a:r></a:p></w:drawing></w:r>"
    assert texts(of(p("a", hidden, art, drawn))) == ["a", "Welcome", "Drawn"]


def test_charts_and_diagrams() -> None:
    def points(*values: str) -> str:
        return "".join(f'<c:pt idx="{index}"><c:v>{value}</c:v></c:pt>' for index, value in enumerate(values))

    chart = (
        "<c:chartSpace><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Doses</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        f"<c:plotArea><c:barChart><c:ser><c:tx>{points('mg')}</c:tx><c:cat>{points('Men', 'Women')}</c:cat>"
        f"<c:val>{points('4.4000000000000004', '3')}</c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )
    diagram = (
        "<dgm:dataModel><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>First</a:t></a:r></a:p></dgm:t></dgm:pt>"
        "<dgm:pt><dgm:t><a:p/></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>Then</a:t></a:r></a:p></dgm:t></dgm:pt>"
        "</dgm:ptLst></dgm:dataModel>"
    )
    drawings = '<w:r><w:drawing><c:chart r:id="chart"/><dgm:relIds r:dm="diagramData"/></w:drawing></w:r>'
    assert shown(of(p("a", drawings, drawings), chart=chart, diagramData=diagram)) == [
        ("paragraph", "a"),
        ("caption", "Doses"),
        ("table row", "mg"),
        ("table row", "Men\t4.4"),
        ("table row", "Women\t3"),
        ("paragraph", "First"),
        ("paragraph", "Then"),
    ]


def m(text: str) -> str:
    """A run of an equation."""
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("equation", "text"),
    [
        (f"{m('E=m')}<m:sSup><m:e>{m('c')}</m:e><m:sup>{m('2')}</m:sup></m:sSup>", "E=mc2"),
        (f"<m:f><m:num>{m('1')}</m:num><m:den>{m('2')}</m:den></m:f>", "1/2"),
        (f'<m:f><m:fPr><m:type m:val="noBar"/></m:fPr><m:num>{m("n")}</m:num><m:den>{m("k")}</m:den></m:f>', "n k"),
        (f"<m:d><m:e>{m('a')}</m:e><m:e>{m('b')}</m:e></m:d>", "(a|b)"),
        (f'<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val=""/></m:dPr><m:e>{m("a")}</m:e></m:d>', "[a"),
        (f"<m:rad><m:deg/><m:e>{m('2')}</m:e></m:rad>", "√2"),
        (
            f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{m("n=1")}</m:sub><m:sup>{m("9")}</m:sup>'
            f"<m:e>{m('n')}</m:e></m:nary>",
            "∑ n=1 9 n",
        ),
        (f"<m:func><m:fName>{m('log')}</m:fName><m:e>{m('x')}</m:e></m:func>", "log x"),
        (f"<m:acc><m:e>{m('x')}</m:e></m:acc>", "x\u0302"),
        (f"<m:m><m:mr><m:e>{m('1')}</m:e><m:e>{m('0')}</m:e></m:mr><m:mr><m:e>{m('2')}</m:e></m:mr></m:m>", "1 0\n2"),
        (f"{m('a')}</m:oMath><m:oMath>{m('b')}", "a b"),
    ],
)
def test_equations_are_their_text_in_order(equation: str, text: str) -> None:
    assert texts(of(p(f"<m:oMath>{equation}</m:oMath>"))) == [text]
    assert texts(of(p("Let ", f"<m:oMath>{m('x')}</m:oMath>", " be"))) == ["Let x be"]


# Styles that say what a paragraph is


def test_quotations_captions_and_code() -> None:
    link = '<Relationship Id="l" Type="x/hyperlink" Target="https://example.org/a" TargetMode="External"/>'
    document = of(
        p("She wrote in ", f'<w:hyperlink r:id="l">{t("her post")}</w:hyperlink>', ":")
        + p("One.", style="Quote")
        + p("Two.", style="IntenseQuote")
        + p("He wrote:")
        + p("Three.", style="Quote")
        + p("Figure 1", style="Figure")
        + p("if x:", style="SourceCode")
        + p("  y", style="SourceCode")
        + p("See there.", style="SourceReference"),
        links=link,
        styles=STYLES,
    )
    assert shown(document) == [
        ("paragraph", "She wrote in her post:"),
        ("quotation", "One."),
        ("quotation", "Two."),
        ("paragraph", "He wrote:"),
        ("quotation", "Three."),
        ("caption", "Figure 1"),
        ("code", "if x:\n  y"),
        ("paragraph", "See there."),
    ]
    first = Attribution("quoted", None, "https://example.org/a")
    speakers = [block.attribution for block in document.blocks]
    assert speakers[:5] == [AUTHOR, first, first, AUTHOR, Attribution("quoted")]
    assert set(speakers[5:]) == {AUTHOR}


def test_a_field_links_as_well() -> None:
    link = field(' HYPERLINK "https://example.org/b" ', t("there"))
    document = of(p("It is said ", link) + p("So.", style="Quote"), styles=STYLES)
    assert document.blocks[1].attribution.url == "https://example.org/b"


def test_contents_are_furniture() -> None:
    contents = p(field("TOC 1", t("Dose") + t(" 3")))
    document = of(contents + p("Use\t4", style="TOC1") + p("Dose"), styles=STYLES)
    assert [block.furniture for block in document.blocks] == ["the table of contents"] * 2 + [None]


def test_running_heads_are_furniture_once_each() -> None:
    def head(kind: str, of_pages: str) -> str:
        return f'<w:headerReference w:type="{of_pages}" r:id="{kind}"/>'

    section = f"<w:sectPr>{head('header1', 'default')}{head('header2', 'first')}{head('header3', 'even')}"
    section += '<w:footerReference w:type="default" r:id="footer1"/></w:sectPr>'
    parts = {f"header{n}": f"<w:hdr>{p(text)}</w:hdr>" for n, text in ((1, "Leaflet"), (2, "Cover"), (3, "Even"))}
    parts["footer1"] = f"<w:ftr>{p('Page ', field('PAGE', t('1')), style='Heading1')}</w:ftr>"
    document = of(p("a", own=section) + section, styles=STYLES, **parts)
    heads = [(text_of(document, block), block.furniture) for block in document.blocks[1:]]
    assert heads == [("Leaflet", "page header"), ("Page 1", "page footer")]
    shown_first = of(p("a") + section.replace("</w:sectPr>", "<w:titlePg/></w:sectPr>"), **parts)
    assert texts(shown_first) == ["a", "Leaflet", "Cover", "Page 1"]


# What a file says of itself


def _core(**stated: str) -> str:
    prefixes = {"created": "dcterms", "modified": "dcterms"}
    inner = "".join(f"<{prefixes.get(k, 'dc')}:{k}>{v}</{prefixes.get(k, 'dc')}:{k}>" for k, v in stated.items())
    return f"<cp:coreProperties>{inner}</cp:coreProperties>"


def test_what_a_file_says_of_itself() -> None:
    core = _core(title="Sleep", creator="A. Writer; B. Other", created="2021-05-06T07:08:09Z", language="en-GB")
    entry = read_docx(package(p("a"), {"core": core})).entry
    assert (entry.title, entry.authors, entry.published) == ("Sleep", ("A. Writer", "B. Other"), "2021-05-06")
    assert entry.language == "en-GB"


@pytest.mark.parametrize(
    "core",
    [
        _core(title="Microsoft Word - a.doc", creator="Microsoft Office User", created="1601-01-01T00:00:00Z"),
        _core(title="Word Document", creator="python-docx", created="2013-12-23T23:15:00Z", language="English"),
        _core(title="Document1", creator=" ; ", created="soon", modified="0000"),
    ],
)
def test_what_programs_write_of_their_own_accord_is_not_stated(core: str) -> None:
    entry = read_docx(package(p("a"), {"core": core})).entry
    assert (entry.title, entry.authors, entry.published, entry.language) == (None, (), None, None)


# Dialects


def test_strict_files_say_the_same() -> None:
    address = f"{OOXML}/wordprocessingml/2006/main"
    body = (
        item("a")
        + table(["b", "c"])
        + p("d", style="Heading1")
        + p("<w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r>")
    )
    body += p(f"see {address}", f"<m:oMath>{m('x')}</m:oMath>", _reference("footnote", 1))
    parts = {"styles": STYLES, "numbering": NUMBERING, "footnotes": _notes("footnote", p("e"))}
    data = package(body, parts)
    members: dict[str, str] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            xml = archive.read(name).decode()
            xml = re.sub(rf'(="){OOXML}/(\w+)/2006/', r"\1http://purl.oclc.org/ooxml/\2/", xml)
            members[name] = xml
    strict = read_docx(zipped(members))
    assert "purl.oclc.org" in members["word/d.xml"]
    assert strict == read_docx(data)
    assert address in strict.text
    assert strict.text.startswith("1. a\n\nb\tc\n\nd")


def test_odd_packages_are_read_as_word_reads_them() -> None:
    lost = (
        '<Relationship Id="n" Type="x/image" Target="NULL"/><Relationship Id="h" Type="x/header" Target="../none.xml"/>'
    )
    section = '<w:sectPr><w:headerReference w:type="default" r:id="h"/></w:sectPr>'
    assert texts(of(p("a") + section, links=lost)) == ["a"]
    with zipfile.ZipFile(io.BytesIO(package(p("a")))) as archive:
        members = {
            name.replace("word/d.xml", "Word\\D.xml"): archive.read(name).decode() for name in archive.namelist()
        }
    assert read_docx(zipped(members)).text == "a"
    assert read(package(p("a")), "a.docm").text == "a"


# Refusals


def _refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason) as caught:
        read_docx(data)
    assert caught.value.advice


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD = package(p("Words of a document"), {"styles": STYLES, "numbering": NUMBERING})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + "WordDocument".encode("utf-16-le"), "old Microsoft Office"),
        (b"{\\rtf1 a}", "no Word file"),
        (GOOD[:-200], "damaged"),
        (GOOD[:40], "damaged"),
        (zipped({"a.txt": "a"}), "ZIP archive, and no Word file"),
        (zipped({"word/document.xml": "<workbook/>"}), "Excel"),
        (zipped({"word/document.xml": "<html/>"}), "another kind"),
        (zipped({"word/document.xml": "<w:document"}), "damaged"),
        (zipped({"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "document type"),
        (package(""), "No word"),
        (package(p(" ") + p("<w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r>")), "No word"),
        (package(p("a") + '<w:altChunk r:id="x"/>'), "another file"),
        (package(p("a", '<w:subDoc r:id="x"/>')), "another file"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, reason: str) -> None:
    _refused(data, reason)


def test_bombs_are_refused() -> None:
    _refused(package(p("a" * (33 * 2**20))), "times its size")
    large = package(p("a" * 2**20), {"styles": STYLES})
    assert len(read_docx(large).text) == 2**20
    with pytest.raises(UnreadableDocument, match="more than 1 MiB"):
        read_docx(large, Limits(unpacked=1))


def test_nesting_is_walked_or_refused() -> None:
    for depth, body in ((80, "q"), (3_000, "q"), (100_000, "q")):
        for opened, closed in (("<w:sdt>", "</w:sdt>"), ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>")):
            data = package(opened * depth + p(body) + closed * depth)
            try:
                assert read_docx(data).text == "q"
            except UnreadableDocument:
                assert depth > 100


def test_absurd_counts_are_harmless() -> None:
    absurd = '<w:lvl w:ilvl="0"><w:start w:val="999999999"/><w:numFmt w:val="upperLetter"/>'
    absurd += f'<w:lvlText w:val="{"%1" * 500}"/></w:lvl>'
    absurd = f'<w:abstractNum w:abstractNumId="0">{absurd}</w:abstractNum>'
    absurd += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    document = of(
        item("a", 1, 999_999_999) + item("b") + item("c", -4, -4), numbering=f"<w:numbering>{absurd}</w:numbering>"
    )
    assert [text[-1] for text in texts(document)] == ["a", "b", "c"]
    assert len(document.text) < 300


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(10):
        data = bytearray(GOOD)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_docx(bytes(data))
        except UnreadableDocument as refusal:
            assert refusal.message and refusal.advice


# Elements that mean something to the reader, one inside another in any way.
NAMES = (
    "w:p w:r w:t w:tbl w:tr w:tc w:sdt w:sdtContent w:pPr w:rPr w:numPr w:vanish w:del w:ins w:hyperlink w:txbxContent"
    " w:footnoteReference w:footnoteRef w:fldChar w:instrText w:ruby w:rt w:rubyBase w:sym w:tab w:br w:sectPr w:vMerge"
    " w:headerReference mc:AlternateContent mc:Choice mc:Fallback v:textpath c:chart dgm:relIds a:p a:t m:oMath m:r m:t"
    " m:f m:num m:den m:d m:e m:nary m:m m:mr m:acc m:rad w:tcPr w:trPr w:framePr w:lvl w:body w:unknown"
).split()
ATTRIBUTES = (
    'w:val="1" w:val="x" w:val="drop" w:fldCharType="begin" w:fldCharType="separate" w:fldCharType="end" w:id="1"'
    ' w:id="" r:id="header1" r:id="nothing" w:char="F0B7" w:customMarkFollows="1" string="a" w:type="first"'
    ' w:dropCap="drop"'
).split()


@pytest.mark.parametrize("seed", range(60))
def test_any_elements_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)

    def tree(depth: int) -> str:
        name = chance.choice(NAMES)
        own = chance.choice(["", *ATTRIBUTES])
        inner = [tree(depth - 1) if depth and chance.random() < 0.8 else "q " for _ in range(chance.randrange(4))]
        return f"<{name} {own}>{''.join(inner)}</{name}>"

    for _ in range(10):
        body = "".join(tree(6) for _ in range(5))
        parts = {"styles": STYLES, "numbering": NUMBERING, "header1": f"<w:hdr>{tree(4)}</w:hdr>"}
        parts["footnotes"] = f'<w:footnotes><w:footnote w:id="1">{tree(4)}</w:footnote></w:footnotes>'
        try:
            of(body + p("end"), **parts)
        except UnreadableDocument as refusal:
            assert "Reading it failed" not in refusal.message, refusal.__cause__


# Properties: documents that python-docx wrote

words = st.text("abcdefghijklmnopqrstuvwxyzéñßαж", min_size=1, max_size=9).map(lambda word: f"q{word}")
said = st.lists(words, min_size=1, max_size=5)


def _runs(document: Any, words_of: list[str]) -> None:
    paragraph = document.add_paragraph()
    for index, word in enumerate(words_of):
        run = paragraph.add_run(word + " ")
        run.bold, run.italic = index % 2 == 1, index % 3 == 0
    hidden = paragraph.add_run("unseen")
    hidden.font.hidden = True


def _table(document: Any, words_of: list[str]) -> None:
    made = document.add_table(rows=2, cols=len(words_of))
    for cell, word in zip(made.rows[0].cells, words_of, strict=True):
        cell.text = word
    made.cell(1, 0).merge(made.cell(1, len(words_of) - 1)).text = "qmerged"


def _control(document: Any, words_of: list[str]) -> None:
    document.element.body.insert_element_before(
        parse_xml(f"<w:sdt {NAMESPACES}><w:sdtContent>{p(' '.join(words_of))}</w:sdtContent></w:sdt>"), "w:sectPr"
    )


FORMS: dict[str, Callable[[Any, list[str]], Any]] = {
    "paragraph": lambda document, words_of: document.add_paragraph(" ".join(words_of)),
    "runs": _runs,
    "breaks": lambda document, words_of: document.add_paragraph("\n".join(words_of)),
    "tabs": lambda document, words_of: document.add_paragraph("\t".join(words_of)),
    "bullets": lambda document, words_of: [document.add_paragraph(word, "List Bullet") for word in words_of],
    "numbers": lambda document, words_of: [document.add_paragraph(word, "List Number 2") for word in words_of],
    "quotation": lambda document, words_of: document.add_paragraph(" ".join(words_of), "Intense Quote"),
    "caption": lambda document, words_of: document.add_paragraph(" ".join(words_of), "Caption"),
    "page break": lambda document, words_of: (document.add_page_break(), document.add_paragraph(" ".join(words_of))),
    "section": lambda document, words_of: (document.add_paragraph(" ".join(words_of)), document.add_section()),
    "table": _table,
    "control": _control,
}
parts_of = st.lists(
    st.tuples(st.sampled_from(sorted([*FORMS, "heading"])), said, st.integers(1, 9)), min_size=1, max_size=8
)


@examples(60)
@given(parts_of)
def test_documents_of_known_words(parts: list[tuple[str, list[str], int]]) -> None:
    made = docx.Document()
    expected: list[str] = []
    path: list[tuple[int, str]] = []
    paths: dict[int, tuple[str, ...]] = {}
    for form, words_of, level in parts:
        if form == "heading":
            made.add_heading(" ".join(words_of), level)
            path = [*(step for step in path if step[0] < level), (level, " ".join(words_of))]
        else:
            FORMS[form](made, words_of)
        for place in range(len(expected), len(expected) + len(words_of)):
            paths[place] = tuple(heading for _, heading in path)
        expected += [*words_of, *(["qmerged"] if form == "table" else [])]
    made.sections[-1].footer.paragraphs[0].text = "the footer"
    data = io.BytesIO()
    made.save(data)
    document = read(data.getvalue(), "a.docx")
    assert_sound(document)
    found = [
        (word, block.section)
        for block in document.blocks
        if block.furniture is None
        for word in text_of(document, block).split()
        if word.startswith("q")
    ]
    assert [word for word, _ in found] == expected
    assert all(found[place][1] == section for place, section in paths.items())
    assert [text_of(document, block) for block in document.blocks if block.furniture] == ["the footer"]
    assert "unseen" not in document.text
    assert document.entry.authors == ()


def test_a_document_of_python_docx() -> None:
    made = docx.Document()
    made.add_heading("Magnesium", 0)
    made.add_heading("Dose", 1)
    made.add_paragraph("Two a day", "List Number")
    made.add_paragraph("With water", "List Number")
    made.add_paragraph("Not more", "List Bullet")
    made.core_properties.title, made.core_properties.author = "All about magnesium", "A. Writer"
    data = io.BytesIO()
    made.save(data)
    document = read(data.getvalue(), "a.docx")
    assert shown(document) == [
        ("heading", "Magnesium"),
        ("heading", "Dose"),
        ("list item", "1. Two a day"),
        ("list item", "2. With water"),
        ("list item", "• Not more"),
    ]
    assert block_with(document, "water").section == ("Magnesium", "Dose")
    assert (document.title, document.entry.authors) == ("All about magnesium", ("A. Writer",))
    assert document.entry.published is None  # the date is that of the template


def test_comments_are_no_part_of_the_document() -> None:
    made = docx.Document()
    made.add_comment(made.add_paragraph("Two a day").runs, "Really?", "A. Reviewer")
    data = io.BytesIO()
    made.save(data)
    assert read_docx(data.getvalue()).text == "Two a day"
