"""Withdrawn documents: never quoted unless asked for, said to be left out, and withdrawn without encoding anything."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.building.status import status
from rag.cli.main import command, command_named
from rag.core.catalogue_fields import entry_from, merged
from rag.core.config import Settings
from rag.core.errors import IndexDamaged
from rag.core.standing import withdrawal
from rag.core.types.answers import Filters, LeftOut
from rag.core.types.ask import Ask
from rag.core.types.documents import Standing, Withdrawal
from rag.corpus.lint.check import check
from rag.index.store.sqlite_store import Store
from rag.render.wording import outcome, searched_only
from rag.search.filters import allowed_rows, passing_documents
from rag.search.finding import find

QUESTION = "Does salt calm the heart?"
TODAY = datetime.date(2026, 11, 25)


@pytest.fixture(scope="module")
def varied(seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Documents that say much the same; some are withdrawn, by front matter, by the catalogue or by both."""
    folder = tmp_path_factory.mktemp("varied")
    settings = Settings(corpus=folder / "corpus", index=seeded(folder / "index"))
    settings.corpus.mkdir()
    catalogue = []
    for number, (name, front, over) in enumerate(
        [
            ("plain", "kind: leaflet", ""),
            ("retracted", "retracted: 2021-03-01\nkind: leaflet", ""),
            ("catalogue", "kind: trial", 'retracted = "2021: the data could not be confirmed"'),
            ("superseded", "superseded_by: plain.md", ""),
            ("newer", "kind: leaflet", 'superseded_by = "https://example.org/newer"'),
            ("both", "superseded_by: plain.md", "retracted = true"),
            ("restored", "retracted: true\nsuperseded_by: plain.md", "retracted = false\nsuperseded_by = false"),
        ]
    ):
        text = f"# Of salt\n\nIn trial {number}, salt calms the heart."
        (settings.corpus / f"{name}.md").write_text(f"---\n{front}\n---\n\n{text}\n")
        catalogue.append(f'["{name}.md"]\n{over}\n')
    (settings.corpus / "catalogue.toml").write_text("".join(catalogue))
    build(settings)
    return open_index(settings.index)


WITHDRAWN: dict[str, Withdrawal | None] = {
    "plain.md": None,
    "retracted.md": "retracted",
    "catalogue.md": "retracted",
    "superseded.md": "superseded",
    "newer.md": "superseded",
    "both.md": "retracted",
    "restored.md": None,
}


def run(*arguments: str | Path, settings: Settings) -> Any:
    """Run a command on a corpus and its index, and return what it printed: a JSON object, or a text on one line."""
    takes = {parameter.name for parameter in command_named(str(arguments[0])).params}
    folders = [f"--{name}={getattr(settings, name)}" for name in ("corpus", "index") if name in takes]
    ran = CliRunner().invoke(command, [*map(str, arguments), *folders])
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout) if "--json" in arguments else " ".join(ran.stdout.split())


# What is stated


STATED = st.sampled_from([None, "", False, "no", True, "2021-03-01", datetime.date(2021, 3, 1), "in doubt", 2021])


@examples(200)
@given(*[STATED] * 4)
def test_of_what_withdraws_a_document_the_catalogue_s_word_is_the_last(
    own: Any, own_successor: Any, given_: Any, given_successor: Any
) -> None:
    entry = merged(
        entry_from({"retracted": own, "superseded_by": own_successor}),
        entry_from({"retracted": given_, "superseded_by": given_successor}),
    )
    for value, over, found, yes in (
        (own, given_, entry.retracted, "yes"),
        (own_successor, given_successor, entry.superseded_by, "another document"),
    ):
        says = value if over in (None, "") else over
        assert found == (None if says in (None, "", False, "no") else yes if says is True else str(says))


# What is searched


def test_the_manifest_says_which_documents_are_withdrawn(varied: Engine) -> None:
    assert {record.path: record.withdrawn for record in varied.index.manifest.documents} == WITHDRAWN


NARROWING = st.builds(
    Filters,
    documents=st.lists(st.sampled_from(list(WITHDRAWN)), max_size=3).map(tuple),
    kinds=st.lists(st.sampled_from(["leaflet", "trial"]), max_size=1).map(tuple),
)


@examples(60)
@given(NARROWING, st.booleans(), st.booleans())
def test_only_what_is_asked_for_is_quoted_and_the_rest_is_counted(
    varied: Engine, narrowing: Filters, retracted: bool, superseded: bool
) -> None:
    everything = varied.ask(QUESTION, quotes=50, filters=replace(
        narrowing, include_retracted=True, include_superseded=True
    ))  # fmt: skip
    assert everything.left_out == LeftOut()
    filters = replace(narrowing, include_retracted=retracted, include_superseded=superseded)
    answer = varied.ask(QUESTION, quotes=50, filters=filters)
    passing = {quote.document.path for quote in everything.quotes}
    wanted = {None, *(["retracted"] if retracted else []), *(["superseded"] if superseded else [])}
    quoted = {path for path in passing if WITHDRAWN[path] in wanted}
    assert {quote.document.path for quote in answer.quotes} == quoted
    assert answer.documents_searched == len(quoted)
    left = [WITHDRAWN[path] for path in passing - quoted]
    assert answer.left_out == LeftOut(left.count("retracted"), left.count("superseded"))
    # What is left out changes neither the cosines nor the BM25 scores of the others.
    plain = {quote.passage.id: quote.scores for quote in everything.quotes}
    for quote in answer.quotes:
        assert quote.scores.dense == plain[quote.passage.id].dense
        assert quote.scores.lexical == plain[quote.passage.id].lexical
    assert filters.active == (narrowing != Filters())
    assert (searched_only(answer) is None) == (narrowing == Filters())


def test_who_names_a_withdrawn_document_is_told_why_nothing_was_searched(varied: Engine) -> None:
    named = Filters(documents=("both.md",))
    answer = varied.ask(QUESTION, filters=named)
    assert (answer.status, answer.quotes, answer.left_out) == ("not_in_corpus", (), LeftOut(retracted=1))
    assert outcome(answer) == "Nothing was searched: every document that passes all filters is retracted."
    assert varied.ask(QUESTION, filters=replace(named, include_superseded=True)).status == "not_in_corpus"
    assert varied.ask(QUESTION, filters=replace(named, include_retracted=True)).status == "answered"


def test_a_question_looks_nothing_up_to_know_what_is_withdrawn(varied: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "entries", None)
    monkeypatch.setattr(Store, "documents", None)
    assert varied.ask(QUESTION).left_out == LeftOut(3, 2)
    assert varied.ask(QUESTION, filters=Filters(documents=("plain.md",), include_retracted=True)).left_out == LeftOut()


def test_a_crisis_leaves_nothing_out_for_it_searches_nothing(varied: Engine) -> None:
    assert varied.ask("I want to kill myself").left_out == LeftOut()


def test_the_same_words_in_a_withdrawn_document_are_named_only_with_it(own: Settings) -> None:
    text = "Salt calms the heart of the sailor who stands at the wheel."
    (own.corpus / "a.md").write_text(text)
    (own.corpus / "b.md").write_text(f"---\nretracted: true\n---\n{text}\n")
    build(own)
    engine = open_index(own.index)
    (quote,) = engine.ask(QUESTION).quotes
    assert (quote.document.path, quote.also_in) == ("a.md", ())
    (quote,) = engine.ask(QUESTION, filters=Filters(include_retracted=True)).quotes
    said = {quote.document.path: withdrawal(quote.document.entry)}
    said |= {other.path: other.withdrawn for other in quote.also_in}
    assert said == {"a.md": None, "b.md": "retracted"}


def test_which_day_it_is_is_asked_with_every_question(own: Settings) -> None:
    (own.corpus / "a.md").write_text("---\nreview_due: 2024-06\n---\nSalt calms the heart of the sailor.\n")
    build(own)
    index, day = open_index(own.index).index, datetime.date(2024, 6, 30)
    engine = Engine(index, own.corpus, today=lambda: day)
    assert engine.ask(QUESTION).quotes[0].standing == Standing()
    day = datetime.date(2024, 7, 1)
    overdue = Standing(review_was_due="2024-06")
    assert engine.ask(QUESTION).quotes[0].standing == overdue
    assert engine.standing(engine.document("a.md")) == overdue


# What is built


CHANGES = st.lists(
    st.dictionaries(
        st.sampled_from(["a.md", "b.md", "c.md"]),
        st.sampled_from(["retracted = true", 'superseded_by = "c.md"', "retracted = false"]),
        max_size=3,
    ),
    min_size=2,
    max_size=3,
)


@examples(8)
@given(CHANGES)
def test_withdrawing_encodes_nothing_and_ends_as_a_build_from_nothing(
    seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    settings = Settings(corpus=folder / "corpus", index=seeded(folder / "index"))
    settings.corpus.mkdir()
    for name, front in (("a", ""), ("b", "---\nretracted: 2021\n---\n"), ("c", "")):
        (settings.corpus / f"{name}.md").write_text(f"{front}In trial {name}, salt calms the heart.\n")
    build(settings)
    before: dict[str, str] = {}
    fingerprints = {open_index(settings.index).info.fingerprint: before}
    for step in steps:
        (settings.corpus / "catalogue.toml").write_text("".join(f'["{at}"]\n{says}\n' for at, says in step.items()))
        differ = {at for at in step.keys() | before.keys() if step.get(at) != before.get(at)}
        report = build(settings)
        assert (report.published, set(report.changed), report.encoded) == (bool(differ), differ, 0)
        assert fingerprints.setdefault(report.fingerprint, step) == step
        before = step
    anew = replace(settings, index=seeded(folder / "other"))
    build(anew)
    first, second = open_index(settings.index), open_index(anew.index)
    assert first.info.fingerprint == second.info.fingerprint
    assert first.index.manifest.documents == second.index.manifest.documents
    answers = [engine.ask(QUESTION, quotes=9) for engine in (first, second)]
    assert answers[0].quotes == answers[1].quotes
    assert answers[0].left_out == answers[1].left_out
    shutil.rmtree(folder)


def test_a_withdrawal_in_front_matter_encodes_nothing(own: Settings) -> None:
    (own.corpus / "a.md").write_text("---\ntitle: Of salt\n---\nSalt calms the heart of the sailor.\n")
    build(own)
    (own.corpus / "a.md").write_text("---\ntitle: Of salt\nretracted: true\n---\nSalt calms the heart of the sailor.\n")
    assert not status(own).current
    assert build(own).encoded == 0
    answer = open_index(own.index).ask(QUESTION)
    assert (answer.status, answer.left_out) == ("not_in_corpus", LeftOut(retracted=1))
    assert outcome(answer) == "Nothing was searched: every document is retracted."


def test_a_manifest_that_was_made_to_say_otherwise_is_damaged(own: Settings) -> None:
    (own.corpus / "a.md").write_text("---\nretracted: true\n---\nSalt calms the heart of the sailor.\n")
    build(own)
    file = open_index(own.index).index.path / "manifest.json"
    file.write_text(file.read_text().replace('"withdrawn": "retracted"', '"withdrawn": null'))
    with pytest.raises(IndexDamaged, match="fingerprint"):
        open_index(own.index)


def log_odds(engine: Engine) -> float:
    """Return how sure the search is, before calibration, that what may be quoted answers."""
    allowed = allowed_rows(passing_documents(Filters(), engine.index).documents, engine.index)
    return find(Ask(QUESTION), engine.index, engine.encoder, allowed=allowed).judgement.sure


def test_an_index_is_calibrated_by_what_is_searched(own: Settings) -> None:
    (own.corpus / "a.md").write_text("Salt calms the heart of the sailor.\n")
    (own.corpus / "b.md").write_text("Pepper is black and grows in the south.\n")
    lines = [{"question": QUESTION, "status": "answered", "document": "a.md", "quote": "Salt calms the heart"}] * 10
    lines += [{"question": "What is the price of kryptonite?", "status": "not_in_corpus"}] * 10
    (own.corpus / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)))
    build(own)
    before = open_index(own.index)
    (own.corpus / "catalogue.toml").write_text('["a.md"]\nretracted = true\n')
    build(own)
    after = open_index(own.index)
    assert log_odds(after) < log_odds(before)
    assert after.calibration.good != before.calibration.good
    (finding,) = [each for each in check(own.corpus, TODAY) if each.lines == (1, 1)]
    assert finding.message == "Its document 'a.md' is retracted and not searched. Quote another, or take it out."


# What is said


@pytest.fixture
def shelf(own: Settings) -> Settings:
    """A corpus with one document of each sort, and its index."""
    for name, front in (
        ("new", "title: New\nevidence_grade: low\nevidence_scheme: GRADE"),
        ("old", "title: Old\nsuperseded_by: new.md\nreview_due: 2001"),
        ("false", "title: False\nretracted: '2021: the data could not be confirmed'"),
    ):
        (own.corpus / f"{name}.md").write_text(f"---\n{front}\n---\nIn the {name} trial, salt calms the heart.\n")
    build(own)
    return own


def test_the_command_line_leaves_out_includes_and_says_so(shelf: Settings) -> None:
    said = run("query", QUESTION, settings=shelf)
    assert "Not searched: 1 retracted and 1 superseded documents (--include-retracted, --include-superseded)." in said
    assert "Evidence grade: low (GRADE) │ In the new trial" in said.replace("┃", "│")
    assert "old trial" not in said
    record = run("query", QUESTION, "--include-superseded", "--json", settings=shelf)
    assert record["filters"] == {"include_superseded": True}
    assert record["left_out"] == {"retracted": 1, "superseded": 0}
    quotes = {quote["document"]["path"]: quote for quote in record["quotes"]}
    assert quotes.keys() == {"new.md", "old.md"}
    assert quotes["old.md"]["standing"] == ["Superseded by new.md", "Review was due on 2001"]
    assert quotes["old.md"]["document"]["superseded_by"] == "new.md"
    said = run("query", QUESTION, "--include-retracted", "--document", "false.md", settings=shelf)
    assert "Retracted: 2021: the data could not be confirmed │ In the false" in said.replace("┃", "│")
    assert "Not searched" not in said


def test_show_and_sources_say_how_a_document_stands(shelf: Settings, starter_settings: Settings) -> None:
    assert "Superseded by new.md Review was due on 2001" in run("show", "old.md", settings=shelf)
    record = run("show", "false.md", "--json", settings=shelf)["document"]
    assert record["standing"] == ["Retracted: 2021: the data could not be confirmed"]
    assert record["retracted"] == "2021: the data could not be confirmed"
    said = run("sources", settings=shelf)
    assert "standing" in said
    assert "Retracted: 2021" in said
    documents = run("sources", "--json", settings=shelf)["documents"]
    assert [each["standing"][:1] for each in documents] == [
        ["Retracted: 2021: the data could not be confirmed"],
        ["Evidence grade: low (GRADE)"],
        ["Superseded by new.md"],
    ]
    assert "standing" not in run("sources", settings=starter_settings)


def test_add_keeps_how_a_document_stands(own: Settings, tmp_path: Path) -> None:
    leaflet = tmp_path / "leaflet.md"
    leaflet.write_text("---\nretracted: true\n---\nSalt calms the heart of the sailor.\n")
    run(
        "add", leaflet, "--superseded-by", "new.md", "--evidence-grade", "low", "--evidence-scheme", "GRADE",
        settings=own,
    )  # fmt: skip
    assert run("show", "leaflet.md", "--json", settings=own)["document"]["standing"] == [
        "Retracted: yes",
        "Superseded by new.md",
        "Evidence grade: low (GRADE)",
    ]
    run("add", leaflet, "--retracted", "no", "--superseded-by", "no", settings=own)
    assert "Retracted" not in run("show", "leaflet.md", settings=own)
    assert run("query", QUESTION, "--json", settings=own)["status"] == "answered"
    run("add", leaflet, "--retracted", "2021-03-01", settings=own)
    assert run("query", QUESTION, "--json", settings=own)["left_out"] == {"retracted": 1, "superseded": 0}


def test_check_lists_what_is_withdrawn_and_what_is_half_said(own: Settings) -> None:
    for name, front in {
        "dated": "retracted: 2021-03-01",
        "replaced": "superseded_by: leaflets/new.md",
        "lost": "superseded_by: leaflets/none.md",
        "elsewhere": "superseded_by: https://example.org/new.html",
        "titled": "superseded_by: 'Salt: the second edition, v2.1'",
        "grade": "evidence_grade: low",
        "scheme": "evidence_scheme: GRADE",
        "graded": "evidence_grade: low\nevidence_scheme: GRADE",
        "twin": "title: T",
    }.items():
        (own.corpus / f"{name}.md").write_text(f"---\n{front}\n---\nIn the {name} trial, salt calms the heart.\n")
    (own.corpus / "leaflets").mkdir()
    (own.corpus / "leaflets" / "new.md").write_text("Salt calms.")
    shutil.copy(own.corpus / "twin.md", own.corpus / "twin2.md")
    (own.corpus / "catalogue.toml").write_text(
        '["twin2.md"]\nretracted = true\n["gone.md"]\nsuperseded_by = "twin.md"\n["other.md"]\ntitle = "Other"\n'
    )
    general = {"no title", "no source", "no licence", "no date", "same content"}
    found = [each for each in check(own.corpus, TODAY) if each.kind not in general]
    assert {(each.path, each.level, each.kind) for each in found} == {
        ("dated.md", "note", "retracted"),
        ("replaced.md", "note", "superseded"),
        ("lost.md", "note", "superseded"),
        ("lost.md", "warning", "no successor"),
        ("elsewhere.md", "note", "superseded"),
        ("titled.md", "note", "superseded"),
        ("grade.md", "warning", "grade without scheme"),
        ("scheme.md", "warning", "scheme without grade"),
        ("twin2.md", "warning", "withdraws nothing"),
        ("gone.md", "warning", "withdraws nothing"),
    }
