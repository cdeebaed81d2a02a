"""Bound how much of a machine one document may take, against hostile files and against mistakes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds on one document, beyond which it is left out, and passwords to try on protected ones.

    In MiB: `file`, its size; `unpacked`, what is read of an archive in all; `memory`, what the process that reads may
    take. `seconds` is the time that reading one document may take.
    """

    file: int = 64
    unpacked: int = 128
    pages: int = 5_000
    seconds: int = 120
    memory: int = 4_096
    passwords: tuple[str, ...] = ()
