"""Index and build: incremental equals from nothing, publishing is whole, damage is named, deletions leave no trace."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.indexes import Prebuilt
from support.properties import examples

from rag.answer.engine import Engine, open_index
from rag.building.build import build, go_back
from rag.building.status import status
from rag.building.verify import verify_index
from rag.core.config import Settings
from rag.core.errors import (
    BuildBusy,
    ConfigError,
    IndexDamaged,
    IndexForeign,
    IndexMismatch,
    IndexMissing,
    NotFound,
    StorageError,
)
from rag.core.types.answers import Answer
from rag.index.folder import IndexFolder
from rag.index.manifest import SCHEMA
from rag.index.opening import OpenIndex
from rag.index.publishing import IndexWriter

SUBJECTS = ("salt", "sleep", "iron", "tea", "walking", "noise")
CLAIMS = ("calms the heart", "tires the eyes", "was tested in mice", "helps after a week", "did nothing at all")


def document(subject: str, claim: str, again: int = 1) -> str:
    return f"# {subject.title()}\n\n" + "\n\n".join(f"In trial {n}, {subject} {claim}." for n in range(again)) + "\n"


def said(answer: Answer) -> list[object]:
    """What must not differ: identities, texts, places and scores."""
    return [
        (quote.passage, quote.text, quote.highlights, quote.scores, quote.document.path) for quote in answer.quotes
    ] + [answer.status, answer.confidence, answer.missing_terms]


def test_a_build_takes_in_every_document(own: Settings) -> None:
    for subject in SUBJECTS:
        (own.corpus / f"{subject}.md").write_text(document(subject, CLAIMS[0]))
    report = build(own)
    assert (report.published, report.documents, len(report.added)) == (True, 6, 6)
    assert open_index(own.index).ask("Does tea calm the heart?").quotes[0].document.path == "tea.md"


def test_nothing_changed_is_known_without_a_model(prebuilt: Prebuilt, monkeypatch: pytest.MonkeyPatch) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    monkeypatch.setattr("rag.encoder.onnx.Encoder", None)
    monkeypatch.setattr("rag.building.build.ensure_exported", None)
    report = build(own)
    assert (report.published, report.encoded) == (False, 0)


def test_only_new_passages_are_encoded(own: Settings) -> None:
    (own.corpus / "a.md").write_text(document("salt", CLAIMS[0]))
    (own.corpus / "b.md").write_text(document("iron", CLAIMS[1]))
    assert build(own).encoded == 2
    (own.corpus / "b.md").write_text(document("iron", CLAIMS[2]))
    report = build(own)
    assert (report.changed, report.encoded) == (("b.md",), 1)
    (own.corpus / "b.md").rename(own.corpus / "c.md")
    report = build(own)
    assert (report.added, report.removed, report.encoded) == (("c.md",), ("b.md",), 0)


@examples(12)
@given(
    steps=st.lists(
        st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from((None, *CLAIMS)), st.integers(1, 2)), max_size=4),
        min_size=2,
        max_size=4,
    )
)
def test_an_incremental_build_is_the_build_from_nothing(
    seeded: Callable[[Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[list[tuple[str, str | None, int]]],
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    (folder / "corpus").mkdir()
    step_by_step = Settings(corpus=folder / "corpus", index=seeded(folder / "index"))
    for changes in steps:
        for subject, claim, again in changes:
            file = step_by_step.corpus / f"{subject}.md"
            if claim is None:
                file.unlink(missing_ok=True)
            else:
                file.write_text(document(subject, claim, again))
        build(step_by_step)
    at_once = replace(step_by_step, index=seeded(folder / "other"))
    build(at_once)
    first, second = open_index(step_by_step.index), open_index(at_once.index)
    assert first.info.fingerprint == second.info.fingerprint
    assert stored(first.index) == stored(second.index)
    assert numpy.array_equal(first.index.dense.vectors(), second.index.dense.vectors())
    assert numpy.array_equal(first.index.sentences.rows.directions, second.index.sentences.rows.directions)
    assert numpy.array_equal(first.index.sentences.rows.bounds, second.index.sentences.rows.bounds)
    for question in ("Does salt calm the heart?", "What was tested in mice?", "trial 1 of sleep", "tea"):
        assert said(first.ask(question)) == said(second.ask(question))
    shutil.rmtree(folder)


def stored(index: OpenIndex) -> list[list[tuple[object, ...]]]:
    """All rows of a store, in an order that does not depend on how it was written."""
    tables = {
        "document": "path",
        "passage": "document_id, number",
        "spellings": "length",
        "called": "key, also, document_id",
    }
    with closing(sqlite3.connect(index.path / "store.sqlite")) as connection:
        return [
            connection.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall() for table, order in tables.items()
        ]


def test_nothing_of_a_removed_document_stays_in_a_store_that_is_taken_over(own: Settings) -> None:
    for number in range(8):
        (own.corpus / f"{number}.md").write_text(document(SUBJECTS[number % 6], CLAIMS[0]) + f"Number {number}.\n")
    (own.corpus / "secret.md").write_text(document("kryptonite", CLAIMS[1]) + "A deadly green mineral (DGM) glows.\n")
    build(own)
    assert open_index(own.index).index.store.called(["dgm", "glow"]) == {"dgm": ["deadly green mineral"]}
    assert b"kryptonite" in (open_index(own.index).index.path / "store.sqlite").read_bytes()
    (own.corpus / "secret.md").unlink()
    report = build(own)
    assert (report.removed, report.encoded) == (("secret.md",), 0)
    assert open_index(own.index).index.store.called(["dgm", "deadly green mineral"]) == {}
    assert b"kryptonit" not in (open_index(own.index).index.path / "store.sqlite").read_bytes()


def test_a_store_that_is_mostly_empty_is_written_anew(own: Settings) -> None:
    for number in range(12):
        (own.corpus / f"{number}.md").write_text(
            "\n\n".join(document(SUBJECTS[0], f"({number}-{n})") for n in range(12))
        )
    build(own)
    before = (open_index(own.index).index.path / "store.sqlite").stat().st_size
    for number in range(9):
        (own.corpus / f"{number}.md").unlink()
    build(own)
    assert (open_index(own.index).index.path / "store.sqlite").stat().st_size < before / 2
    assert verify_index(open_index(own.index).index).sound


def test_a_removed_document_is_gone_and_leaves_no_term_statistics(own: Settings) -> None:
    (own.corpus / "a.md").write_text(document("salt", CLAIMS[0]))
    (own.corpus / "b.md").write_text(document("kryptonite", CLAIMS[1]))
    build(own)
    assert open_index(own.index).index.lexical.contains("kryptonit")
    (own.corpus / "b.md").unlink()
    build(own)
    engine = open_index(own.index)
    assert not engine.index.lexical.contains("kryptonit")
    assert engine.ask("Does kryptonite tire the eyes?").missing_terms[0] == "kryptonite"


def test_a_catalogue_entry_that_changed_is_taken_in(own: Settings) -> None:
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    build(own)
    (own.corpus / "catalogue.toml").write_text('["a.txt"]\ntitle = "Of salt"\n')
    assert status(own).changed == ("a.txt",)
    build(own)
    assert open_index(own.index).document("a.txt").title == "Of salt"


def test_the_state_knows_which_document_an_entry_is_of(own: Settings) -> None:
    for name in ("a", "b"):
        (own.corpus / f"{name}.txt").write_text(f"Salt calms the heart of sailor {name}.")
    build(own)
    states = set()
    for name in ("a", "b"):
        (own.corpus / "catalogue.toml").write_text(f'["{name}.txt"]\ntitle = "Of salt"\n')
        states.add(status(own).state)
    assert len(states) == 2


def test_status_says_what_changed_and_changes_nothing(own: Settings) -> None:
    for name in ("stays", "changes", "goes"):
        (own.corpus / f"{name}.md").write_text(document(name, CLAIMS[0]))
    build(own)
    assert status(own).current
    (own.corpus / "changes.md").write_text(document("changes", CLAIMS[1]))
    (own.corpus / "comes.md").write_text(document("comes", CLAIMS[1]))
    (own.corpus / "goes.md").unlink()
    for _ in range(2):
        found = status(own)
        assert (found.added, found.changed, found.removed) == (("comes.md",), ("changes.md",), ("goes.md",))


def test_one_bad_document_stops_none_of_the_others(own: Settings) -> None:
    (own.corpus / "good.md").write_text(document("salt", CLAIMS[0]))
    (own.corpus / "empty.txt").write_text("")
    (own.corpus / "broken.md").write_text("---\ntitle: [unclosed\n---\nText.\n")
    (own.corpus / "binary.txt").write_bytes(bytes(range(256)) * 10)
    report = build(own)
    assert report.documents == 1
    assert {skipped.path for skipped in report.skipped} == {"empty.txt", "broken.md", "binary.txt"}
    assert all(skipped.reason and skipped.advice for skipped in report.skipped)
    assert status(own).current
    assert build(own).published is False


def test_two_files_with_the_same_content_are_one_document(own: Settings) -> None:
    (own.corpus / "a.md").write_text(document("salt", CLAIMS[0]))
    (own.corpus / "b.md").write_text(document("salt", CLAIMS[0]))
    report = build(own)
    assert (report.documents, report.duplicates) == (1, (("b.md", "a.md"),))
    (own.corpus / "a.md").unlink()
    assert build(own).documents == 1
    assert open_index(own.index).document("b.md")


def test_an_empty_corpus_is_an_index_without_an_answer(own: Settings) -> None:
    assert build(own).passages == 0
    assert open_index(own.index).ask("Anything at all?").status == "not_in_corpus"


def test_going_back_stays_until_the_next_build(own: Settings) -> None:
    (own.corpus / "a.md").write_text(document("salt", CLAIMS[0]))
    first = build(own).fingerprint
    with pytest.raises(NotFound, match="no previous index"):
        go_back(own)
    (own.corpus / "a.md").write_text(document("salt", CLAIMS[1]))
    second = build(own).fingerprint
    assert go_back(own).info.fingerprint == first
    assert open_index(own.index).index.pinned
    assert build(own).fingerprint == second
    assert not open_index(own.index).index.pinned


def test_only_the_published_and_the_previous_generation_are_kept(own: Settings) -> None:
    for claim in CLAIMS:
        (own.corpus / "a.md").write_text(document("salt", claim))
        build(own)
    kept = sorted(entry.name.split("-")[0] for entry in (own.index / "generations").iterdir())
    assert kept == ["000004", "000005"]


def test_an_opened_index_answers_on_while_others_are_published(prebuilt: Prebuilt) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    engine = open_index(own.index)
    before = said(engine.ask("Does salt calm the heart?"))
    for claim in CLAIMS[1:4]:
        (own.corpus / "b.md").write_text(document("iron", claim))
        build(own)
    assert engine.superseded()
    assert said(engine.ask("Does salt calm the heart?")) == before


def test_a_second_writer_is_told_to_wait(own: Settings) -> None:
    (own.corpus / "a.md").write_text(document("salt", CLAIMS[0]))
    with IndexWriter.holding(IndexFolder(own.index), wait_seconds=0), pytest.raises(BuildBusy, match="Another build"):
        build(own, wait_seconds=0)
    assert build(own).published


def test_two_builds_at_once_publish_one_index(own: Settings) -> None:
    for subject in SUBJECTS:
        (own.corpus / f"{subject}.md").write_text(document(subject, CLAIMS[0]))
    reports = []
    threads = [threading.Thread(target=lambda: reports.append(build(own))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.published for report in reports) == [False, True]


def test_a_full_disk_is_said_clearly_and_loses_nothing(prebuilt: Prebuilt, monkeypatch: pytest.MonkeyPatch) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    before = said(open_index(own.index).ask("Does salt calm the heart?"))
    (own.corpus / "b.md").write_text(document("iron", CLAIMS[0]))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rag.index.publishing.update_store", full)
    with pytest.raises(StorageError, match="No space left on device"):
        build(own)
    monkeypatch.undo()
    assert said(open_index(own.index).ask("Does salt calm the heart?")) == before
    assert len(list((own.index / "generations").iterdir())) == 1


def test_no_index_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python -m rag build"):
        open_index(tmp_path / "nothing")


def test_a_foreign_folder_is_never_written(own: Settings, tmp_path: Path) -> None:
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "cat.jpg").write_bytes(b"a cat")
    with pytest.raises(IndexForeign, match=r"cat\.jpg"):
        open_index(foreign)
    with pytest.raises(IndexForeign):
        build(replace(own, index=foreign))
    assert [entry.name for entry in foreign.iterdir()] == ["cat.jpg"]


def _only_generation(own: Settings) -> Path:
    (generation,) = (own.index / "generations").iterdir()
    return generation


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "dense.faiss",
        "sentences.npy",
        "sentence-bounds.npy",
        "store.sqlite",
        "lexical/meta.json",
        "synonyms.json",
    ],
)
@pytest.mark.parametrize("damage", ["missing", "torn", "altered"])
def test_a_damaged_file_is_refused_and_the_next_build_mends_it(prebuilt: Prebuilt, name: str, damage: str) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    file = _only_generation(own) / name
    if damage == "missing":
        file.unlink()
    elif damage == "torn":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        file.write_bytes(b"x" * file.stat().st_size)
    with pytest.raises(IndexDamaged, match="python -m rag build"):
        open_index(own.index).ask("Does salt calm the heart?")
    build(own, rebuild=True)
    assert open_index(own.index).ask("Does salt calm the heart?").status == "answered"


def test_a_flipped_text_is_never_quoted(prebuilt: Prebuilt) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    file = _only_generation(own) / "store.sqlite"
    data = file.read_bytes()
    assert b"calms the heart" in data
    file.write_bytes(data.replace(b"calms the heart", b"stops the heart"))
    with pytest.raises(IndexDamaged, match="altered"):
        open_index(own.index).ask("Does salt calm the heart?")
    (own.corpus / "b.md").write_text(document("iron", CLAIMS[1]))
    build(own)  # takes nothing over from a generation whose files are not what was published
    assert "calms the heart" in open_index(own.index).ask("Does salt calm the heart?").quotes[0].text


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passage SET start = start + 3",
        "UPDATE passage SET sentences = 'x'",
        "UPDATE passage SET document_id = 'nobody'",
        "DELETE FROM passage",
        "DELETE FROM document",
    ],
)
def test_an_altered_store_never_gives_a_wrong_quote(prebuilt: Prebuilt, change: str) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    engine = open_index(own.index)
    with sqlite3.connect(_only_generation(own) / "store.sqlite") as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(IndexDamaged, match="--rebuild"):
        engine.ask("Does salt calm the heart?")
    assert not verify_index(open_index(own.index).index).sound


@pytest.mark.parametrize(
    "damage", ["no model", "torn model", "no weights", "torn weights", "no tokenizer", "another fingerprint", "no JSON"]
)
def test_a_damaged_encoder_is_refused_and_the_next_build_mends_it(
    prebuilt: Prebuilt, damage: str, exported_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    folder = own.index / "encoders" / exported_encoder.name
    name = {
        "no weights": "model.weights",
        "torn weights": "model.weights",
        "no tokenizer": "tokenizer.json",
        "another fingerprint": "encoder.json",
        "no JSON": "encoder.json",
    }.get(damage, "model.onnx")
    content = (folder / name).read_bytes()
    (folder / name).unlink()  # a link to the export that all tests share: never written through
    if damage.startswith("torn"):
        (folder / name).write_bytes(content[: len(content) // 2])
    elif damage == "another fingerprint":
        (folder / name).write_bytes(content.replace(exported_encoder.name.encode(), b"dead" * 4))
    elif damage == "no JSON":
        (folder / name).write_text("[" * 9)
    with pytest.raises(IndexDamaged):
        open_index(own.index).ask("Does salt calm the heart?")
    assert not verify_index(open_index(own.index).index).sound

    def export_again(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        for file in ("model.onnx", "model.weights", "tokenizer.json"):
            shutil.copy2(exported_encoder / file, Path(command[-1]) / file)
        description = json.loads((exported_encoder / "encoder.json").read_text())
        (Path(command[-1]) / "draft.json").write_text(json.dumps(description))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(
        "rag.core.system.processes.subprocess.run", export_again
    )  # fifteen seconds that another test spends
    build(own, rebuild=True)
    assert open_index(own.index).ask("Does salt calm the heart?").status == "answered"
    assert verify_index(open_index(own.index).index).sound


def test_an_altered_encoder_is_found_by_verify(prebuilt: Prebuilt, exported_encoder: Path) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    weights = own.index / "encoders" / exported_encoder.name / "model.weights"
    content = bytearray(weights.read_bytes())
    content[50_000_000] ^= 1
    weights.unlink()
    weights.write_bytes(content)
    assert verify_index(open_index(own.index).index).damaged_files == ("model.weights",)


def test_an_index_within_its_corpus_is_refused(own: Settings) -> None:
    for index in (own.corpus / "index", own.corpus, own.corpus.parent):
        with pytest.raises(ConfigError, match="within each other"):
            build(replace(own, index=index))
    assert list(own.corpus.iterdir()) == []


def test_an_index_of_another_schema_is_named(prebuilt: Prebuilt) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    file = _only_generation(own) / "manifest.json"
    file.write_text(file.read_text().replace(f'"schema": {SCHEMA}', '"schema": 999', 1))
    with pytest.raises(IndexMismatch, match="schema 999"):
        open_index(own.index)
    assert build(own).published


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "null", '{"generation": "../../etc"}', '{"generation": 7}', "\x00"]
)
def test_a_torn_pointer_is_named(prebuilt: Prebuilt, content: str) -> None:
    own = prebuilt({"a.md": document("salt", CLAIMS[0])})
    (own.index / "current").write_text(content)
    with pytest.raises(IndexDamaged, match="pointer"):
        open_index(own.index)
    assert build(own).published


def test_analysis_folds_case_accents_and_endings(starter_settings: Settings) -> None:
    lexical = open_index(starter_settings.index).index.lexical
    assert lexical.terms("The RECEPTORS of naïve Ca++, not the receptor's") == [
        "receptor", "naiv", "ca", "receptor", "s",
    ]  # fmt: skip


def test_the_kept_vectors_are_those_of_the_sentences(starter: Engine) -> None:
    asked = starter.encoder.encode(["How does magnesium act on the NMDA receptor?"])[0]
    row = 0
    for document in starter.documents():
        for passage in starter.passages(document):
            kept = starter.index.sentences.cosines(asked, {row: len(passage.sentences)})[row]
            texts = [document.text[start:end] for start, end in passage.sentences]
            anew = (starter.encoder.encode(texts) @ asked).tolist() if texts else []
            assert kept == pytest.approx(anew, abs=2e-3)  # they are kept in bytes
            row += 1


@pytest.mark.parametrize("counts", [{0: 99}, {10_000: 1}, {-1: 1}])
def test_sentence_vectors_of_other_passages_are_refused(starter: Engine, counts: dict[int, int]) -> None:
    with pytest.raises(IndexDamaged, match="not those of the passages"):
        starter.index.sentences.cosines(starter.encoder.encode(["salt"])[0], counts)
