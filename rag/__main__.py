"""`python -m rag`."""

from __future__ import annotations

import atexit
import gc
import os
import sys

_SHORT = (["query"], ["build"])
"""Commands that end before what refers to itself takes much room; a build tidies up by itself while it reads."""


def main() -> None:
    """Run the command line, and leave the process at once when it is done.

    Taking down the loaded libraries object by object would take as long as answering a question; the system does it
    in no time. What was registered to run at exit still runs.
    """
    gc.disable()  # looking for what refers to itself takes a tenth of a question's time, and finds next to nothing
    from rag.cli.main import command

    if sys.argv[1:2] not in _SHORT:
        gc.enable()
    try:
        command(prog_name="python -m rag" if sys.argv[0].endswith("__main__.py") else "rag")
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
        for stream in (sys.stdout, sys.stderr):
            try:
                if stream is not None:
                    stream.flush()
            except OSError:  # what is longer than a buffer was refused before, and that was said
                code = code or 1
        atexit._run_exitfuncs()
        os._exit(code)


if __name__ == "__main__":
    main()
