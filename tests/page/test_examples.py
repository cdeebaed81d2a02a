"""Questions to begin with, of an index."""

from __future__ import annotations

import re

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.page.examples import FEWEST, MOST, examples


def test_the_starter_corpus_has_examples_that_it_answers(starter: Engine) -> None:
    found = examples(starter.index)
    assert FEWEST <= len(found) <= MOST
    assert len(set(found)) == len(found)
    assert found == examples(starter.index)
    headings = {step for each in starter.documents() for block in each.blocks for step in block.section}
    for question in found:
        frame = re.fullmatch("What do the documents say about “(.*)”\\?", question)
        assert (frame[1] if frame else question) in headings
        assert starter.ask(question).status == "answered", question


def test_too_few_headings_are_no_examples(own: Settings) -> None:
    (own.corpus / "a.md").write_text("# Zorbulin\n\n## Zorbulin and sleep\n\nIt helps to sleep soundly at night.\n")
    (own.corpus / "b.md").write_text(
        "---\nretracted: yes\n---\n# Zorbulin\n\n"
        + "".join(f"## Zorbulin and {what}\n\nSomething is said here.\n\n" for what in ("food", "rest", "work", "you"))
    )  # fmt: skip
    build(own)
    assert examples(open_index(own.index).index) == ()
