"""A curator's question set: questions with what the corpus is expected to say to them.

A file of JSON lines. Each has `question`, or `conversation` (its turns, the last one asked), and `status`: "answered",
with the `document` (path) and the `quote` that answers, or "not_in_corpus", if need be with a `kind` of such questions,
which are reported apart. The set that lies in the corpus folder also calibrates the index.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import NotFound, UsageError

QUESTION_SET = "questions.jsonl"
"""What a corpus's own question set is called, in its folder."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is expected; `turns` before the last one are its conversation."""

    turns: tuple[str, ...]
    answerable: bool
    document: str | None = None
    quote: str | None = None
    kind: str = ""


def read_questions(file: Path) -> list[Question]:
    """Read a question set. Raises `UsageError` naming the line that is not as it should be."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", "Check its name.") from error
    questions = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                questions.append(_question(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise UsageError(
                    f"{file.name}, line {number}, is no question ({error}).",
                    'It needs question or conversation, status, and with "answered" document and quote.',
                ) from error
    return questions


def questions_of(corpus: Path) -> list[Question]:
    """Read a corpus's own question set. Raises `NotFound` when it has none, and what `read_questions` raises."""
    file = corpus / QUESTION_SET
    if not file.is_file():
        raise NotFound(
            f"There is no question set {file}.",
            'Make it, one question a line: {"question": "…", "status": "answered", "document": "…", "quote": "…"} or '
            '{"question": "…", "status": "not_in_corpus"}. Or name the file that is one.',
        )
    return read_questions(file)


def _question(values: dict[str, Any]) -> Question:
    turns = tuple(map(str, values.get("conversation") or [values["question"]]))
    status = values["status"]
    if status == "not_in_corpus":
        return Question(turns, answerable=False, kind=str(values.get("kind") or ""))
    if status != "answered":
        raise ValueError(f"its status is {status!r}")
    return Question(turns, True, str(values["document"]), str(values["quote"]))
