"""An answer speaks of every name that was asked about, whatever became of the passages that were found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings

BOTH = "# Of zorbulin\n\nLithium weakens zorbulin, for both are salts of the sea.\n"
ONE = "# Zorbulin salts\n\nWhat becomes of zorbulin salts beside others is known: zorbulin salts melt in the sea.\n"
QUESTION = "What becomes of zorbulin salts beside lithium?"


@pytest.fixture
def sure(own: Settings) -> Engine:
    """An engine that takes whatever speaks of all names for an answer."""
    (own.corpus / "both.md").write_text(BOTH)
    (own.corpus / "one.md").write_text(ONE)
    build(own)
    engine = open_index(own.index, own.corpus)
    engine.__dict__["operating_point"] = replace(engine.operating_point, threshold=0.0, related_from=0.0)
    return engine


def test_one_quote_speaks_of_all_names(sure: Engine) -> None:
    for quotes in (1, 2, 5):
        answer = sure.ask(QUESTION, quotes=quotes)
        assert answer.is_answered
        assert any(not quote.lacks for quote in answer.quotes)


def test_without_the_passage_that_speaks_of_all_it_is_related(sure: Engine) -> None:
    before = sure.ask(QUESTION, quotes=2)
    assert [quote.document.path for quote in before.quotes if quote.lacks] == ["one.md"]
    (sure.corpus / "both.md").write_text("Something else.\n")
    answer = sure.ask(QUESTION, quotes=2)
    assert (answer.status, answer.quotes) == ("related", ())
    assert [quote.highlights for quote in answer.related] == [()]
    assert answer.shortfall is not None
    assert answer.shortfall.kind == "apart"
    assert answer.changed_sources == ("both.md",)
