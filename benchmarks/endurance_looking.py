"""Looks at an index through the command line, in this process: what each command gives, or how it ends.

    python benchmarks/endurance_looking.py

Reads a request a line, {"index": …, "corpus": …}, and writes what `look` gives for it, until its input ends. It is a
process of its own so that a native crash ends it and is seen.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from endurance_parts import QUESTIONS

from rag.cli.main import command

Seen = tuple[int, str, str]
"""An exit code, what went to standard output and what to standard error."""

TRACEBACK = 70
"""Stands for the exit code where something was raised that no command should raise."""


def commands() -> list[list[str]]:
    """Return the commands that are tried, without the folders."""
    asked = [["query", question, "--json", "--quiet"] for question in QUESTIONS[:2]]
    return [
        *asked,
        ["sources", "--json"],
        ["status", "--json"],
        ["verify", "--json", "--quiet"],
        ["show", "000.md", "--json"],
    ]


def look(index: str, corpus: str) -> list[Seen]:
    """Run all commands in this process."""
    return [_in_process([*words, "--index", index, "--corpus", corpus]) for words in commands()]


def look_from_outside(index: str, corpus: str, words: list[str]) -> Seen:
    """Run one command as a process of its own."""
    arguments = [*words, "--index", index, "--corpus", corpus]
    ran = subprocess.run(
        [sys.executable, "-m", "rag", *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


def _in_process(arguments: list[str]) -> Seen:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            command(arguments, prog_name="rag")
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        except BaseException:  # noqa: BLE001 # a panic of a Rust library is not even an Exception
            code = TRACEBACK
            traceback.print_exc()
    return code, out.getvalue(), err.getvalue()


def main() -> None:
    """Answer requests until there are no more."""
    answers = sys.stdout
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        print(json.dumps(look(**request)), file=answers, flush=True)


if __name__ == "__main__":
    main()
