"""Read the lines that somebody types or pipes in: with a prompt and line editing on a terminal, without elsewhere."""

from __future__ import annotations

import contextlib
import io
import sys

import click

PROMPT = "> "


def interactive() -> bool:
    """Say whether somebody types the lines."""
    return sys.stdin is not None and sys.stdin.isatty()


def read_line() -> str | None:
    """Return the next line, or None at the end of the input."""
    if sys.stdin is None:  # it was closed by whoever started us
        return None
    if not interactive():
        return _piped()
    if not sys.stdout.isatty():  # where the answers go, no prompt may
        click.echo(PROMPT, err=True, nl=False)
        return _piped()
    with contextlib.suppress(ImportError):  # where it is there, `input` edits lines and keeps their history in memory
        import readline  # noqa: F401
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # rather than fail on what is no text of this terminal
    try:
        return input(PROMPT)
    except EOFError:
        return None


def _piped() -> str | None:
    line = sys.stdin.buffer.readline()
    return line.decode("utf-8", "replace").rstrip("\r\n") if line else None
