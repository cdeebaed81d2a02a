"""Whole web pages: the article is what the document says, all else stays in the text as furniture; what pages state."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import assert_sound, block_with, read, text_of
from made.tea_page import ABOVE, ARTICLE, BELOW, WRAPPERS, web_page
from support.properties import examples

from rag.core.types.documents import CatalogueEntry, Document
from rag.readers.html.html_reader import html_blocks
from rag.readers.html.web_page import NOT_THE_ARTICLE

NOT_ARTICLE = {
    *("We keep cookies on your device, as everybody does. Learn more", "Accept all", "Front page", "Tea", "Coffee"),
    *(
        "By Ann Miller",
        "Post it",
        "Send it",
        "You may also like",
        "Green tea at night",
        "The ten best mugs of the year",
    ),
    *("Most read", "Kettles that whistle", "Tins that close", "2 comments", "© Kettle Weekly. All rights reserved."),
    "I tried this and my family did not like it at all, sorry to say so.",
    "Works with cheap leaves as well, and they cost half as much here.",
}


def _html(markup: str) -> Document:
    document = read(markup, "a.html")
    assert_sound(document)
    return document


def _aside(document: Document) -> set[str]:
    assert {block.furniture for block in document.blocks} <= {None, NOT_THE_ARTICLE}
    return {text_of(document, block) for block in document.blocks if block.furniture}


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_what_is_around_and_between_the_article_is_set_aside(wrapper: str) -> None:
    document = _html(web_page(f"{ABOVE}{WRAPPERS[wrapper]}{BELOW}"))
    assert _aside(document) == NOT_ARTICLE


def test_the_text_and_the_blocks_are_those_of_a_page_that_nobody_judges() -> None:
    body = f"{ABOVE}{WRAPPERS['main']}{BELOW}"
    page, fragment = _html(web_page(body)), _html(body.replace("\n", " "))
    assert page.text == fragment.text
    assert [(b.start, b.end, b.kind, b.attribution) for b in page.blocks] == [
        (b.start, b.end, b.kind, b.attribution) for b in fragment.blocks
    ]


def test_sections_are_the_articles_own_headings() -> None:
    document = _html(web_page(f"{ABOVE}{WRAPPERS['main']}{BELOW}"))
    assert document.blocks[0].section == ()
    assert block_with(document, "swapped the cups").section == ("How to brew strong tea", "What we measured")
    assert block_with(document, "the second cup").section == ("How to brew strong tea", "What we measured")


def test_a_fragment_is_never_judged() -> None:
    assert not _aside(_html(f"{ABOVE}{WRAPPERS['main']}{BELOW}"))


@pytest.mark.parametrize(
    "body",
    [
        "<ul>" + "".join(f"<li><a href='/{n}'>Shop number {n}</a>" for n in range(40)) + "</ul>",
        "<p>Closed on Mondays.</p>",
        "<table><tr><td>Leaves<td>2 g<tr><td>Water<td>1 l</table>",
        "<nav><p>Here is what this menu says, and the page says nothing else at all, however long one looks.</p></nav>",
    ],
)
def test_on_a_page_without_an_article_nothing_is_marked(body: str) -> None:
    assert not _aside(_html(web_page(body)))


def test_where_too_little_is_found_nothing_is_marked() -> None:
    """One paragraph of a page whose main part is forms that say much more."""
    prose = "".join(f"<p>Leaflet {n} says in a few words what the tea of that name tastes of.</p>" for n in range(40))
    document = _html(web_page(f"<main><article><p>Tea is tea.</p></article><nav>{prose}</nav></main>"))
    assert not _aside(document)


def test_an_article_that_is_cut_into_parts_is_one() -> None:
    advertisement = "<div class='ad-slot'><p>Buy kettles, and buy them soon, for they are cheap.</p></div>"
    part = f"<div class='chunk'>{{}}</div>{advertisement}"
    paragraphs = [
        f"<p>Part {number} of it goes on about leaves, and pots, and about water that must boil at once.</p>"
        for number in range(12)
    ]
    parts = "".join(part.format("".join(paragraphs[start : start + 3])) for start in range(0, 12, 3))
    document = _html(web_page(f"{ABOVE}<main><div class='chunks'><h1>Tea</h1>{parts}</div></main>{BELOW}"))
    aside = _aside(document)
    assert not any(words.startswith("Part") for words in aside)
    assert "Buy kettles, and buy them soon, for they are cheap." in aside


def test_an_article_right_in_the_body_keeps_its_tables_and_lists() -> None:
    paragraph = "<p>Tea grows on hills where it rains a lot, and it is picked by hand when the leaves are small.</p>"
    table = "<table><tr><td><a href='/a'>Assam</a><tr><td><a href='/d'>Darjeeling</a></table>"
    document = _html(web_page(f"<h1>Tea</h1>{paragraph}{table}{paragraph.replace('Tea', 'It')}<hr>{BELOW}"))
    assert {"Assam", "Darjeeling"}.isdisjoint(_aside(document))
    assert "Kettles that whistle" in _aside(document)


def test_the_footer_of_a_quotation_is_not_furniture() -> None:
    body = ARTICLE.replace(
        "I could drink it all day.</p>", "I could drink it all day.</p><footer>the neighbour</footer>"
    )
    document = _html(web_page(f"<main>{body}</main>"))
    assert block_with(document, "the neighbour").furniture is None


def test_private_characters_of_a_page_stay_as_they_are() -> None:
    icons = "".join(map(chr, range(0x100000, 0x100400)))
    body = ARTICLE.replace("sugar since", f"sugar{icons} since")
    document = _html(web_page(f"{ABOVE}<main>{body}</main>{BELOW}"))
    assert f"sugar{icons} since" in document.text
    assert "Front page" in _aside(document)


@pytest.mark.parametrize("character", ["\ufffe", "\uffff", "\x0c", "\x85", "&#1;", "&#xFFFE;", "\u202e", "\u2028"])
def test_odd_characters_change_no_judgement(character: str) -> None:
    body = ARTICLE.replace("sugar since", f"sugar{character} since")
    assert _aside(_html(web_page(f"{ABOVE}<main>{body}</main>{BELOW}"))) == NOT_ARTICLE


@pytest.mark.parametrize("tag", ["div", "ul><li", "blockquote", "span", "b", "table><tr><td", "section"])
def test_whatever_nests_as_deeply_as_is_judged_is_read(tag: str) -> None:
    for depth in (20, 95, 290):
        assert "Nobody in the kitchen" in _html(web_page(f"<main>{f'<{tag}>' * depth}{ARTICLE}</main>")).text


# --- what is seen ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p aria-hidden='true'>a</p>", "a"),
        ("<p hidden='until-found'>a</p>b", "b"),
        ("<dialog>a</dialog>b", "b"),
        ("<dialog open>a</dialog>b", "a\n\nb"),
        ("<noscript><p>a</p></noscript>b", "b"),
        ("<template><p>a</p></template>b", "b"),
        ("<figure><img src=a><figcaption>a</figcaption></figure>", "a"),
        ("x<math><semantics><msup><mi>a</mi><mn>2</mn></msup><annotation>a^2</annotation></semantics></math>", "xa2"),
    ],
)
def test_what_is_seen_of_a_page(markup: str, text: str) -> None:
    assert _html(markup).text == text
    assert _html(f"<html><body>{markup}</body></html>").text == text


@pytest.mark.parametrize(
    ("declared", "encoding", "found"),
    [
        ("<meta charset='iso-8859-1'>", "utf-8", "utf-8"),
        ("<meta charset='utf-8'>", "cp1252", "cp1252"),
        ("<meta charset='windows-1250'>", "cp1250", "cp1250"),
        ("", "utf-8", "utf-8"),
    ],
)
def test_a_wrongly_declared_encoding_changes_no_letter(declared: str, encoding: str, found: str) -> None:
    words = "Tea for two: “Café Größe”, 3 €."
    document = read(web_page(f"<p>{words}</p>", declared).encode(encoding), "a.html")
    assert (document.text, document.encoding) == (words, found)


def test_xhtml_may_declare_its_encoding_in_its_first_line() -> None:
    page = f"<?xml version='1.0' encoding='windows-1251'?>\n{web_page('<p>Крепкий чай</p>', '')}"
    assert read(page.encode("cp1251"), "a.xhtml").text == "Крепкий чай"


# --- what a page states of itself ------------------------------------------------------------------------------------

JSON = "<script type='application/ld+json'>{}</script>"
REVIEWED = '{"@context": "https://schema.org", "@type": "MedicalWebPage", "lastReviewed": "2024-03-09T08:00:00Z"}'
GRAPH = """{"@graph": [{"@type": "WebSite", "name": "Not this"},
{"@type": ["NewsArticle", "Thing"], "headline": "Tea &#8217;n' all", "datePublished": "2024-05-06T23:59:00-04:00",
 "author": [{"@id": "#ann"}, {"@type": "Person", "name": "Bo Li"}], "publisher": {"@id": "#house"},
 "license": "https://creativecommons.org/licenses/by-nc/4.0/"},
{"@id": "#ann", "@type": "Person", "name": "Ann Miller"}, {"@id": "#house", "name": "Kettle House"}]}"""
TWO = """[{"@type": "Article", "headline": "Other", "author": "X"},
{"@type": "Article", "headline": "Tea", "author": "Ann"}]"""


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        ("<meta property='og:title' content='Tea &amp; milk'>", CatalogueEntry(title="Tea & milk")),
        ("<meta name=Author content='Ann Miller'>", CatalogueEntry(authors=("Ann Miller",))),
        ("<meta property='article:author' content='https://example.org/ann'>", CatalogueEntry()),
        (
            "<meta name=citation_author content='Li, Bo'><meta name=citation_author content='Ma, Ann'>"
            "<meta name=author content='Press office'><meta name=citation_publication_date content=2019/11/05>",
            CatalogueEntry(authors=("Li, Bo", "Ma, Ann"), published="2019-11-05"),
        ),
        (
            "<meta property='article:published_time' content='2024-02-03T01:02:03Z'>",
            CatalogueEntry(published="2024-02-03"),
        ),
        ("<meta name='dc.date' content='20240203'>", CatalogueEntry(published="2024-02-03")),
        ("<meta name='dcterms.issued' content='2024'>", CatalogueEntry(published="2024")),
        ("<meta name='date' content='3 February 2024'>", CatalogueEntry()),
        ("<meta name='date' content='0001-01-01T00:00:00'>", CatalogueEntry()),
        ("<meta property='article:modified_time' content='2024-02-03'>", CatalogueEntry()),
        (
            "<link rel='shortlink canonical' href='https://example.org/tea'>",
            CatalogueEntry(url="https://example.org/tea"),
        ),
        ("<link rel=canonical href='/tea'>", CatalogueEntry()),
        (
            "<base href='https://example.org/a/'><link rel=canonical href='tea'>",
            CatalogueEntry(url="https://example.org/a/tea"),
        ),
        (
            "<link rel=canonical href='javascript:x'><meta property='og:url' content='http://example.org/tea'>",
            CatalogueEntry(),
        ),
        ("<link rel=license href='https://creativecommons.org/licenses/by/4.0/'>", CatalogueEntry(licence="CC BY 4.0")),
        (
            "<link rel=license href='https://creativecommons.org/licenses/by-sa/3.0/de/deed.de'>",
            CatalogueEntry(licence="CC BY-SA 3.0 DE"),
        ),
        (
            "<link rel=license href='https://creativecommons.org/publicdomain/zero/1.0/'>",
            CatalogueEntry(licence="CC0 1.0"),
        ),
        ("<link rel=license href='https://example.org/terms'>", CatalogueEntry(licence="https://example.org/terms")),
        (
            "<link rel=license href='https://example.org/terms'><link rel=license href='https://example.org/other'>",
            CatalogueEntry(),
        ),
        (JSON.format(REVIEWED), CatalogueEntry(reviewed_on="2024-03-09")),
        (
            JSON.format(GRAPH),
            CatalogueEntry(
                title="Tea ’n' all",
                authors=("Ann Miller", "Bo Li"),
                publisher="Kettle House",
                published="2024-05-06",
                licence="CC BY-NC 4.0",
            ),
        ),
        (f"<title>Tea | Kettle</title>{JSON.format(TWO)}", CatalogueEntry(title="Tea", authors=("Ann",))),
        (f"<title>Coffee</title>{JSON.format(TWO)}", CatalogueEntry()),
        (JSON.format("{broken"), CatalogueEntry()),
        (JSON.format("[" * 100_000), CatalogueEntry()),
        (JSON.format('{"@type": 7, "author": {"name": ["x", {}]}}'), CatalogueEntry()),
        (JSON.format('{"@type": "Article", "author": {"name": {"x": 1}}, "headline": []}'), CatalogueEntry()),
    ],
)
def test_what_a_page_states(head: str, stated: CatalogueEntry) -> None:
    assert _html(web_page("<p>Tea.</p>", head, "")).entry == stated
    assert _html(f"{head}<p>Tea.</p>").entry == CatalogueEntry()


def test_a_page_states_its_language_and_a_link_its_licence() -> None:
    link = "<footer><a rel='license' href='https://example.org/ogl'>Open Government Licence v3.0</a></footer>"
    entry = _html(web_page(f"<p>Published on 3 May 2020 by Bo Li.</p>{link}", "", "lang='en_GB'")).entry
    assert entry == CatalogueEntry(language="en-GB", licence="Open Government Licence v3.0")


def test_a_date_in_the_markup_of_the_article_is_stated() -> None:
    body = (
        "<p><time itemprop='datePublished' datetime='2021-04-05'>long ago</time> <time datetime='1999'>1999</time></p>"
    )
    assert _html(web_page(body, "", "")).entry == CatalogueEntry(published="2021-04-05")


def test_the_catalogue_goes_before_what_a_page_states() -> None:
    entry = replace(CatalogueEntry(), title="Mine", language="cy")
    document = read(web_page("<p>Tea.</p>"), "a.html", entry)
    assert (document.title, document.entry.language, document.entry.publisher) == ("Mine", "cy", "Kettle Weekly")


# --- properties ------------------------------------------------------------------------------------------------------

LEAVES = st.sampled_from(
    [
        "<p>{} is a sentence with some words in it, and it goes on for a while.</p>",
        "<p><a href='/x'>{}</a></p>",
        "<ul><li><a href='#'>{0}</a><li>{0} again</ul>",
        "<h2>{}</h2>",
        "<h3 class='related-title'>{}</h3>",
        "<table><tr><td>{0}<td>{0}<tr><td><a href='#'>{0}</a></table>",
        "<blockquote><p>{} was said.</p></blockquote>",
        "<figure><figcaption>{}</figcaption></figure>",
        "<dl><dt>{0}<dd>{0} is that.</dl>",
        "{} stands there alone, in no element of its own.<br><br>",
        "<!-- not seen -->{}<script>unseen</script>",
        "<pre>{}\n  code</pre>",
        "<p hidden>unseen</p><noscript>unseen</noscript>{}",
    ]
)
BOXES = st.sampled_from(
    [
        "<div>{}</div>",
        "<div class='post-content'>{}</div>",
        "<div class='share ad'>{}</div>",
        "<div role=dialog>{}</div>",
        *(f"<{tag}>{{}}</{tag}>" for tag in ("main", "article", "nav", "aside", "form", "footer")),
        "<section id='comments'>{}</section>",
        "<ul><li>{}</ul>",
        "<table><tr><td>{}</table>",
    ]
)


def _boxed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    boxes = st.tuples(BOXES, st.lists(inner, min_size=1, max_size=5))
    return st.one_of(LEAVES, boxes.map(lambda made: made[0].replace("{}", "".join(made[1]))))


@examples(150)
@given(st.lists(_boxed(_boxed(LEAVES)), min_size=1, max_size=6).map("".join))
def test_whatever_a_page_is_nothing_is_lost_or_moved(tree: str) -> None:
    numbers = itertools.count()
    markup = web_page(f"{re.sub(r'{0?}', lambda _: f'q{next(numbers)}', tree)}<p>q{next(numbers)}</p>")
    document = _html(markup)
    assert "unseen" not in document.text
    assert re.findall(r"q\d+", document.text) == [f"q{number}" for number in range(next(numbers))]
    assert any(block.furniture is None for block in document.blocks)
    assert [text for _, text in html_blocks(markup, 1)] == [text_of(document, block) for block in document.blocks]
    assert read(markup, "a.html") == document
