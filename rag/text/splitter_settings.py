"""Set how long passages are, and number the ways of cutting them."""

from __future__ import annotations

from dataclasses import dataclass

SPLITTER_VERSION = 5
"""Raised when the same document may be cut, or its sentences' words be analysed, differently."""


@dataclass(frozen=True, slots=True)
class SplitterSettings:
    """The greatest length of passages, in the model's tokens, and of the context put before them."""

    passage_tokens: int = 180
    context_tokens: int = 60


SPLITTER = SplitterSettings()
