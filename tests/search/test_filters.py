"""Filters: what they let pass, that nothing else is ever quoted, and that they change no score."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.core.errors import IndexDamaged, NotFound, UsageError
from rag.core.types.answers import Filters
from rag.search.filters import allowed_rows, passing_documents

QUESTION = "Does salt calm the heart?"
KNOWN: dict[str, dict[str, str]] = {
    "a/leaflet.md": {"kind": "leaflet", "licence": "CC BY 4.0", "language": "en-GB", "published": "2024-05"},
    "a/trial.md": {"kind": "trial", "licence": "CC0", "language": "en", "published": "2019-02-28"},
    "b/Leaflet-2.txt": {"kind": "Leaflet", "licence": "cc0", "language": "de", "reviewed_on": "2024-12-31"},
    "c.html": {"kind": "leaflet", "published": "2024", "reviewed_on": "2026-01-01"},
    "eng.md": {"language": "eng", "licence": "CC0"},
    "nothing.txt": {},
}


@pytest.fixture(scope="module")
def varied(seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Six documents that say much the same; what is known of them differs, or is not known."""
    folder = tmp_path_factory.mktemp("varied")
    settings = Settings(corpus=folder / "corpus", index=seeded(folder / "index"))
    for number, (path, known) in enumerate(KNOWN.items()):
        file = settings.corpus / path
        file.parent.mkdir(parents=True, exist_ok=True)
        paragraphs = [f"In trial {number}.{again}, salt calms the heart." for again in range(1 + number % 2)]
        matter = "".join(f"{name}: {value!r}\n" for name, value in known.items())
        file.write_text((f"---\n{matter}---\n\n" if matter else "") + "# Of salt\n\n" + "\n\n".join(paragraphs))
    (settings.corpus / "catalogue.toml").write_text('["c.html"]\nlicence = "CC BY 4.0"\n')
    build(settings)
    return open_index(settings.index)


def passing(engine: Engine, filters: Filters) -> set[str]:
    records = engine.index.manifest.documents
    return {records[number].path for number in passing_documents(filters, engine.index).documents}


@pytest.mark.parametrize(
    ("filters", "pass_"),
    [
        (Filters(), set(KNOWN)),
        (Filters(documents=("c.html",)), {"c.html"}),
        (Filters(documents=("c.html", "a/trial.md")), {"c.html", "a/trial.md"}),
        (Filters(kinds=("LEAFLET",)), {"a/leaflet.md", "b/Leaflet-2.txt", "c.html"}),
        (Filters(kinds=("leaflet", "trial")), {"a/leaflet.md", "a/trial.md", "b/Leaflet-2.txt", "c.html"}),
        (Filters(kinds=("leaf",)), set()),
        (Filters(kinds=("",)), set()),
        (Filters(licences=("cc0",)), {"a/trial.md", "b/Leaflet-2.txt", "eng.md"}),
        (Filters(licences=("CC BY 4.0",)), {"a/leaflet.md", "c.html"}),
        (Filters(languages=("EN",)), {"a/leaflet.md", "a/trial.md"}),
        (Filters(languages=("en-gb",)), {"a/leaflet.md"}),
        (Filters(languages=("en_GB",)), {"a/leaflet.md"}),
        (Filters(languages=("",)), set()),
        (Filters(since="2024"), {"a/leaflet.md", "b/Leaflet-2.txt", "c.html"}),
        (Filters(since="2024-05-01"), {"a/leaflet.md", "b/Leaflet-2.txt"}),
        (Filters(since="2024-05-02"), {"b/Leaflet-2.txt"}),
        (Filters(until="2024"), {"a/leaflet.md", "a/trial.md", "b/Leaflet-2.txt", "c.html"}),
        (Filters(until="2024-05"), {"a/leaflet.md", "a/trial.md"}),
        (Filters(until="2019-02-27"), set()),
        (Filters(since="2019", until="2019-02"), {"a/trial.md"}),
        (Filters(since="2025", until="2024"), set()),
        (Filters(kinds=("leaflet",), languages=("en",)), {"a/leaflet.md"}),
        (Filters(documents=("a/trial.md",), kinds=("leaflet",)), set()),
    ],
)
def test_what_passes(varied: Engine, filters: Filters, pass_: set[str]) -> None:
    assert passing(varied, filters) == pass_


def test_documents_are_named_by_id_or_the_beginning_of_one(varied: Engine) -> None:
    for record in varied.index.manifest.documents:
        assert passing(varied, Filters(documents=(record.id,))) == {record.path}
        assert passing(varied, Filters(documents=(record.id[:8],))) == {record.path}


@pytest.mark.parametrize("name", ["", "none.md", "a", "a/", "ffff"])
def test_a_document_that_does_not_exist_is_said_so(varied: Engine, name: str) -> None:
    with pytest.raises(NotFound, match="python -m rag sources"):
        varied.ask(QUESTION, filters=Filters(documents=("c.html", name)))


@pytest.mark.parametrize(
    "date", ["", "yesterday", "24", "2024-13", "2024-02-30", "2024-5", "2024-05-31T00:00", "２０２４", "0000"]
)
def test_a_date_that_is_none_is_said_so_with_an_example(varied: Engine, date: str) -> None:
    for filters in (Filters(since=date), Filters(until=date)):
        with pytest.raises(UsageError, match="2024-05-31"):
            varied.ask(QUESTION, filters=filters)


FILTERS = st.builds(
    Filters,
    documents=st.lists(st.sampled_from(list(KNOWN)), max_size=3).map(tuple),
    kinds=st.lists(st.sampled_from(["leaflet", "TRIAL", "none"]), max_size=2).map(tuple),
    licences=st.lists(st.sampled_from(["CC0", "cc by 4.0"]), max_size=2).map(tuple),
    languages=st.lists(st.sampled_from(["en", "en-GB", "DE"]), max_size=2).map(tuple),
    since=st.none() | st.sampled_from(["2019", "2024", "2024-05", "2024-06-01"]),
    until=st.none() | st.sampled_from(["2019-02-28", "2024", "2024-05-30", "2030"]),
)


@examples(50)
@given(FILTERS)
def test_only_what_passes_is_quoted_and_as_much_of_it_as_there_is(varied: Engine, filters: Filters) -> None:
    answer = varied.ask(QUESTION, quotes=50, filters=filters)
    pass_ = passing(varied, filters)
    assert {quote.document.path for quote in answer.quotes} == pass_
    assert answer.documents_searched == len(pass_)
    assert answer.status == ("answered" if pass_ else "not_in_corpus")
    assert answer.filters == filters
    # The oracle: passages pass or not by their document alone, and keep their cosines and BM25 scores.
    plain = {quote.passage.id: quote for quote in varied.ask(QUESTION, quotes=50).quotes}
    assert len(answer.quotes) == sum(quote.document.path in pass_ for quote in plain.values())
    for quote in answer.quotes:
        assert quote.scores.dense == plain[quote.passage.id].scores.dense
        assert quote.scores.lexical == plain[quote.passage.id].scores.lexical
    # Each filter only narrows.
    for wider in ({"documents": ()}, {"kinds": ()}, {"licences": ()}, {"languages": ()}, {"since": None}):
        assert pass_ <= passing(varied, replace(filters, **wider))


def test_a_filter_that_all_documents_pass_changes_nothing(starter: Engine) -> None:
    plain = starter.ask("What is memantine?")
    filtered = starter.ask("What is memantine?", filters=Filters(since="1900"))
    assert allowed_rows(list(range(10)), starter.index) is None
    assert (filtered.quotes, filtered.confidence) == (plain.quotes, plain.confidence)
    assert (filtered.documents_searched, plain.documents_searched) == (10, 10)


def test_what_another_document_answers_is_refused(starter: Engine) -> None:
    question = "How long do the effects of ketamine last?"
    assert starter.ask(question).quotes[0].document.path == "ketamine.md"
    within = starter.ask(question, filters=Filters(documents=("ketamine.md",)))
    assert {quote.document.path for quote in within.quotes} == {"ketamine.md"}
    nothing = starter.ask(question, filters=Filters(kinds=("no such kind",)))
    assert (nothing.status, nothing.quotes, nothing.documents_searched) == ("not_in_corpus", (), 0)


def test_filters_on_an_empty_corpus(own: Settings) -> None:
    build(own)
    engine = open_index(own.index)
    assert engine.ask(QUESTION, filters=Filters(kinds=("leaflet",), since="2024")).status == "not_in_corpus"
    with pytest.raises(NotFound):
        engine.ask(QUESTION, filters=Filters(documents=("a.md",)))


@pytest.mark.parametrize("change", ["DELETE FROM document", "UPDATE document SET entry = '['"])
def test_a_damaged_store_is_never_filtered_wrongly(own: Settings, change: str) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    build(own)
    engine = open_index(own.index)
    with sqlite3.connect(engine.index.path / "store.sqlite") as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(IndexDamaged, match="--rebuild"):
        engine.ask(QUESTION, filters=Filters(kinds=("leaflet",)))
