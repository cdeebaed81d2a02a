"""Kept questions: what is written is what is read, by several at once, on a torn file and on a disk that refuses."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.properties import examples
from support.records import KEPT

from rag.core.errors import StorageError
from rag.corpus.records.record import Helped, line_of, read_line
from rag.corpus.records.records_folder import RecordsFolder

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


def test_what_was_kept_before_there_were_related_answers_is_read_as_it_was():
    line = (
        b'{"session": "abcd", "schema": 1, "id": "abcd-1", "asked_at": "2026-05-31T10:00:00+02:00", '
        b'"question": "What is zorbulin?", "searched_as": "What is zorbulin?", "status": "not_in_corpus", '
        b'"confidence": 0.25, "missing_terms": ["zorbulin"], "quotes": [], "index": "0123456789abcdef"}\n'
    )
    assert read_line(line) == KEPT


def test_each_status_that_may_be_kept_is_read_as_it_was():
    for status in ("answered", "related", "not_in_corpus"):
        assert read_line(line_of(replace(KEPT, status=status))).status == status


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


@examples(20, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


def joined(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
