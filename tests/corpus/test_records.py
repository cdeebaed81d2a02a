"""Kept questions of conversations, and where they lie."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.records import KEPT

from rag.answer.conversation import Conversation
from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings, load_settings
from rag.core.errors import ConfigError, IndexForeign
from rag.core.types.answers import Turn
from rag.corpus.records.gaps import find_gaps
from rag.corpus.records.record import keep, line_of
from rag.corpus.records.records_folder import records_folder
from rag.index.folder import IndexFolder


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


def test_a_related_answer_is_kept_with_its_status_and_is_a_gap(engine):
    conversation = Conversation(engine)
    conversation.ask("Is ketamine legal in France?")
    (turn,) = conversation.turns
    kept = keep(turn, "s", 1, leaning=True)
    assert kept is not None
    assert (kept.status, kept.quotes) == ("related", ())
    (gap,) = find_gaps([kept, replace(kept, id="s-2", helped=True)], engine.encoder.encode).unanswered
    assert (gap.question, gap.count) == ("Is ketamine legal in France?", 2)
    assert "France" in gap.missing_terms
