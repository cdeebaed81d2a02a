"""Valid files of every format, small and with much in them, as the tests' own writers make them."""

from __future__ import annotations

import io
from functools import cache

import docx
from made import BLOG_EXPORT, FORUM_POST, SAVED_PAGE
from made.article import article
from made.book import Book, toc
from made.pdf_file import by_hand, column, pdf_file
from made.word import NUMBERING, STYLES, field, item, p, package, table

TEXTS = [
    "Of salt\n=======\n\nSalt is white. It\ndissolves.*\n\n- one\n- two\n  more\n\n> Quoted, says one.\n\n* A note.\n",
    "Menu\nHome\n\n12 May 2021\n\nZorbulin | Example Site\n\n1. First\n2. Second\n\nShare this article\n\n[1] Note[1].",
]
MARKDOWN = [
    '---\ntitle: "Zorbulin"\nauthors: [A, B]\ndate: 2024-02-30\nk: &a {x: *b}\nretracted: no\n---\n# Zorbulin\n\n'
    "Binds **tightly**, says [one](https://example.org):\n\n> Quoted.\n>\n> > Twice.\n\n| a | b |\n|---|---|\n|"
    " 1 | 2 |\n\n"
    "1. One[^1]\n   - two\n\n[^1]: Note.\n\n```py\n  code\n```\n\n<div><blockquote>Raw &amp;"
    " quoted</blockquote></div>\n",
    '+++\ntitle = "Z"\npublished = 2024-01-01\n[extra]\na = [1, {b = "\\u00e9"}]\n+++\n**Bold**\n\nText <br>'
    " &nbsp;&#13;.\n",
]
FRAGMENTS = [
    '<h2>Salt</h2>\n<p>Is <b>white</b>,<br><br>and\n\nmore.</p><ol start="3"><li>a<ul><li>b</ul><li value=9>c</ol>'
    '<table><caption>C</caption><tr><th>a<th>b<tr><td>1<td>2</table><pre>x\n  y&#13;\n</pre><blockquote cite="https://e.org">'
    "q<cite>W</cite></blockquote><dl><dt>t<dd>d</dl><p hidden>unseen</p><details><summary>s</summary>t</details>",
]
PAGES = [
    '<!doctype html><html lang="en"><head><title>Salt | Site</title><meta name="author" content="A">'
    '<meta property="article:published_time" content="2024-01-01T00:00"><link rel="canonical" href="https://e.org/a">'
    '<script type="application/ld+json">{"@type": "Article", "headline": "Salt", "author": {"name": "A"}, "@graph": []}'
    "</script></head><body><nav><a href=/>Home</a> <a href=/b>B</a></nav><article><h1>Salt</h1><p>Salt is"
    " white, and it "
    "dissolves in water, as everybody knows who has cooked with it.</p><table><tr><td>a<td>b</table><p>It is no sugar, "
    'however much it may look like it.</p><div class="related"><a href="/c">Read more</a></div></article><footer>© 2024'
    "</footer></body></html>",
]
ARTICLES = [
    article(
        "<sec id='s'><title>One</title><p>a <italic>b</italic> <xref ref-type='bibr' rid='r'>[1]</xref></p><list"
        " list-type='order'><list-item><p>c</p></list-item></list><table-wrap><label>T1</label>"
        "<caption><p>d</p></caption>"
        "<table><tr><td>e</td><td rowspan='2'>f</td></tr></table></table-wrap><disp-quote><p>g</p></disp-quote>"
        "<preformat>h\n "
        " i&#13;</preformat><fig><caption><p>j</p></caption></fig><boxed-text><p>k&nbsp;</p></boxed-text></sec>",
        meta="<pub-date pub-type='epub'><day>1</day><month>2</month><year>2024</year></pub-date><abstract><p>l</p>"
        "</abstract><permissions><license xlink:href='https://creativecommons.org/licenses/by/4.0/'/></permissions>",
        back="<ref-list><title>R</title><ref id='r'><label>1</label><mixed-citation>m</mixed-citation></ref></ref-list>"
        "<fn-group><fn><label>*</label><p>n</p></fn></fn-group>",
    ),
]
CATALOGUES = [
    '["a.md"]\ntitle = "A &amp; B"\nauthors = ["C"]\npublished = 2024-01-02\nretracted = true\nurl = "https://e.org"\n'
    '["b/c.txt"]\nlanguage = "en_GB"\nreview_due = "2024-13-01"\nnotes = """\nx"""\nsuperseded_by = false\n',
]
QUESTIONS = [
    '{"question": "What is salt?", "status": "answered", "document": "a.md", "quote": "Salt"}\n'
    '{"conversation": ["a", "b"], "status": "not_in_corpus", "kind": "far"}\n\n{"question": "\\ud83d\\ude00",'
    ' "status": 1}',
]
SYNONYMS = ["# a comment\nheart attack = myocardial infarction, MI\nspecial k -> ketamine\nx => y\n\ufeffa, a\n"]
SETTINGS = [
    'corpus = "c"\nquotes = 7\nmay_refuse = 0.05\n[safety]\ncountry = "US"\n[page]\nread_only = true\n'
    '[reading]\nfile = 3\npasswords = ["a"]\n',
]


@cache
def word_files() -> list[bytes]:
    """Return Word files: one written as XML, one by python-docx."""
    document = docx.Document()
    document.add_heading("Of salt", 0)
    document.add_paragraph("Salt is white.", style="List Number")
    document.add_table(2, 2).cell(0, 0).text = "a"
    out = io.BytesIO()
    document.save(out)
    body = (
        p("One", style="Heading1") + p("Text ", field("PAGE", "<w:r><w:t>7</w:t></w:r>")) + item("a", 1)
        + item("b", 2, 1) + table(["a", p("b") + p("c")]) + p("q", style="Quote") + p("x &#13; y", style="SourceCode")
        + '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    )  # fmt: skip
    notes = f'<w:footnotes><w:footnote w:id="2">{p("A note.")}</w:footnote></w:footnotes>'
    own = package(body, {"styles": STYLES, "numbering": NUMBERING, "footnotes": notes})
    return [own, out.getvalue()]


@cache
def books() -> list[bytes]:
    """Return e-books with all that is read of one."""
    pages = {
        "a.xhtml": "<h1>One</h1><p id='p'>Text <span epub:type='pagebreak' title='7'/>more.</p><aside"
        " epub:type='footnote'>"
        "<p>Note.</p></aside>",
        "b.xhtml": "<p id='q'>Zorbulin &amp; salt.</p><table><tr><td>a</td><td>b</td></tr></table><pre>x&#13;</pre>",
    }
    metadata = "<dc:title>Zorb</dc:title><dc:creator>A</dc:creator><dc:date>2024</dc:date><dc:language>en</dc:language>"
    ncx = "<navMap><navPoint><navLabel><text>Two</text></navLabel><content src='b.xhtml#q'/></navPoint></navMap>"
    return [
        Book(pages, navigation=toc(("a.xhtml", "One"), ("b.xhtml#q", "Two")), metadata=metadata).written(),
        Book(pages, ncx=ncx, guide='<guide><reference type="toc" href="a.xhtml"/></guide>').written(),
    ]


@cache
def pdf_files() -> list[bytes]:
    """Return PDF files: with columns, written by PDFium; with an outline and labels, written by hand."""
    outline = [
        "<< /Type /Outlines /First 101 0 R /Last 101 0 R /Count 1 >>",
        "<< /Title (One) /Parent 100 0 R /Dest [10 0 R /Fit] >>",
    ]
    return [
        pdf_file(column(["Zorbulin binds the zorb re-", "ceptor of the liver."]) + column(["Second column."], 320), []),
        by_hand(
            [["One", "Salt is white."], ["Two", "\\(a\\) \\222"]],
            "/Outlines 100 0 R /PageLabels << /Nums [0 << /S /r >>] >>",
            outline,
        ),
    ]


def exports() -> list[str]:
    """Return the tests' own documents without a format."""
    return [file.read_text(encoding="utf-8") for file in (BLOG_EXPORT, FORUM_POST, SAVED_PAGE)]
