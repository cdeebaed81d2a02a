"""Convert a recorded question to and from its line: one JSON object.

A line holds a question with what came of it, or whether an answer helped. The last line of a kind with an id stands.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from rag.core.types.answers import Turn
from rag.core.types.outcomes import Status

SCHEMA = 1
"""Raised when a field changes its meaning."""


@dataclass(frozen=True, slots=True)
class RecordedQuestion:
    """A question with what came of it. `id` is its session's with its number there.

    `quotes` are the ids of the passages that were shown as an answer; what is only related is none. `index` is the
    fingerprint of the index that was asked.
    `helped` is what the person said of the answer; None where they said nothing, or took it back.
    """

    session: str
    id: str
    asked_at: str
    question: str
    searched_as: str
    status: Status
    confidence: float
    missing_terms: tuple[str, ...]
    quotes: tuple[str, ...]
    index: str
    helped: bool | None = None


@dataclass(frozen=True, slots=True)
class Helped:
    """A person's word on whether the answer to a recorded question helped; None takes it back."""

    session: str
    id: str
    helped: bool | None


def keep(turn: Turn, session: str, number: int, *, leaning: bool) -> RecordedQuestion | None:
    """Return what is kept of a turn; None where nothing may be.

    Nothing is kept of a question that was withheld, nor of any other that bears the notice for a crisis. Without
    `leaning` no word of an earlier question is kept with this one: that one may not have been for keeping.
    """
    answer = turn.answer
    if answer.is_withheld or any(notice.kind == "crisis" for notice in answer.notices):
        return None
    searched_as, missing = answer.searched_as, answer.missing_terms
    if not leaning:
        own = answer.question.casefold()
        searched_as, missing = answer.question, tuple(term for term in missing if term.casefold() in own)
    return RecordedQuestion(
        session=session,
        id=f"{session}-{number}",
        asked_at=turn.asked_at,
        question=answer.question,
        searched_as=searched_as,
        status=answer.status,
        confidence=answer.confidence,
        missing_terms=missing,
        quotes=tuple(quote.passage.id for quote in answer.quotes),
        index=answer.index.fingerprint,
    )


def line_of(kept: RecordedQuestion | Helped) -> bytes:
    """Return a line. Half a character of two, which UTF-8 cannot write, is an escape in it."""
    values = asdict(kept)
    if isinstance(kept, RecordedQuestion):
        del values["helped"]  # said later, in a line of its own
    # The session comes first, so that a line that was torn can still be told to be of it.
    return json.dumps({"session": kept.session, "schema": SCHEMA, **values}).encode("ascii") + b"\n"


def read_line(line: bytes) -> RecordedQuestion | Helped:
    """Read a line. Raises `ValueError` saying what is wrong with it."""
    try:
        values = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except json.JSONDecodeError:
        raise ValueError("it is torn, or no JSON") from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(values, dict):
        raise ValueError("it is no JSON object")
    if values.pop("schema", None) != SCHEMA:
        raise ValueError("it was written by another version")
    try:
        return _helped(values) if "helped" in values else _question(values)
    except KeyError as error:
        raise ValueError(f"it has no {error.args[0]}") from None


def together(lines: list[RecordedQuestion | Helped]) -> tuple[RecordedQuestion, ...]:
    """Return the questions of some lines, each once, with what was said of its answer, in the order they were asked."""
    questions: dict[str, RecordedQuestion] = {}
    helped: dict[str, bool | None] = {}
    for line in lines:
        if isinstance(line, RecordedQuestion):
            questions[line.id] = line  # one that was searched for differently takes the place of what was
            helped.pop(line.id, None)
        else:
            helped[line.id] = line.helped
    return tuple(replace(each, helped=helped.get(each.id)) for each in questions.values())


def _question(values: Mapping[str, Any]) -> RecordedQuestion:
    texts: dict[str, Any] = {
        name: _text(values, name) for name in ("session", "id", "asked_at", "question", "searched_as", "index")
    }
    try:
        datetime.datetime.fromisoformat(texts["asked_at"])
    except ValueError:
        raise ValueError("its asked_at is no time") from None
    if values["status"] not in get_args(Status):
        raise ValueError("its status is none")
    confidence = values["confidence"]
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        raise ValueError("its confidence is no share")
    lists: dict[str, Any] = {name: tuple(_texts(values, name)) for name in ("missing_terms", "quotes")}
    return RecordedQuestion(**texts, **lists, status=values["status"], confidence=confidence)


def _helped(values: Mapping[str, Any]) -> Helped:
    if not (values["helped"] is None or isinstance(values["helped"], bool)):
        raise ValueError("its helped is neither yes nor no")
    return Helped(_text(values, "session"), _text(values, "id"), values["helped"])


def _text(values: Mapping[str, Any], name: str) -> str:
    if not isinstance(values[name], str):
        raise ValueError(f"its {name} is no text")
    return str(values[name])


def _texts(values: Mapping[str, Any], name: str) -> list[str]:
    if not isinstance(values[name], list) or not all(isinstance(each, str) for each in values[name]):
        raise ValueError(f"its {name} are no list of texts")
    return list(values[name])
