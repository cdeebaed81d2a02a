"""Show the answers of a conversation: as `query` prints them, or each as one JSON object on a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.text import Text

from rag.cli.console import print_record
from rag.core.types.answers import Answer
from rag.render.json_records import answer_record
from rag.render.terminal import print_answer
from rag.text.characters import one_line

if TYPE_CHECKING:
    from rich.console import Console


def text_on(console: Console) -> Callable[[Answer], None]:
    """Return what prints an answer, and what to type for its other readings."""

    def show(answer: Answer) -> None:
        print_answer(answer, console)
        for choice in answer.resolution.choices if answer.resolution else ():
            console.print(Text(f"Or did you mean: /as {one_line(choice)}"), soft_wrap=True)
        console.print()

    return show


def json_line(answer: Answer) -> None:
    """Print an answer as one JSON object on a line."""
    print_record(answer_record(answer))
