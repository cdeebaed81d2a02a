"""The lists of names: each line is one, none stands twice, and they are found longest first, in any number."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.text.names.listed_names import NameLists, keys_of, listed_names
from rag.text.names.name_words import name_words

SMALL = NameLists(
    [
        ("drug", "# of the sea\nzorbulin, zorbex\nblue zorbulin\nsea pill > zorbulin, blue zorbulin\n*zorb ! absorb\n"),
        ("condition", "sea sickness, mal de mer\nkraken's disease\n"),
    ]
)


def found(text: str, lists: NameLists = SMALL) -> list[str]:
    keys = [word.key for word in name_words(text)]
    names, place = [], 0
    while place < len(keys):
        length, listed = lists.at(keys, place)
        names += [listed[0].names[0]] if length else []
        place += length or 1
    return names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Does Zorbex help?", ["zorbulin"]),
        ("blue zorbulin or zorbulin", ["blue zorbulin", "zorbulin"]),
        ("two sea pills against mal de mer", ["sea pill", "sea sickness"]),
        ("krakens disease, Kraken’s disease, kraken's disease", ["kraken's disease"] * 3),
        ("the sea is blue", []),
    ],
)
def test_names_are_found_longest_first(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_a_class_is_spoken_of_by_its_members_and_their_other_names() -> None:
    (listed,) = SMALL.at(["sea", "pill"], 0)[1]
    assert set(SMALL.speaking_of(listed)) == {"sea pill", "zorbulin", "zorbex", "blue zorbulin"}


@pytest.mark.parametrize(("word", "kind"), [("kyrizorb", "drug"), ("absorb", None), ("zorb", None), ("salt", None)])
def test_a_form_tells_the_kind_of_a_word_that_is_in_no_list(word: str, kind: str | None) -> None:
    assert SMALL.kind_by_form(word) == kind


@pytest.mark.parametrize("kind", ["drug", "substance", "condition", "procedure", "population"])
def test_a_list_is_well_kept(kind: str) -> None:
    text = files("rag.text.names").joinpath("lists", f"{kind}s.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "*"))]
    names = [name for line in lines for name in line.partition(" > ")[0].split(", ")]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [line for line in lines if not all(part.strip() for part in line.replace(" > ", ", ").split(", "))] == []
    assert [name for name in names if name != name.lower() or not keys_of(name)] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("can i take magnesium with lithium", ["magnesium", "lithium"]),
        ("mum missed her plavix tablet what now", ["clopidogrel"]),
        ("Alzheimers and alzheimer's", ["alzheimer's disease"] * 2),
        ("is it safe while breastfeeding", ["breastfeeding"]),
        ("what should I do in the morning, and will it last", []),
        ("How do I renew my passport?", []),
        ("I may lead a well patch", []),
    ],
)
def test_the_program_s_lists_know_what_people_ask_about(text: str, names: list[str]) -> None:
    assert found(text, listed_names()) == names


@examples(200)
@given(st.text(alphabet="abcdeszorbulin '’-.", max_size=40))
def test_words_lie_where_they_say(text: str) -> None:
    last = 0
    for word in name_words(text):
        assert last <= word.start < word.end <= len(text)
        last = word.end
