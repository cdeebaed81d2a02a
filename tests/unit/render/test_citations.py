"""Citations: what is known and nothing else, in formats that no title can break."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.core.types.answers import Quote, Scores
from rag.core.types.documents import AUTHOR, Attribution, Block, CatalogueEntry, Document, Standing
from rag.core.types.passages import Passage
from rag.render.citations.citation_formats import FORMATS, citation

FULL = CatalogueEntry(
    authors=("Ann Author", "Health Board"), publisher="A Journal", url="https://example.org/a_b?x=1&y={2}",
    published="2024-05", licence="CC BY 4.0", kind="journal article", language="en-GB",
)  # fmt: skip
RESTATING = CatalogueEntry(
    source_title="The Original & More", source_url="https://example.org/original", publisher="A Site",
    published="2012-04-15", licence="Apache-2.0", kind="blog post",
)  # fmt: skip


def quote(
    entry: CatalogueEntry = CatalogueEntry(),
    *,
    title: str = "Salt & sleep",
    section: tuple[str, ...] = ("Salt & sleep", "How much"),
    page: int | None = None,
    label: str | None = None,
    attribution: Attribution = AUTHOR,
    standing: Standing | None = None,
) -> Quote:
    """Return a quote of one sentence."""
    text = "Salt calms."
    block = Block(0, len(text), "paragraph", section, page=page, page_label=label)
    return Quote(
        rank=1,
        passage=Passage("0123456789abcdef", "d", 0, len(text), ((0, len(text)),), section, attribution, page, (3, 4)),
        text=text,
        prefix="",
        suffix="",
        highlights=((0, len(text)),),
        document=Document("d", "a/salt.md", "5" * 64, "text/markdown", "utf-8", title, text, (block,), entry),
        blocks=(block,),
        link=None,
        cues=(),
        scores=Scores(1, 1, 1),
        standing=standing or Standing(),
    )


def item(cited: Quote) -> dict[str, object]:
    (found,) = json.loads(citation(cited, "csl"))
    assert isinstance(found, dict)
    return found


def tags(cited: Quote) -> list[tuple[str, str]]:
    lines = citation(cited, "ris").split("\r\n")
    assert lines.pop() == ""
    return [(line[:2], line[6:]) for line in lines]


def test_everything_that_is_known_is_cited_in_words() -> None:
    assert citation(quote(FULL, page=12, label="iv"), "plain") == (
        "Ann Author; Health Board. “Salt & sleep”. A Journal, 2024-05. Section: How much. "
        "page 12 (“iv”), a/salt.md, lines 3–4. Licence: CC BY 4.0. https://example.org/a_b?x=1&y={2}"
    )


def test_what_is_not_known_is_not_invented() -> None:
    assert citation(quote(section=()), "plain") == "“Salt & sleep”. No date stated. a/salt.md, lines 3–4."
    assert set(item(quote(section=()))) == {"id", "type", "title", "note"}
    assert [tag for tag, _ in tags(quote(section=()))] == ["TY", "ID", "TI", "N1", "ER"]
    assert re.findall(r"^  (\w+) =", citation(quote(section=()), "bibtex"), re.MULTILINE) == ["title", "note"]
    for form in FORMATS:
        assert "accessed" not in citation(quote(FULL), form).lower()


def test_a_journal_article_as_programs_read_it() -> None:
    cited = quote(FULL, page=12, label="iv")
    assert item(cited) == {
        "id": "salt-sleep-2024-01234567", "type": "article-journal", "title": "Salt & sleep",
        "author": [{"literal": "Ann Author"}, {"literal": "Health Board"}], "container-title": "A Journal",
        "issued": {"date-parts": [[2024, 5]]}, "genre": "journal article", "language": "en-GB", "section": "How much",
        "locator": "iv", "URL": FULL.url, "note": "Quoted from page 12 (“iv”), a/salt.md, lines 3–4",
        "custom": {"licence": "CC BY 4.0"},
    }  # fmt: skip
    assert citation(cited, "bibtex") == (
        "@article{salt-sleep-2024-01234567,\n"
        "  author = {{Ann Author} and {Health Board}},\n"
        "  title = {{Salt \\& sleep}},\n"
        "  journal = {A Journal},\n"
        "  year = {2024},\n"
        "  month = may,\n"
        "  pages = {iv},\n"
        "  url = {https://example.org/a_b?x=1&y=%7B2%7D},\n"
        "  language = {en-GB},\n"
        "  note = {Section: How much. Quoted from page 12 (“iv”), a/salt.md, lines 3–4. Licence: CC BY 4.0},\n"
        "}\n"
    )
    assert tags(cited) == [
        ("TY", "JOUR"), ("ID", "salt-sleep-2024-01234567"), ("AU", "Ann Author"), ("AU", "Health Board"),
        ("TI", "Salt & sleep"), ("T2", "A Journal"), ("PY", "2024"), ("DA", "2024/05//"), ("SP", "iv"), ("LA", "en-GB"),
        ("N1", "Section: How much"), ("N1", "Quoted from page 12 (“iv”), a/salt.md, lines 3–4"),
        ("N1", "Licence: CC BY 4.0"), ("UR", str(FULL.url)), ("ER", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("published", "parts", "ris"),
    [("2024", [2024], "2024///"), ("2024-05", [2024, 5], "2024/05//"), ("2024-05-09", [2024, 5, 9], "2024/05/09/")],
)
def test_a_date_is_as_precise_as_it_is_known(published: str, parts: list[int], ris: str) -> None:
    cited = quote(replace(FULL, published=published))
    assert item(cited)["issued"] == {"date-parts": [parts]}
    assert dict(tags(cited))["DA"] == ris
    assert ("month" in citation(cited, "bibtex")) == (len(parts) > 1)
    assert ("day" in citation(cited, "bibtex")) == (len(parts) > 2)
    assert f"A Journal, {published}." in citation(cited, "plain")


def test_what_is_restated_is_the_originals() -> None:
    """Publisher, date and kind of a restatement are those of what it restates."""
    cited = quote(RESTATING)
    record = item(cited)
    assert record["type"] == "document"
    assert record["original-title"] == "The Original & More"
    assert record["original-publisher"] == "A Site"
    assert record["original-date"] == {"date-parts": [[2012, 4, 15]]}
    assert not {"issued", "publisher", "container-title", "genre", "URL"} & set(record)
    assert ("N1", "Restates: “The Original & More” (A Site, 2012-04-15), https://example.org/original") in tags(cited)
    assert not {"PY", "PB", "T2", "UR"} & {tag for tag, _ in tags(cited)}
    assert citation(cited, "bibtex").startswith("@misc{")
    assert "year" not in citation(cited, "bibtex")
    assert "“Salt & sleep”. Restates: “The Original & More” (A Site, 2012-04-15)" in citation(cited, "plain")


@pytest.mark.parametrize("form", FORMATS)
def test_whose_words_they_are_and_how_the_document_stands_is_cited_as_well(form: str) -> None:
    cited = quote(attribution=Attribution("quoted", "A. Poster"), standing=Standing(retracted="2021: in doubt"))
    assert "A. Poster, quoted in the document" in citation(cited, form)
    assert "Retracted: 2021: in doubt" in citation(cited, form)


@pytest.mark.parametrize(
    ("kind", "csl", "ris", "bibtex"),
    [("blog post", "post-weblog", "BLOG", "misc"), ("magazine article", "article-magazine", "MGZN", "misc"),
     ("Clinical guideline", "report", "RPRT", "techreport"), ("patient leaflet", "pamphlet", "PAMP", "misc"),
     ("systematic review", "article-journal", "JOUR", "article"), ("book", "book", "BOOK", "book"),
     ("web page", "webpage", "ELEC", "misc"), ("song", "document", "GEN", "misc"), (None, "document", "GEN", "misc")],
)  # fmt: skip
def test_a_kind_has_its_type(kind: str | None, csl: str, ris: str, bibtex: str) -> None:
    cited = quote(replace(FULL, kind=kind))
    assert item(cited)["type"] == csl
    assert tags(cited)[0] == ("TY", ris)
    assert citation(cited, "bibtex").startswith(f"@{bibtex}{{")


@given(words=st.text(), name=st.text(), section=st.text(), restated=st.one_of(st.none(), st.text()))
def test_no_words_break_a_format(words: str, name: str, section: str, restated: str | None) -> None:
    entry = replace(FULL, authors=(name,), publisher=name, kind=words, licence=words, source_title=restated)
    cited = quote(entry, title=words, section=(section,), attribution=Attribution("quoted", name))
    found = {form: citation(cited, form) for form in FORMATS}
    assert found == {form: citation(cited, form) for form in FORMATS}  # the same at any time
    record = item(cited)
    key = str(record["id"])
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)
    assert all(isinstance(record[each], str) for each in ("title", "type", "note"))
    for line in found["ris"].split("\r\n")[:-1]:
        assert re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line)
    assert found["ris"].count("ER  - ") >= 1
    assert re.match(r"@\w+\{[a-z0-9-]+,\n", found["bibtex"])
    depth = 0
    for at, character in enumerate(found["bibtex"]):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth > 0 or at < len("@techreport") or at >= len(found["bibtex"]) - 2
    assert depth == 0
    assert len(found["plain"].splitlines()) == 1
    for form in FORMATS:
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", found[form]), form
        found[form].encode("utf-8")


@given(st.text(alphabet='\\{}%$#&_~^"a@,= '))
def test_every_special_character_of_bibtex_is_escaped(title: str) -> None:
    body = re.search(r"title = \{\{(.*)\}\},\n", citation(quote(title=title), "bibtex"))
    assert body
    left = re.sub(r"\\(text[a-z]+\{\}|[&%$#_])", "", body[1])
    assert not set(left) & set('\\{}%$#&_~^"')
