"""Keeping a record of questions on the page, without a browser: off, on, deleted, and on a disk that refuses."""

from __future__ import annotations

import pytest
from support.page import HOSTILE, ask, checked, click, interpreted, raw, text, visit
from support.paths import MAGNESIUM_QUESTION

from rag.corpus.records.records_folder import RecordsFolder


@pytest.fixture
def folder(tmp_path, monkeypatch) -> RecordsFolder:
    """Where the page keeps questions."""
    monkeypatch.setenv("RAG_RECORDS", str(tmp_path / "kept"))
    return RecordsFolder(tmp_path / "kept")


def test_nothing_is_kept_unless_it_is_turned_on_and_only_from_then_on(page, starter_settings, folder):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    assert "Off: what you ask is in this window alone" in text(at)
    assert not folder.path.exists()
    record(at, True)
    assert not folder.path.exists()
    assert "This helped" not in labels(at)
    ask(at, "And for depression?")
    ask(at, "What is zorbulin?")
    kept = folder.read().questions
    assert [each.question for each in kept] == ["And for depression?", "What is zorbulin?"]
    assert "magnesium" not in folder.content().decode().casefold()
    assert kept[1].missing_terms == ("zorbulin",)
    visit(at, "Corpus")
    visit(at, "Ask")
    assert at.toggle[0].value
    record(at, False)
    ask(at, "What is pepper?")
    assert len(folder.read().questions) == 2
    assert "This helped" not in labels(at)
    record(at, True)
    click(at, "New topic")
    ask(at, MAGNESIUM_QUESTION)
    assert [each.question for each in folder.read().questions][2:] == [MAGNESIUM_QUESTION]


def test_a_question_that_is_searched_differently_is_kept_once(page, starter_settings, folder):
    at = record(page(starter_settings), True)
    ask(at, "Does memantine help OCD?")
    ask(at, "And its side effects?")
    click(at, "This did not help")
    assert [each.helped for each in folder.read().questions] == [None, False]
    at.text_input[0].set_value("What does ketamine do to the liver?")
    click(at, "Ask again")
    kept = folder.read().questions
    assert [each.searched_as for each in kept][1:] == ["What does ketamine do to the liver?"]
    assert [each.id.split("-")[1] for each in kept] == ["1", "2"]
    assert kept[1].helped is None


def test_whether_it_helped_is_kept_and_taken_back(page, starter_settings, folder):
    at = ask(record(page(starter_settings), True), MAGNESIUM_QUESTION)
    for label, helped in (("This helped", True), ("Take that back", None), ("This did not help", False)):
        click(at, label)
        assert folder.read().questions[0].helped is helped
    assert "Kept: this did not help." in text(at)


def test_a_crisis_is_not_kept(page, starter_settings, folder):
    at = ask(record(page(starter_settings), True), "i want to end my life")
    ask(at, "and with which pills?")
    assert not folder.path.exists()
    assert "This helped" not in labels(at)


def test_what_a_session_kept_is_deleted_and_all_only_after_asking(page, starter_settings, folder):
    first = ask(record(page(starter_settings), True), MAGNESIUM_QUESTION)
    second = ask(record(page(starter_settings), True), "What is zorbulin?")
    assert "2 questions are kept, 1 of this session." in text(second)
    assert b"zorbulin" in folder.content_of(second.session_state.recording.session)
    assert MAGNESIUM_QUESTION.encode() not in folder.content_of(second.session_state.recording.session)
    click(second, "Delete what this session kept")
    assert [each.question for each in folder.read().questions] == [MAGNESIUM_QUESTION]
    assert "Delete what this session kept" not in labels(second)
    assert "This helped" not in labels(second)
    click(second, "Delete all of it")
    assert "what every session had kept" in text(second)
    click(second, "Leave it")
    assert len(folder.read().questions) == 1
    click(second, "Delete all of it")
    click(second, "Yes, delete all of it")
    assert not folder.file.exists()
    assert not second.get("download_button")
    first.run()
    assert "Delete all of it" not in labels(checked(first))


def test_where_not_everybody_may_curate_a_session_sees_its_own_questions_alone(
    page, starter_settings, folder, monkeypatch
):
    first = ask(record(page(starter_settings), True), MAGNESIUM_QUESTION)
    monkeypatch.setenv("RAG_READ_ONLY", "1")
    second = page(starter_settings)
    assert "What is kept" not in [each.label for each in second.expander]
    ask(record(second, True), "What is zorbulin?")
    for at, other in ((checked(first.run()), "zorbulin"), (second, "magnesium")):
        assert "1 question of this session kept." in text(at)
        assert not [label for label in labels(at) if "all of it" in label]
        assert other not in text(at).partition("What is kept")[2]
    click(second, "Delete what this session kept")
    assert [each.question for each in folder.read().questions] == [MAGNESIUM_QUESTION]


def test_where_nothing_can_be_written_it_is_said_and_the_answer_shown(page, starter_settings, folder):
    folder.path.write_text("a file, not a folder")
    at = ask(record(page(starter_settings), True), MAGNESIUM_QUESTION)
    assert '<article class="rag-quote"' in raw(at)
    assert "Check that you may write there" in text(at)
    folder.path.unlink()
    ask(at, "What is zorbulin?")
    assert "Check that you may write there" not in text(at)
    assert [each.question for each in folder.read().questions] == ["What is zorbulin?"]


def test_a_folder_in_the_corpus_is_refused(page, starter_settings, monkeypatch):
    monkeypatch.setenv("RAG_RECORDS", str(starter_settings.corpus / "kept"))
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    assert "lies in the corpus folder" in text(at)
    assert not at.toggle
    assert '<article class="rag-quote"' in raw(at)


def test_hostile_questions_are_kept_and_interpreted_nowhere(page, starter_settings, folder):
    at = ask(record(page(starter_settings), True), f"zorbulin {HOSTILE}")
    assert folder.read().questions[0].question == f"zorbulin {HOSTILE}"
    for words in interpreted(at):
        assert "zorbulin" not in words
    with folder.file.open("ab") as file:
        file.write(b'{"torn')
    assert "1 line of the file cannot be read." in text(checked(at.run()))


def record(at, on):
    """Turn keeping a record on or off."""
    at.toggle[0].set_value(on).run()
    return checked(at)


def labels(at):
    """Return what the buttons say."""
    return [button.label for button in at.button]
