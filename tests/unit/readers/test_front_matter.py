"""Front matter: what it says of the source, where the text below it begins, and what is none."""

from __future__ import annotations

import pytest
from made import read, text_of

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import CatalogueEntry
from rag.readers.text.front_matter import split_front_matter


def _entry(block: str) -> CatalogueEntry:
    return split_front_matter(f"---\n{block}\n---\nText.\n")[0]


@pytest.mark.parametrize(
    ("block", "field", "value"),
    [
        ("title: Ginger&#8217;s root", "title", "Ginger’s root"),
        ("title: 'Tea &amp; toast'", "title", "Tea & toast"),
        ("title: >\n  Folded\n  over lines", "title", "Folded over lines"),
        ("title: 42", "title", "42"),
        ("TITLE: Loud", "title", "Loud"),
        ("post_title: Named so by a blog", "title", "Named so by a blog"),
        ('author: ""', "authors", ()),
        ("author: Ann Example", "authors", ("Ann Example",)),
        ("authors: [Ann Example, '', Bo Example]", "authors", ("Ann Example", "Bo Example")),
        ("permalink: >\n  https://example.org/a/", "url", "https://example.org/a/"),
        ("permalink: /a/\nlink: https://example.org/b", "url", "https://example.org/b"),
        ("url: javascript:alert(1)\ntitle: x", "url", None),
        ("published: true\npost_date: 2012-04-15 13:50:10", "published", "2012-04-15"),
        ("post_date: 2012-04-15 13:50:10\npublished: false", "published", "2012-04-15"),
        ("published: 2012-04-15", "published", "2012-04-15"),
        ("published: 2012-04-15T13:50:10Z", "published", "2012-04-15"),
        ("date: 2012", "published", "2012"),
        ("date: 2012-04", "published", "2012-04"),
        ("date: '2012-02-31'\ntitle: x", "published", None),
        ("date: '2012-13'\ntitle: x", "published", None),
        ("date: '20125'\ntitle: x", "published", None),
        ("date: soon\npost_date: 2012-04-15", "published", "2012-04-15"),
        ("license: CC BY 4.0", "licence", "CC BY 4.0"),
        ("last_reviewed: 2020-01-02", "reviewed_on", "2020-01-02"),
        ("language: en-GB", "language", "en-GB"),
        ("lang: pt_BR", "language", "pt-BR"),
        ("language: English\ntitle: x", "language", None),
        ("language: no\ntitle: x", "language", None),
        ("notes: [one, two]", "notes", "one; two"),
        ("title: {a: b}\nkind: leaflet", "title", None),
    ],
)
def test_a_field_is_read(block: str, field: str, value: object) -> None:
    assert getattr(_entry(block), field) == value


def test_toml_front_matter_is_read() -> None:
    entry, body, line = split_front_matter('+++\ntitle = "Ginger"\ndate = 2012-04-15\n+++\n\nText.\n')
    assert (entry.title, entry.published) == ("Ginger", "2012-04-15")
    assert body.strip() == "Text."
    assert line == 4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: a\n---\nText.", 4),
        ("---\ntitle: a\n---\n\n\nText.", 6),
        ("---\n\ntitle: a\n\n---\nText.", 6),
        ("---  \ntitle: a\n----\nText.", 4),
        ("---\n---\nText.", 3),
        ('+++\ntitle = "a"\n+++\nText.', 4),
    ],
)
def test_lines_are_counted_from_the_top_of_the_file(text: str, line: int) -> None:
    document = read(text)
    assert [text_of(document, block) for block in document.blocks] == ["Text."]
    assert document.blocks[0].lines == (line, line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: a\nauthor: [b\n---\nText.", "line 4"),
        ("---\ntitle: a\nauthor: b: c\n---\nText.", "line 3"),
        ("---\n\n\ntitle: a: b\n---\nText.", "line 4"),
        ('+++\ntitle = "a"\nauthor = b\n+++\nText.', "line 3"),
        ('+++\ntitle = "a\n+++\nText.', "line 2"),
        ("---\ntitle: a\nauthor: b\n\nText without an end.", "line 1"),
        ("---\ntitle: a", "line 1"),
        ('+++\ntitle = "a"\n\nText without an end.', "line 1"),
    ],
)
def test_broken_front_matter_is_refused_with_its_line(text: str, line: str) -> None:
    with pytest.raises(UnreadableDocument, match=rf"front matter.*\b{line}\b") as caught:
        read(text)
    assert caught.value.advice


@pytest.mark.parametrize(
    "block",
    [
        "title: !!bool x",
        "title: !!timestamp x",
        "title: !!int x",
        "title: !!python/object:os.system x",
        "date: 2012-13-45",
    ],
)
def test_values_that_are_not_what_they_claim_are_refused(block: str) -> None:
    with pytest.raises(UnreadableDocument, match="not valid YAML"):
        _entry(block)


def test_a_number_of_too_many_digits_is_no_title() -> None:
    assert _entry(f"title: 0x{'f' * 9000}\nkind: leaflet") == CatalogueEntry(kind="leaflet")


@pytest.mark.parametrize(
    "text",
    [
        "---\nA line between rules.\n---\nText.",
        "---\nWarning: do not drive.\n---\nText.",
        "---\nTake with food: yes\n---\nText.",
        "---\nNote: this is so: always.\n---\nText.",
        "---\n- one\n- two\n---\nText.",
        "---\n'unclosed\n---\nText.",
        "---\nNote: a rule above prose, and no rule below it.\n\nText.",
        "---\nText after a rule.",
        "--- a dash ---\ntitle: a\n---\nText.",
        f"---\ntitle: {'far too long ' * 10_000}\n---\nText.",
        "----------\nText.",
        "+++\nplus signs\n+++\nText.",
        "Text.\n---\ntitle: a\n---\n",
        "-- \ntitle: a",
        "+",
        "---",
    ],
)
def test_what_is_no_front_matter_stays_in_the_text(text: str) -> None:
    assert split_front_matter(text) == (CatalogueEntry(), text, 1)


def test_front_matter_with_no_text_below_it_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="no text in it"):
        read("---\ntitle: a\n---\n\n")


def test_the_catalogue_goes_before_front_matter_field_by_field() -> None:
    document = read("---\ntitle: Own\nkind: leaflet\n---\nText.", entry=CatalogueEntry(title="Given", licence="CC0"))
    assert document.entry == CatalogueEntry(title="Given", licence="CC0", kind="leaflet")
    assert document.title == "Given"
