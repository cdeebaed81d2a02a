"""`python -m rag`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    from rag.cli import command

    command(prog_name="python -m rag" if sys.argv[0].endswith("__main__.py") else "rag")


if __name__ == "__main__":
    main()
