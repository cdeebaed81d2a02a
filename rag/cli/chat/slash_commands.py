"""Parse the commands of a conversation: lines that begin with a slash."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from rag.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be typed: what stands after the command, if anything must, and what it does."""

    takes: str
    does: str


KINDS = {
    "sources": Kind("", "the documents quoted so far, with their places and links"),
    "open": Kind("N", "quote or related passage N of the last answer, in its document"),
    "as": Kind("WORDS", "ask the last question again, searching for these words"),
    "new": Kind("", "a new topic: forget what was asked"),
    "save": Kind("FILE", "save the conversation; the name ends with .md, .json or .html"),
    "save!": Kind("FILE", "the same, over a file that is there"),
    "help": Kind("", "this list"),
    "quit": Kind("", "leave; the end of input (Ctrl-D) does the same"),
}


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command as it was typed."""

    name: str
    argument: str


def command_of(line: str) -> SlashCommand | None:
    """Return the command that a line is, or None for a question. Raises `UsageError` for one that there is not."""
    if not line.lstrip().startswith("/"):
        return None
    typed, _, argument = line.strip()[1:].partition(" ")
    name, argument = typed.casefold(), argument.strip()
    kind = KINDS.get(name)
    if kind is None:
        near = get_close_matches(name, KINDS, n=1, cutoff=0.5)
        raise UsageError(
            f"There is no command /{typed}.", f"{f'Did you mean /{near[0]}? ' if near else ''}/help lists them."
        )
    if kind.takes and not argument:
        raise UsageError(f"/{name} needs something after it.", f"Type: /{name} {kind.takes}")
    if argument and not kind.takes:
        raise UsageError(f"/{name} takes nothing after it.", f"Type: /{name}")
    return SlashCommand(name, argument)


def help_lines() -> list[str]:
    """Return what can be typed, a line each."""
    usages = {name: f"/{name} {kind.takes}".rstrip() for name, kind in KINDS.items()}
    width = max(map(len, usages.values()))
    return [
        "A line is a question; one that leans on the questions before it is understood with them.",
        *(f"{usages[name]:{width}}  {kind.does}" for name, kind in KINDS.items()),
    ]
