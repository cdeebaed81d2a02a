"""Kept questions: what is written is what is read, by several at once, on a torn file and on a disk that refuses."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answer.conversation import Conversation
from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings, load_settings
from rag.core.errors import ConfigError, IndexForeign, StorageError
from rag.core.types.answers import Turn
from rag.corpus.records.record import Helped, RecordedQuestion, keep, line_of, read_line
from rag.corpus.records.records_folder import RecordsFolder, records_folder
from rag.index.folder import IndexFolder

KEPT = RecordedQuestion(
    session="abcd",
    id="abcd-1",
    asked_at="2026-05-31T10:00:00+02:00",
    question="What is zorbulin?",
    searched_as="What is zorbulin?",
    status="not_in_corpus",
    confidence=0.25,
    missing_terms=("zorbulin",),
    quotes=(),
    index="0123456789abcdef",
)
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANY_TEXT, ANY_TEXT, st.lists(ANY_TEXT), st.floats(0, 1))
def test_whatever_is_typed_is_read_as_it_was(question, searched_as, terms, confidence):
    """But for two halves of a character beside each other, which are that character."""
    kept = replace(KEPT, question=question, searched_as=searched_as, missing_terms=tuple(terms), confidence=confidence)
    line = line_of(kept)
    assert line.isascii()
    assert line.count(b"\n") == 1
    assert read_line(line) == replace(
        kept, question=joined(question), searched_as=joined(searched_as), missing_terms=tuple(map(joined, terms))
    )


@given(st.binary())
def test_no_line_breaks_the_reading(line):
    try:
        read_line(line)
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    "altered",
    [
        {"schema": 2}, {"confidence": float("nan")}, {"confidence": 10**400}, {"confidence": True}, {"status": "maybe"},
        {"asked_at": "yesterday"}, {"quotes": "a"}, {"missing_terms": [1]}, {"question": None}, {"helped": 3},
    ],
)  # fmt: skip
def test_a_line_that_is_not_as_it_should_be_is_named(altered):
    values = {**json.loads(line_of(KEPT)), **altered}
    with pytest.raises(ValueError, match=r"^its? "):
        read_line(json.dumps(values).encode())


def test_a_line_that_lacks_something_says_what():
    values = json.loads(line_of(KEPT))
    for name in set(values) - {"schema"}:
        with pytest.raises(ValueError, match=f"it has no {name}"):
            read_line(json.dumps({key: value for key, value in values.items() if key != name}).encode())


def test_the_last_word_on_an_answer_stands(tmp_path):
    folder = RecordsFolder(tmp_path / "records")
    assert folder.read().questions == ()
    other = replace(KEPT, id="abcd-2", question="And what is pepper?")
    for line in (
        KEPT,
        other,
        Helped("abcd", "abcd-1", False),
        Helped("abcd", "abcd-1", True),
        Helped("x", "gone", True),
    ):
        folder.append(line)
    assert folder.read().questions == (replace(KEPT, helped=True), other)
    folder.append(Helped("abcd", "abcd-1", None))
    assert folder.read().questions == (KEPT, other)
    again = replace(KEPT, searched_as="zorbulin in mice", status="answered")
    folder.append(Helped("abcd", "abcd-1", False))
    folder.append(again)
    assert folder.read().questions == (again, other)


def test_records_are_for_their_owner_alone_and_in_no_version_control(tmp_path):
    folder = RecordsFolder(tmp_path / "deep" / "records")
    folder.append(KEPT)
    assert folder.file.stat().st_mode & 0o777 == 0o600
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert (folder.path / ".gitignore").read_text() == "*\n"
    folder.append(replace(KEPT, session="b", id="b-1"))
    folder.remove_session("b")
    assert folder.file.stat().st_mode & 0o777 == 0o600
    assert folder.read().questions == (KEPT,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(cut=st.integers(1, len(line_of(KEPT)) - 2))
def test_a_torn_last_line_costs_that_line_alone(tmp_path, cut):
    folder = RecordsFolder(tmp_path / "records")
    folder.remove_all()
    folder.append(KEPT)
    with folder.file.open("ab") as file:
        file.write(line_of(replace(KEPT, id="abcd-2"))[:cut])
    folder.append(replace(KEPT, id="abcd-3", session="other"))
    found = folder.read()
    assert [each.id for each in found.questions] == ["abcd-1", "abcd-3"]
    assert [line for line, _ in found.unreadable] == [2]
    folder.remove_session("abcd")
    left = folder.content()
    assert b'"abcd"' not in left
    assert [each.id for each in folder.read().questions] == ["abcd-3"]


def test_several_sessions_write_at_once(tmp_path):
    program = (
        "import sys\nfrom pathlib import Path\nfrom dataclasses import replace\nsys.path.insert(0, sys.argv[2])\n"
        "from test_records import KEPT\nfrom rag.corpus.records.records_folder import RecordsFolder\n"
        "for number in range(40):\n"
        "    kept = replace(KEPT, id=f'{sys.argv[3]}-{number}', question='x' * 9000)\n"
        "    RecordsFolder(Path(sys.argv[1])).append(kept)\n"
    )
    here = str(Path(__file__).parent)
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "records"), here, name]) for name in "abcd"
    ]
    assert [writer.wait() for writer in writers] == [0] * 4
    found = RecordsFolder(tmp_path / "records").read()
    assert (len(found.questions), found.unreadable) == (160, ())


def test_several_sessions_of_one_page_write_and_delete_at_once(tmp_path):
    folder = RecordsFolder(tmp_path / "records")

    def session(name: str) -> None:
        for number in range(20):
            RecordsFolder(folder.path).append(replace(KEPT, session=name, id=f"{name}-{number}"))
        if name != "kept":
            RecordsFolder(folder.path).remove_session(name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(session, ["a", "kept", "b", "c"]))
    assert [each.id for each in folder.read().questions] == [f"kept-{number}" for number in range(20)]


def test_a_disk_that_is_full_keeps_nothing_half(tmp_path, monkeypatch):
    folder = RecordsFolder(tmp_path / "records")
    folder.append(KEPT)
    before, write = folder.content(), os.write

    def half(descriptor: int, data: bytes) -> int:
        return write(descriptor, data[: len(data) // 2])

    def none(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for refusal in (half, none):
        monkeypatch.setattr("rag.corpus.records.records_folder.os.write", refusal)
        with pytest.raises(StorageError, match="Free some space"):
            folder.append(replace(KEPT, id="abcd-2"))
        assert folder.content() == before
    monkeypatch.undo()
    folder.append(replace(KEPT, id="abcd-2"))
    assert len(folder.read().questions) == 2


def test_where_nothing_can_be_written_it_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "records"):
        folder = RecordsFolder(path)
        assert folder.read().questions == ()
        for change in (partial(folder.append, KEPT), folder.remove_all, partial(folder.remove_session, "abcd")):
            with pytest.raises(StorageError, match="Check that you may write there"):
                change()
    (tmp_path / "odd" / "questions.jsonl").mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be read"):
        RecordsFolder(tmp_path / "odd").read()


def test_deleting_all_deletes_what_is_ours_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    folder = RecordsFolder(tmp_path)
    folder.append(KEPT)
    folder.remove_all()
    folder.remove_all()
    assert not folder.file.exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_records_lie_in_the_index_folder_unless_told_otherwise(own, tmp_path, monkeypatch):
    """Builds leave them alone, and an index folder that holds nothing else is no stranger's."""
    folder = records_folder(own)
    assert folder.path == own.index / "records"
    folder.append(KEPT)
    for text in ("Salt calms the heart.", "Salt is white.", "Pepper is black."):
        (own.corpus / "a.txt").write_text(text)
        build(own)
    assert len(folder.read().questions) == 1
    (own.index / "current").unlink()
    IndexFolder(own.index).refuse_foreign()
    (own.index / "photo.jpg").write_bytes(b"")
    with pytest.raises(IndexForeign, match=r"photo\.jpg"):
        IndexFolder(own.index).refuse_foreign()
    monkeypatch.setenv("RAG_RECORDS", str(tmp_path / "kept"))
    assert records_folder(load_settings(tmp_path)).path == tmp_path / "kept"
    with pytest.raises(ConfigError, match="lies in the corpus folder"):
        records_folder(Settings(corpus=own.corpus, index=own.index, records=own.corpus / "kept"))


@pytest.fixture(scope="module")
def engine(starter_settings: Settings) -> Engine:
    """The starter index, opened."""
    return open_index(starter_settings.index)


def test_a_crisis_is_never_kept_nor_what_follows_in_its_light(engine):
    conversation = Conversation(engine)
    for question in ("i want to end my life", "with which pills?", "Who should not take magnesium?"):
        conversation.ask(question)
    assert [keep(turn, "s", 1, leaning=True) for turn in conversation.turns] == [None] * 3
    assert conversation.turns[-1].answer.status == "answered"


def test_no_word_of_a_question_that_was_not_kept_comes_along(engine):
    conversation = Conversation(engine)
    conversation.ask("Does memantine help zorbulin?")
    conversation.ask("And its side effects?")
    turn: Turn = conversation.turns[-1]
    kept = keep(turn, "s", 2, leaning=False)
    assert kept is not None
    assert "memantine" not in line_of(kept).decode()
    assert "zorbulin" not in line_of(kept).decode()
    leaning = keep(turn, "s", 2, leaning=True)
    assert leaning is not None
    assert "memantine" in leaning.searched_as
    assert leaning.quotes == tuple(quote.passage.id for quote in turn.answer.quotes)


def joined(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
