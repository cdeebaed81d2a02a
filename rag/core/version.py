"""Name the version of the program."""

from __future__ import annotations

__version__ = "0.1.0"
