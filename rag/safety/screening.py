"""Validate a question and select its safety notices, before anything is opened or searched."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.core.types.ask import Ask
from rag.safety.notices import SafetyCall, called_for
from rag.text.words import LONGEST_QUESTION, checked_question, readable


@dataclass(frozen=True, slots=True)
class Screened:
    """A question that may be asked, all its texts readable, with the notices that it calls for."""

    ask: Ask
    call: SafetyCall


def screen(ask: Ask, country: str | None) -> Screened:
    """Validate a question and select the notices that it calls for within its conversation.

    Where the person said what to search for instead, that wording may call for notices as well. `country` is the code
    of the country whose numbers they name, None names none. A crisis is recognised in a question that is far too long
    to be asked. Raises `QuestionError` for any other such question, and for an empty one.
    """
    ask = _readable(ask)
    said, resolution = ask.question, ask.resolution
    if len(said) > LONGEST_QUESTION:
        for part in (said[:LONGEST_QUESTION], said[-LONGEST_QUESTION:]):
            call = called_for(part, (), country)
            if call.withheld:
                return Screened(ask, call)
    earlier = [each.question for each in ask.earlier]
    call = called_for(checked_question(said), earlier, country)
    if resolution is not None and not call.withheld:
        call = called_for(checked_question(f"{said}\n{checked_question(resolution.resolved)}"), earlier, country)
    return Screened(ask, call)


def _readable(ask: Ask) -> Ask:
    resolution = ask.resolution
    return replace(
        ask,
        question=readable(ask.question),
        earlier=tuple(replace(each, question=readable(each.question)) for each in ask.earlier),
        resolution=resolution and replace(resolution, resolved=readable(resolution.resolved)),
    )
