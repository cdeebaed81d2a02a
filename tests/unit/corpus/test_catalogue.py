"""The catalogue: what the curator says of sources, and how it is kept."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from rag.core.catalogue_fields import FIELDS, entry_from, merged
from rag.core.errors import CorpusError
from rag.core.types.documents import CatalogueEntry
from rag.corpus.catalogue import catalogue_with, read_catalogue

KEPT = """# Kept by hand.

["b.txt"]  # the second, named first
title = "B"   # as on its cover

# Ann's leaflet
["a/a.txt"]
licence = "CC0"
title = 'A'
"""


def test_every_field_of_an_entry_has_its_row_in_the_same_order() -> None:
    assert [field.name for field in FIELDS] == [field.name for field in fields(CatalogueEntry)]


def test_no_catalogue_says_nothing(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path) == {}


def test_entries_are_read_by_path(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(
        '["a.txt"]\ntitle = "A &amp; B"\nauthors = ["Ann", "Bo"]\npublished = 2012-04-15\nreview_due = "2030-01"\n'
        '["sub/b.txt"]\nlicense = "CC0"\nurl = "ftp://example.org"\nunknown = 3\n',
        encoding="utf-8",
    )
    assert read_catalogue(tmp_path) == {
        "a.txt": CatalogueEntry(title="A & B", authors=("Ann", "Bo"), published="2012-04-15", review_due="2030-01"),
        "sub/b.txt": CatalogueEntry(licence="CC0"),
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b'["a.txt"\ntitle = "A"', "line 1"),
        (b'title = "A"', "'title' is not a table"),
        (b'[a.txt]\ntitle = "A"', '"a.txt"'),
        (b'["a.txt"]\ntitle = "A"\ntitle = "B"\n', "line 3"),
        (b'["a.txt"]\ntitle = "\xe9"', "cannot be read"),
    ],
)
def test_a_broken_catalogue_is_told_with_its_place(tmp_path: Path, text: bytes, says: str) -> None:
    (tmp_path / "catalogue.toml").write_bytes(text)
    with pytest.raises(CorpusError) as caught:
        read_catalogue(tmp_path)
    assert "catalogue.toml" in caught.value.message
    assert says in str(caught.value)


def test_a_catalogue_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").mkdir()
    with pytest.raises(CorpusError, match=r"catalogue\.toml cannot be read"):
        read_catalogue(tmp_path)


def test_what_the_catalogue_says_goes_over_what_the_file_says() -> None:
    own = CatalogueEntry(title="own", licence="own", authors=("Own",))
    assert merged(own, CatalogueEntry(title="given", kind="given")) == CatalogueEntry(
        title="given", licence="own", authors=("Own",), kind="given"
    )


def test_what_the_catalogue_leaves_out_stays() -> None:
    own = CatalogueEntry(title="own", authors=("Own",))
    assert merged(own, CatalogueEntry()) == own


@pytest.mark.parametrize("value", [None, "", "  ", [], {}, True, "&nbsp;", [""], [None]])
def test_empty_values_count_as_absent(value: object) -> None:
    assert entry_from({"title": value, "author": value, "date": value, "url": value}) == CatalogueEntry()


def test_writing_a_value_keeps_comments_and_order() -> None:
    assert catalogue_with(KEPT, "b.txt", {"title": "Bee"}) == KEPT.replace('"B"', '"Bee"')


def test_a_new_source_is_put_below_the_others() -> None:
    text = catalogue_with(KEPT, "c.d/e f.txt", {"title": 'C "quoted"', "authors": ["Cy"]})
    assert text.startswith(KEPT)
    assert tomllib.loads(text)["c.d/e f.txt"] == {"title": 'C "quoted"', "authors": ["Cy"]}


def test_a_new_value_goes_into_its_sources_table() -> None:
    values = tomllib.loads(catalogue_with(KEPT, "b.txt", {"licence": "CC0"}))
    assert values == {"b.txt": {"title": "B", "licence": "CC0"}, "a/a.txt": {"licence": "CC0", "title": "A"}}


def test_no_values_take_a_source_out_and_leave_the_other_as_it_was() -> None:
    text = catalogue_with(KEPT, "b.txt", {})
    assert tomllib.loads(text) == {"a/a.txt": {"licence": "CC0", "title": "A"}}
    assert "# Kept by hand." in text
    assert '# Ann\'s leaflet\n["a/a.txt"]' in text


def test_taking_out_what_is_not_there_changes_nothing() -> None:
    assert catalogue_with(KEPT, "z.txt", {}) == KEPT


def test_writing_into_an_empty_catalogue() -> None:
    assert tomllib.loads(catalogue_with("", "a.txt", {"title": "A"})) == {"a.txt": {"title": "A"}}
