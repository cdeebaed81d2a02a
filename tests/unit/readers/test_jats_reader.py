"""JATS: an article's statements under its headings, what describes it set aside, and files that are refused."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from made import assert_sound, block_with, read, shown, text_of
from made.article import article
from support.properties import examples

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import AUTHOR, Attribution, Document
from rag.readers.jats.jats_reader import looks_like_jats, read_jats

deterministic = examples(60)


def read_xml(text: str | bytes) -> Document:
    """Return a file as it is read."""
    document = read(text, "a.xml")
    assert document.media_type == "application/jats+xml"
    assert_sound(document)
    return document


def blocks_of(body: str, **parts: str) -> list[tuple[str, str]]:
    """Return the kinds and texts of an article's blocks, but for its title."""
    first, *others = shown(read_xml(article(body, **parts)))
    assert first == ("heading", "T")
    return others


# --- the text --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("<p>a\n  <italic>b</italic>c<sup>2</sup> &amp; d&nbsp;&alpha;</p>", [("paragraph", "a bc2 & d\xa0α")]),
        ("<p>See <xref ref-type='bibr' rid='r'>[1]</xref><xref rid='q'/>, <ext-link>here</ext-link>.</p>",
         [("paragraph", "See [1], here.")]),
        ("<p>a<break/>b<!-- unseen --><?unseen?></p>", [("paragraph", "a\nb")]),
        ("<p>a<unheard-of>b</unheard-of>c</p>", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        # lists
        ("<list list-type='bullet'><list-item><p>a</p><p>b</p></list-item><list-item><p>c</p></list-item></list>",
         [("list item", "a"), ("list item", "b"), ("list item", "c")]),
        ("<p>x<list list-type='order'><title>Two</title><list-item><p>a</p></list-item><list-item><p>b</p><list"
         " list-type='order'><list-item><p>c</p></list-item></list></list-item></list>y</p>",
         [("paragraph", "x"), ("paragraph", "Two"), ("list item", "1. a"), ("list item", "2. b"),
          ("list item", "1. c"), ("paragraph", "y")]),
        ("<list list-type='order' id='l'><list-item><p>a</p></list-item></list><p>x</p>"
         "<list list-type='order' continued-from='l'><list-item><p>b</p></list-item></list>",
         [("list item", "1. a"), ("paragraph", "x"), ("list item", "2. b")]),
        ("<list list-type='order'><list-item><label>(i)</label><p>a</p></list-item></list>", [("list item", "(i) a")]),
        ("<def-list><def-item><term>BP</term><def><p>blood pressure</p></def></def-item></def-list>",
         [("paragraph", "BP"), ("list item", "blood pressure")]),
        # figures, tables, boxes
        ("<fig><label>Fig. 1.</label><caption><title>Sleep</title><p>By dose.</p></caption><graphic><alt-text>unseen"
         "</alt-text></graphic><attrib>After Lee.</attrib></fig>",
         [("caption", "Fig. 1. Sleep"), ("caption", "By dose."), ("caption", "After Lee.")]),
        ("<fig><label>Fig. 2</label><graphic/></fig><p>a</p>", [("caption", "Fig. 2"), ("paragraph", "a")]),
        ("<table-wrap><label>Table 1</label><caption><p>Doses</p></caption><table><thead><tr><th>Group</th>"
         "<th/><th>mg</th></tr></thead><tbody><tr><td>A<break/>b</td><td><p>c</p><p>d</p></td><td>400<xref>a</xref>"
         "</td></tr></tbody></table><table-wrap-foot><fn><label>a</label><p>Daily.</p></fn><p>SD: deviation.</p>"
         "</table-wrap-foot></table-wrap>",
         [("caption", "Table 1 Doses"), ("table row", "Group\t\tmg"), ("table row", "A b\tc d\t400a"),
          ("footnote", "a Daily."), ("footnote", "SD: deviation.")]),
        ("<table-wrap><label>Table 2</label><table><tr><td>a</td></tr></table></table-wrap>",
         [("caption", "Table 2"), ("table row", "a")]),
        ("<table-wrap><oasis:table xmlns:oasis='o'><oasis:tgroup><oasis:tbody><oasis:row><oasis:entry>a</oasis:entry>"
         "<oasis:entry>b</oasis:entry></oasis:row></oasis:tbody></oasis:tgroup></oasis:table></table-wrap>",
         [("table row", "a\tb")]),
        ("<table-wrap><alternatives><graphic/><table><tr><td>a</td></tr></table></alternatives></table-wrap>",
         [("table row", "a")]),
        ("<boxed-text><label>Box 1</label><caption><title>Key points</title></caption><p>a</p></boxed-text>",
         [("heading", "Box 1 Key points"), ("paragraph", "a")]),
        # as it is written
        ("<preformat>  a\n   b</preformat><p>see <code>x = 1</code></p><code>if x:\n    y</code>",
         [("code", "a\n   b"), ("paragraph", "see x = 1"), ("code", "if x:\n    y")]),
        ("<verse-group><verse-line>a</verse-line>\n<verse-line>b</verse-line></verse-group>", [("paragraph", "a\nb")]),
        # formulas
        ("<p>If <inline-formula><alternatives><tex-math>unseen</tex-math><mml:math><mml:mi>p</mml:mi>\n"
         "<mml:mo>=</mml:mo> <mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math></alternatives>"
         "</inline-formula>, stop.</p>", [("paragraph", "If p=1 2, stop.")]),
        ("<disp-formula><label>(1)</label><tex-math>\\usepackage{unseen}\\begin{document}$x$\\end{document}</tex-math>"
         "</disp-formula>", [("paragraph", "(1) $x$")]),
        ("<p><inline-formula><tex-math>unseen</tex-math><mml:math><mml:mi>x</mml:mi><mml:annotation>unseen"
         "</mml:annotation></mml:math></inline-formula> y</p>", [("paragraph", "x y")]),
        # notes in the text
        ("<p>a<fn><label>*</label><p>Note.</p></fn>.</p><p>b</p>",
         [("paragraph", "a."), ("paragraph", "b"), ("footnote", "* Note.")]),
        ("<table-wrap><table><tr><td>a<fn><p>Note.</p></fn></td><td>b</td></tr></table></table-wrap>",
         [("table row", "a\tb"), ("footnote", "Note.")]),
    ],
)  # fmt: skip
def test_blocks(body: str, blocks: list[tuple[str, str]]) -> None:
    assert blocks_of(body) == blocks


def test_sections_are_those_that_the_file_nests() -> None:
    document = read_xml(
        article(
            "<p>a</p><sec><label>1.</label><title>Methods</title><p>b</p><sec><title>Doses</title><p>c</p></sec>"
            "<boxed-text><sec><title>Box</title><p>d</p></sec></boxed-text><p>e</p></sec><sec><p>f</p></sec>",
            meta="<abstract><title>Abstract</title><sec><title>Aim</title><p>g</p></sec></abstract>"
            "<abstract><p>h</p></abstract>",
            back="<ack><title>Thanks</title><p>i</p></ack><app-group><app><title>More</title><p>j</p></app></app-group>"
            "<fn-group><title>Notes</title><fn><p>k</p></fn></fn-group>",
        )
    )
    assert {text_of(document, block): block.section for block in document.blocks if block.kind != "heading"} == {
        "g": ("T", "Abstract", "Aim"),
        "h": ("T",),
        "a": ("T",),
        "b": ("T", "1. Methods"),
        "c": ("T", "1. Methods", "Doses"),
        "d": ("T", "1. Methods", "Box"),
        "e": ("T", "1. Methods"),
        "f": ("T",),
        "i": ("T", "Thanks"),
        "j": ("T", "More"),
        "k": ("T",),
    }
    assert block_with(document, "Doses").section == ("T", "1. Methods", "Doses")


def test_references_are_list_items_under_their_heading() -> None:
    document = read_xml(
        article(
            back="<ref-list><title>References</title><ref><label>1.</label><mixed-citation><person-group><name>"
            "<surname>Lee</surname><given-names>A</given-names></name>, <name><surname>Ek</surname><given-names>B"
            "</given-names></name></person-group>. <article-title>Sleep</article-title>. <source>J</source> <year>2001"
            "</year>;<volume>3</volume>:<fpage>4</fpage>.<pub-id>123</pub-id> doi:<pub-id>10.1/x</pub-id>"
            "</mixed-citation></ref><ref><element-citation><name><surname>Lee</surname><given-names>A</given-names>"
            "</name><article-title>Salt</article-title><year>2002</year><volume>5</volume></element-citation></ref>"
            "<ref><mixed-citation>Bo.<annotation><p>Old.</p></annotation></mixed-citation></ref><ref>"
            "<citation-alternatives><element-citation><year>unseen</year></element-citation><mixed-citation>Ek B. Sun."
            "</mixed-citation></citation-alternatives></ref></ref-list>"
        )
    )
    assert shown(document)[1:] == [
        ("heading", "References"),
        ("list item", "1. Lee A, Ek B. Sleep. J 2001;3:4. 123 doi:10.1/x"),
        ("list item", "Lee A Salt 2002 5"),
        ("list item", "Bo. Old."),
        ("list item", "Ek B. Sun."),
    ]
    assert {block.section for block in document.blocks[1:]} == {("T", "References")}


def test_a_quotation_is_the_words_of_whom_it_names() -> None:
    document = read_xml(article("<disp-quote><p>Said.</p><attrib>— Ann Lee</attrib></disp-quote><p>After.</p>"))
    assert block_with(document, "Said.").attribution == Attribution("quoted", "Ann Lee")
    assert block_with(document, "Said.").kind == "quotation"
    assert block_with(document, "— Ann Lee").attribution == Attribution("quoted", "Ann Lee")
    assert block_with(document, "After.").attribution == AUTHOR


def _contributor(surname: str) -> str:
    return f"<contrib-group><contrib><name><surname>{surname}</surname></name></contrib></contrib-group>"


def test_letters_and_replies_stand_under_their_own_titles_and_are_their_writers_words() -> None:
    def stub(kind: str, title: str, names: str, tag: str = "sub-article") -> str:
        return (
            f"<{tag} article-type='{kind}'><front-stub><title-group><article-title>{title}</article-title>"
            f"</title-group>{names}</front-stub><body><p>{title} body<fn><p>{title} note</p></fn></p></body></{tag}>"
        )

    text = article("<p>a<fn><p>note</p></fn></p>", meta=_contributor("Lee"))
    letters = (
        stub("decision-letter", "Letter", _contributor("Ek"))
        + stub("referee-report", "Report", "")
        + stub("reply", "Reply", _contributor("Lee"))
        + stub("", "Response", _contributor("Bo"), "response")
    )
    document = read_xml(text.replace("</article>", f"{letters}</article>"))
    assert [text for kind, text in shown(document) if kind in ("paragraph", "footnote")] == [
        "Lee", "a", "note", "Ek", "Letter body", "Letter note", "Report body", "Report note",
        "Lee", "Reply body", "Reply note", "Bo", "Response body", "Response note",
    ]  # fmt: skip
    assert [
        block_with(document, f"{title} body").attribution for title in ("Letter", "Report", "Reply", "Response")
    ] == [
        Attribution("quoted", "Ek"),
        Attribution("quoted"),
        AUTHOR,
        Attribution("quoted", "Bo"),
    ]
    assert block_with(document, "Letter body").section == ("T", "Letter")
    assert document.title == "T"


# --- what describes the article --------------------------------------------------------------------------------------


def test_what_describes_the_article_is_set_aside_and_what_it_states_is_not() -> None:
    document = read_xml(
        article(
            meta="<article-id pub-id-type='pmid'>unseen</article-id><contrib-group><contrib><name><surname>Lee"
            "</surname><given-names>Ann</given-names></name><contrib-id>unseen</contrib-id></contrib><aff><label>1</label>"
            "<institution>Clinic</institution><country>Norway</country></aff></contrib-group><author-notes><fn>"
            "<p>No conflict of interest.</p></fn></author-notes><pub-date><year>unseen</year></pub-date><permissions>"
            "<license><license-p>Open.</license-p></license></permissions><abstract><p>a</p></abstract><kwd-group><kwd>"
            "salt</kwd></kwd-group><funding-group><funding-statement>Paid by us.</funding-statement></funding-group>"
        )
    )
    assert [(text, block.furniture) for (_, text), block in zip(shown(document), document.blocks, strict=True)] == [
        ("T", None),
        ("Lee Ann", "the article's authors and their addresses"),
        ("1 Clinic Norway", "the article's authors and their addresses"),
        ("Open.", "the article's licence"),
        ("a", None),
        ("salt", "what the article is filed under"),
        ("Paid by us.", None),
        ("No conflict of interest.", None),
    ]
    assert block_with(document, "No conflict").kind == "footnote"


def test_metadata() -> None:
    entry = read_xml(
        article(
            journal="<journal-title-group><journal-title>Journal of Salt</journal-title></journal-title-group>"
            "<publisher><publisher-name>Press</publisher-name></publisher>",
            meta="<article-id pub-id-type='pmid'>1</article-id><article-id pub-id-type='doi'>10.1/a.b</article-id>"
            "<contrib-group><contrib contrib-type='author'><name><surname>Lee</surname><given-names>Ann</given-names>"
            "<suffix>Jr</suffix></name></contrib><contrib contrib-type='author'><name name-style='eastern'><surname>Mao"
            "</surname><given-names>Li</given-names></name></contrib><contrib><collab>The Group<contrib-group><contrib>"
            "<name><surname>Member</surname></name></contrib></contrib-group></collab></contrib><contrib><string-name>"
            "Bo <surname>Ek</surname></string-name></contrib><contrib contrib-type='editor'><name><surname>No</surname>"
            "</name></contrib></contrib-group><pub-date pub-type='pmc-release'><year>2024</year></pub-date><pub-date"
            " pub-type='ppub'><month>March</month><year>2023</year></pub-date><pub-date pub-type='epub'><day>7</day>"
            "<month>2</month><year>2023</year></pub-date><permissions><license xlink:href='https://example.org/by'>"
            "<license-p>Words.</license-p></license></permissions>",
            attributes="xml:lang='en' article-type='research-article'",
        ).replace("<article-title>T<", "<article-title>Salt <italic>and</italic> sleep<xref>*</xref><")
    ).entry
    assert (entry.title, entry.publisher, entry.language) == ("Salt and sleep", "Journal of Salt", "en")
    assert entry.authors == ("Ann Lee Jr", "Mao Li", "The Group", "Ek")
    assert (entry.published, entry.url) == ("2023-02-07", "https://doi.org/10.1/a.b")
    assert (entry.licence, entry.retracted) == ("https://example.org/by", None)


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("<pub-date date-type='pub' publication-format='electronic' iso-8601-date='2020-05-06'/>", "2020-05-06"),
        ("<pub-date pub-type='ppub'><month>Sep</month><year>2023</year></pub-date>", "2023-09"),
        ("<pub-date pub-type='collection'><season>Spring</season><year>2023</year></pub-date>", "2023"),
        ("<pub-date pub-type='ppub'><month>13</month><year>2023</year></pub-date>", "2023"),
        ("<pub-date pub-type='pmc-release'><year>2022</year></pub-date>", "2022"),
        ("<pub-date><year>²</year></pub-date><pub-date/>", None),
    ],
)
def test_dates(date: str, published: str | None) -> None:
    assert read_xml(article(meta=date)).entry.published == published


@pytest.mark.parametrize(
    ("licence", "name"),
    [
        ("<license><license-p>CC <bold>BY</bold></license-p></license>", "CC BY"),
        ("<license><p>Old words.</p></license>", "Old words."),
        ("<license><a:license_ref xmlns:a='a'>https://example.org/by</a:license_ref></license>",
         "https://example.org/by"),
        ("<copyright-statement>© 2020</copyright-statement>", None),
    ],
)  # fmt: skip
def test_licences(licence: str, name: str | None) -> None:
    assert read_xml(article(meta=f"<permissions>{licence}</permissions>")).entry.licence == name


def test_an_article_that_was_retracted_says_so_and_a_notice_of_it_does_not() -> None:
    forward = "<related-article related-article-type='retraction-forward'/>"
    assert read_xml(article(meta=forward)).entry.retracted == "yes"
    assert read_xml(article(meta=forward, attributes="article-type='retraction'")).entry.retracted is None
    assert read_xml(article(meta=forward.replace("retraction-forward", "retracted-article"))).entry.retracted is None


# --- lines -----------------------------------------------------------------------------------------------------------


def test_blocks_know_their_lines() -> None:
    text = article(
        "<p>first</p>\n<sec\n id='s'><label>second</label>\n<title>third\nfourth</title>\n<!-- a\ncomment --><p>fifth"
        "\n<xref\n rid='r'/>sixth</p>\n<table-wrap><table><tr>\n<td>seventh</td>\n<td>eighth</td></tr></table>"
        "</table-wrap>\n<p>ninth<fn>\n<p>tenth</p></fn>\neleventh</p></sec>"
    )
    lines = text.split("\n")
    document = read_xml(text)
    for block in document.blocks[1:]:
        ends = [
            next(number for number, line in enumerate(lines, 1) if re.search(rf"\b{word}\b", line))
            for word in text_of(document, block).split()
        ]
        assert block.lines == (min(ends), max(ends)), text_of(document, block)


# --- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (article("<p>a"), "not well-formed XML"),
        (article("<sec>" * 300 + "a" + "</sec>" * 300), "not well-formed XML .*depth"),
        (f"<pmc-articleset>{'<article><front/><body><p>a</p></body></article>' * 2}</pmc-articleset>", "2 articles"),
        ("<pmc-articleset><front/></pmc-articleset>", "no articles"),
        ("<article><front/><body><p> </p></body></article>", "No word of this article"),
        (article("<p>&chapter;</p>"), "It says &chapter;"),
        ('<!DOCTYPE article [<!ENTITY i SYSTEM "file:///etc/hostname">]><article><front/><body><p>&i;</p></body>'
         "</article>", "It says &i;"),
        (article().replace("UTF-8", "UTF-9"), "Its XML is not UTF-9"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str, message: str) -> None:
    assert looks_like_jats(text.encode())
    with pytest.raises(UnreadableDocument, match=message) as refusal:
        read_xml(text)
    assert refusal.value.advice


def test_entities_do_not_multiply() -> None:
    entities = "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    text = (
        f"<!DOCTYPE article [<!ENTITY a 'ha'>{entities}]><article><front/><body><p id='&i;'>a &i;</p></body></article>"
    )
    with pytest.raises(UnreadableDocument):
        read_xml(text)


# --- what is an article ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        article(),
        "\ufeff<!-- a --><?b?><article><front></front></article>",
        "<pmc-articleset><article><front/></article></pmc-articleset>",
        "<j:article xmlns:j='https://jats.nlm.nih.gov/ns/archiving/1.3/'><j:front/></j:article>",
        "<!DOCTYPE article [<!ENTITY a 'b'>]>\n<article dtd-version='1.3'><processing-meta/><front/></article>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_articles_are_told_by_their_content(text: str, encoding: str) -> None:
    assert looks_like_jats(text.encode(encoding))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<article class='post'><p>of HTML</p></article>",
        "<html><article><front/></article></html>",
        "<article xmlns='http://docbook.org/ns/docbook'><title>DocBook</title></article>",
        "The <article> of JATS has a <front>.",
        "%PDF-1.7",
    ],
)
def test_other_files_are_no_articles(text: str) -> None:
    assert not looks_like_jats(text.encode())


def test_an_article_in_a_namespace_or_in_an_envelope_is_read() -> None:
    text = "<j:article xmlns:j='j'><j:front/><j:body><j:p>a</j:p></j:body></j:article>"
    assert read_xml(text).text == "a"
    assert read_xml(f"<OAI-PMH xmlns='o'><record><metadata>{text}</metadata></record></OAI-PMH>").text == "a"
    assert read_xml(article("<p>é</p>").replace("UTF-8", "UTF-16").encode("utf-16")).text == "T\n\né"


# --- any article -----------------------------------------------------------------------------------------------------

Said = list[str]
words = st.text("abcdefghijklmnopqrstuvwxyzéñßαж", min_size=1, max_size=9).map(lambda word: f"q{word}")

FORMS: dict[str, Callable[[Said], str]] = {
    "paragraph": lambda said: f"<p id='unseen'>{' '.join(said)}</p>",
    "inline": lambda said: "<p>" + " ".join(f"<bold><xref>{word}</xref></bold>" for word in said) + "</p>",
    "list": lambda said: f"<p><list list-type='order'>{_each('list-item', said)}</list></p>",
    "definitions": lambda said: f"<def-list><def-item>{_each('term', said)}</def-item></def-list>",
    "table": lambda said: (
        f"<table-wrap><label>{said[0]}</label><table><tr>{_each('td', said[1:])}</tr></table></table-wrap>"
    ),
    "figure": lambda said: f"<fig><label>{said[0]}</label><caption>{_each('p', said[1:])}</caption></fig>",
    "quotation": lambda said: f"<disp-quote>{_each('p', said)}</disp-quote>",
    "box": lambda said: f"<boxed-text><caption><title>{said[0]}</title></caption>{_each('p', said[1:])}</boxed-text>",
    "formula": lambda said: (
        "<p>" + " ".join(f"<inline-formula>{_math(word)}</inline-formula>" for word in said) + "</p>"
    ),
    "note": lambda said: f"<p><fn>{_each('p', said)}</fn></p>",
    "reference": lambda said: f"<ref><element-citation>{_each('source', said)}</element-citation></ref>",
    "unknown": lambda said: "".join(f"<{word}>{word}</{word}>" for word in said),
}


def _each(tag: str, said: Said) -> str:
    return "".join(f"<{tag}>{word}</{tag}>" for word in said)


def _math(word: str) -> str:
    return f"<alternatives><tex-math>unseen</tex-math><mml:math><mml:mi> {word} </mml:mi></mml:math></alternatives>"


content = st.lists(st.tuples(st.sampled_from(sorted(FORMS)), st.lists(words, min_size=1, max_size=5)), max_size=4)
# Sections as (title, what stands in it before the inner sections, those, what stands after them).
sections = st.recursive(
    st.tuples(words, content, st.just(()), content),
    lambda inner: st.tuples(words, content, st.lists(inner, max_size=2).map(tuple), content),
    max_leaves=4,
)
Section = tuple[str, list[tuple[str, Said]], tuple["Section", ...], list[tuple[str, Said]]]


def _written(section: Section, path: tuple[str, ...], expected: list[tuple[str, tuple[str, ...]]]) -> str:
    title, before, inner, after = section
    path = (*path, f"{title}t")
    expected.append((f"{title}t", path))
    pieces = [f"<sec><title>{title}t</title>"]
    for forms in (before, None, after):
        if forms is None:
            pieces += [_written(below, path, expected) for below in inner]
            continue
        for form, said in forms:
            pieces.append(FORMS[form](said))
            own = (*path, said[0]) if form == "box" else path
            if form != "note":
                expected += [(word, own) for word in said]
    return "".join([*pieces, "</sec>"])


def _notes(section: Section) -> Said:
    _, before, inner, after = section
    said = [word for form, words in before if form == "note" for word in words]
    said += [word for below in inner for word in _notes(below)]
    return said + [word for form, words in after if form == "note" for word in words]


@deterministic
@given(st.lists(sections, min_size=1, max_size=3))
def test_articles_of_known_words(made: list[Section]) -> None:
    expected: list[tuple[str, tuple[str, ...]]] = []
    body = "\n".join(_written(section, ("T",), expected) for section in made)
    expected += [(word, ("T",)) for section in made for word in _notes(section)]
    text = article(body)
    document = read_xml(text)
    assert "unseen" not in document.text
    found = [
        (word, block.section)
        for block in document.blocks
        for word in text_of(document, block).split()
        if word.startswith("q")
    ]
    assert found == expected
    for block in document.blocks:
        assert block.lines is not None
        first, last = block.lines
        stated = " ".join(text.split("\n")[first - 1 : last])
        assert all(word in stated for word in text_of(document, block).split() if word.startswith("q"))


TAGS = (
    "p sec title list list-item label table-wrap table tr td fig caption fn fn-group disp-quote boxed-text ref-list ref"
    " mixed-citation element-citation name alternatives math sub-article front-stub article-title code break graphic"
    " contrib-group contrib kwd-group aff def-list term def verse-group verse-line disp-formula tex-math xref other"
).split()


@deterministic
@given(st.lists(st.one_of(st.sampled_from(TAGS), st.none(), words), max_size=60))
def test_any_nesting_loses_no_word(pieces: list[str | None]) -> None:
    root = etree.fromstring(article().encode())
    at = root.find("body")
    said: Said = []
    for piece in pieces:
        if piece is None:
            at = at.getparent() if at.tag not in ("body", "article") else at
        elif piece.startswith("q"):
            said.append(piece)
            if len(at):
                at[-1].tail = f"{at[-1].tail or ''} {piece} "
            else:
                at.text = f"{at.text or ''} {piece} "
        elif piece != "alternatives":  # of which only one is shown
            at = etree.SubElement(at, piece)
    document = read_xml(etree.tostring(root))
    found = [word for word in document.text.split() if word.startswith("q")]
    assert sorted(found) == sorted(said)


@deterministic
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for whole in (data, article().encode() + data, article(str(data, "latin-1")).encode("latin-1", "replace")):
        try:
            read_jats(whole)
        except UnreadableDocument as refusal:
            assert refusal.advice
