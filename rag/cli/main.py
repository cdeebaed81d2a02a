"""Gather the commands into the program `rag`.

Answers go to standard output, everything else to standard error. A command is imported when it is named, and what it
needs when it runs.
"""

from __future__ import annotations

from importlib import import_module

import click

from rag.cli.console import Program
from rag.core.version import __version__

COMMANDS = {
    "add": "corpus_command:add",
    "build": "build_command:build",
    "chat": "chat_command:chat",
    "check": "check_command:check",
    "eval": "evaluate_command:evaluate",
    "gaps": "gaps_command:gaps",
    "query": "query_command:query",
    "remove": "corpus_command:remove",
    "show": "show_command:show",
    "sources": "sources_command:sources",
    "status": "status_command:status",
    "verify": "verify_command:verify",
}
"""The commands by name: a module of `rag.cli.commands`, and the function in it."""


def command_named(name: str) -> click.Command:
    """Import the command of a name. Raises `KeyError` for a name that is none."""
    module, function = COMMANDS[name].split(":")
    found: click.Command = getattr(import_module(f"rag.cli.commands.{module}"), function)
    return found


class Commands(Program):
    """The group of all commands, each imported when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_named(cmd_name) if cmd_name in COMMANDS else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(version)s")
def command() -> None:
    """Ask a curated corpus: verbatim, cited passages, or an honest no.

    The first question builds the index. Nothing leaves this machine.
    """
