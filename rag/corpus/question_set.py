"""Read a curator's question set: questions with the answer that the corpus is expected to give.

A file of JSON lines. Each has `question`, or `conversation` (its turns, the last one asked), and `status`: "answered",
with the `document` (path) and the `quote` that answers, or "not_in_corpus", if need be with a `kind` of such questions,
which are reported apart. The set that lies in the corpus folder also calibrates the index.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.core.corpus_files import FEWEST, QUESTION_SET
from rag.core.errors import NotFound, UnreadableDocument, UsageError
from rag.core.types.reports import Finding
from rag.corpus.source_bytes import read_source
from rag.text.words import LONGEST_QUESTION

_NEEDED = 'It needs question or conversation, status, and with "answered" document and quote.'


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is expected; `turns` before the last one are its conversation, `line` is that of the file.

    Two are equal that ask and expect the same, wherever they stand.
    """

    turns: tuple[str, ...]
    answerable: bool
    document: str | None = None
    quote: str | None = None
    kind: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """The questions of a corpus's own set, and its faults; `here` says whether there is one.

    `sha256` is the hash of its bytes, empty where there are none that can be read.
    """

    questions: tuple[Question, ...] = ()
    problems: tuple[Finding, ...] = ()
    here: bool = False
    sha256: str = ""

    @property
    def answerable(self) -> int:
        """Count the questions that have an answer."""
        return sum(question.answerable for question in self.questions)

    @property
    def unanswerable(self) -> int:
        """Count the questions that have none."""
        return len(self.questions) - self.answerable

    @property
    def calibrates(self) -> bool:
        """Say whether there are enough of both to calibrate an index."""
        return min(self.answerable, self.unanswerable) >= FEWEST


def read_questions(file: Path) -> list[Question]:
    """Read a question set. Raises `UsageError` naming the first line that is not as it should be."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error}.", "Check its name.") from error
    questions, problems = _parsed(data)
    for line, reason in problems:
        raise UsageError(f"{file.name}, line {line}, is no question ({reason}).", _NEEDED)
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


def read_question_set(corpus: Path) -> QuestionFile:
    """Read a corpus's own question set, as far as it can be read. Nothing that is wrong with it is raised."""
    file = corpus / QUESTION_SET
    if not os.path.lexists(file):
        return QuestionFile()
    try:
        data = read_source(corpus, QUESTION_SET)
    except UnreadableDocument as error:
        problem = Finding(QUESTION_SET, "problem", "question set", f"{error.message} {error.advice}")
        return QuestionFile(problems=(problem,), here=True)
    questions, problems = _parsed(data)
    findings = (question_finding(line, f"It is no question ({reason}). {_NEEDED}") for line, reason in problems)
    return QuestionFile(tuple(questions), tuple(findings), here=True, sha256=hashlib.sha256(data).hexdigest())


def question_set_sha256(corpus: Path) -> str:
    """Return the hash of a corpus's own question set, as `QuestionFile` has it, without reading its questions."""
    try:
        return hashlib.sha256(read_source(corpus, QUESTION_SET)).hexdigest()
    except UnreadableDocument:
        return ""


def question_finding(line: int, message: str) -> Finding:
    """Return a problem with one line of a corpus's own question set."""
    return Finding(QUESTION_SET, "problem", "question set", message, (line, line))


def _parsed(data: bytes) -> tuple[list[Question], list[tuple[int, str]]]:
    """Return the questions of a file's lines, and the lines that hold none, each with the reason."""
    questions: list[Question] = []
    problems: list[tuple[int, str]] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line.decode("utf-8")), number))
        except UnicodeDecodeError:
            problems.append((number, "it is not UTF-8"))
        except json.JSONDecodeError as error:
            problems.append((number, f"it is not JSON: {error.msg} at character {error.pos + 1}"))
        except KeyError as error:
            problems.append((number, f"it has no {error.args[0]}"))
        except RecursionError:
            problems.append((number, "it is nested too deep"))
        except ValueError as error:
            problems.append((number, str(error)))
    return questions, problems


def _question(values: Any, line: int) -> Question:
    if not isinstance(values, dict):
        raise ValueError("it is no JSON object")
    turns = _turns(values.get("conversation") or [values["question"]])
    for name in ("document", "quote", "kind"):
        str(values.get(name, "")).encode("utf-8")  # half a character again
    status = values["status"]
    if status == "not_in_corpus":
        return Question(turns, answerable=False, kind=str(values.get("kind") or ""), line=line)
    if status != "answered":
        raise ValueError(f"its status is {status!r}")
    quote = str(values["quote"])
    if not quote.strip():
        raise ValueError("its quote is empty")
    return Question(turns, True, str(values["document"]), quote, line=line)


def _turns(values: Sequence[Any]) -> tuple[str, ...]:
    """Return what is asked. Raises `ValueError` for what nobody could ask."""
    for turn in values if isinstance(values, list) else [None]:
        if not isinstance(turn, str) or not turn.strip():
            raise ValueError("what it asks is no text")
        if len(turn) > LONGEST_QUESTION:
            raise ValueError(f"it asks with more than {LONGEST_QUESTION:,} characters")
        turn.encode("utf-8")  # half a character of two, which JSON can write, would stop whoever encodes it
    return tuple(values)
