"""How a document stands: retracted, superseded, overdue for review."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import read
from support.properties import examples

from rag.cli.main import command_named
from rag.core.dates import days
from rag.core.standing import review_overdue, standing_of, withdrawal
from rag.core.types.answers import Filters, LeftOut
from rag.core.types.documents import CatalogueEntry, Withdrawal
from rag.corpus.catalogue import read_catalogue
from rag.readers.text.front_matter import split_front_matter
from rag.render.wording import standing_lines

TODAY = datetime.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("true", "yes"),
        ("false", ""),
        ('""', None),
        ("2021-03-01", "2021-03-01"),
        ('"2021: the data could not be confirmed"', "2021: the data could not be confirmed"),
        ('"No"', ""),
        ("2021", "2021"),
    ],
)
def test_the_catalogue_says_that_a_document_is_retracted(value: str, kept: str | None, tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(f'["a.md"]\nretracted = {value}\n')
    assert read_catalogue(tmp_path) == {"a.md": CatalogueEntry(retracted=kept)}


@pytest.mark.parametrize(
    ("matter", "retracted"),
    [
        ("---\nretracted: true\n---\n", "yes"),
        ("---\nRetracted: yes\n---\n", "yes"),
        ("---\nretracted: no\ntitle: A\n---\n", ""),
        ("---\nretracted:\ntitle: A\n---\n", None),
        ("---\nretracted: 2021-03-01\n---\n", "2021-03-01"),
        ('+++\nretracted = "in 2021"\n+++\n', "in 2021"),
    ],
)
def test_front_matter_says_that_a_document_is_retracted(matter: str, retracted: str | None) -> None:
    entry, text, _ = split_front_matter(f"{matter}Salt calms.\n")
    assert (entry.retracted, text.strip()) == (retracted, "Salt calms.")


def test_a_document_s_entry_says_nothing_where_there_is_nothing_to_say() -> None:
    text = "---\nretracted: no\nsuperseded_by: false\ntitle: A\n---\nSalt calms.\n"
    assert read(text).entry == CatalogueEntry(title="A")
    given_ = CatalogueEntry(retracted="2021", evidence_grade="low", evidence_scheme="GRADE")
    assert read(text, entry=given_).entry == replace(given_, title="A")


@examples(300)
@given(st.dates(datetime.date(1000, 1, 1)), st.integers(1, 3), st.dates(datetime.date(1000, 1, 1)))
def test_a_review_is_overdue_when_all_days_that_it_was_due_on_are_over(
    day: datetime.date, parts: int, today: datetime.date
) -> None:
    due = "-".join(day.isoformat().split("-")[:parts])
    entry = CatalogueEntry(review_due=due)
    assert review_overdue(entry, today) == (days(due)[1] < today)
    assert not review_overdue(entry, day)
    assert standing_of(entry, today).review_was_due == (due if review_overdue(entry, today) else None)


TEXTS = st.none() | st.sampled_from(["low", "2021"])


@examples(200)
@given(st.builds(CatalogueEntry, **dict.fromkeys(
    ("retracted", "superseded_by", "evidence_grade", "evidence_scheme"), TEXTS
)))  # fmt: skip
def test_what_is_said_of_a_document_is_what_is_stated_and_no_more(entry: CatalogueEntry) -> None:
    said = standing_lines(standing_of(entry, TODAY))
    both = entry.evidence_grade and entry.evidence_scheme
    assert said == [
        *([f"Retracted: {entry.retracted}"] if entry.retracted else []),
        *([f"Superseded by {entry.superseded_by}"] if entry.superseded_by else []),
        *([f"Evidence grade: {entry.evidence_grade} ({entry.evidence_scheme})"] if both else []),
    ]
    kind = withdrawal(entry)
    assert (kind is None) == (not entry.retracted and not entry.superseded_by)
    assert (kind == "retracted") == (entry.retracted is not None)


def test_every_way_of_being_withdrawn_can_be_asked_for_and_is_counted() -> None:
    """What is added to the ways there are is added to the filters, the command line and what is left out."""
    ways = get_args(Withdrawal)
    assert set(LeftOut.__dataclass_fields__) == set(ways)
    assert {name for name in Filters.__dataclass_fields__ if name.startswith("include_")} == {
        f"include_{way}" for way in ways
    }
    assert {f"include_{way}" for way in ways} <= {each.name for each in command_named("query").params}
