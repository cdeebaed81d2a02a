"""A document's blocks: found by their place, and made from what is stored when they are looked at."""

from __future__ import annotations

from pathlib import Path

from rag.answer.engine import open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.text.labels.cues import labels


def test_what_is_stored_of_a_passage_is_what_its_words_are_labelled_with(own: Settings) -> None:
    said = "In a double-blind trial of 40 adults, 300 mg of magnesium a day reduced pain. It may not help everybody."
    Path(own.corpus, "a.md").write_text(f"# A trial in rats\n\n{said}\n\n> No effect was seen, says Ann.\n")
    build(own)
    engine = open_index(own.index)
    (document,) = engine.documents()
    passages = engine.passages(document)
    expected = {row: labels(document, passage) for row, passage in enumerate(passages)}
    assert engine.index.store.cues(range(len(passages))) == {row: each.cues for row, each in expected.items()}
    words = engine.index.store.words(range(len(passages)))
    assert {row: each.sides for row, each in words.items()} == {row: each.sides for row, each in expected.items()}
    assert {"dose", "design", "effect"} <= {kind for each in expected.values() for kind, _, _ in each.cues}
