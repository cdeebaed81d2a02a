"""This project, asked in one process; its cold question and its build are measured by its own commands."""

from __future__ import annotations

from driver import Ask, Passage, run

import rag


def build(passages: list[Passage], index: str, model: str) -> None:
    """Say that this is not the way: documents are built, not passages."""
    raise SystemExit("type: python -m rag build")


def opened(index: str, model: str) -> Ask:
    """Open the index, which names its model; a question that is refused has found nothing."""
    engine = rag.open_index(index)
    return lambda question: [(quote.passage.id, quote.text) for quote in engine.ask(question, quotes=5).quotes]


run(build, opened)
