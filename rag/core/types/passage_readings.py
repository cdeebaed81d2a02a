"""Define what a cross-encoder is given to read with a question, and what it says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage to read: what stands above it, its sentences, and the number of the one nearest to the question."""

    above: str
    sentences: tuple[str, ...]
    nearest: int


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What was read in a passage: the log-odds that it answers, and that each of its sentences does.

    `sentences` are by number; of a long passage they are those round the nearest.
    """

    answers: float
    sentences: Mapping[int, float]
