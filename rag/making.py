"""What an index depends on besides its sources and its model: when any of this changes, documents are made anew."""

from __future__ import annotations

from dataclasses import asdict, dataclass

READERS_VERSION = 1
"""Raised when any reader may give another text or other blocks for the same bytes."""

SPLITTER_VERSION = 2
"""Raised when the same document may be cut, or its sentences' words be analysed, differently."""


@dataclass(frozen=True, slots=True)
class SplitterSettings:
    """How long passages may be, in the model's tokens, and how long the context put before them."""

    passage_tokens: int = 180
    context_tokens: int = 60


SPLITTER = SplitterSettings()


def making() -> dict[str, int]:
    """Return all of it by name, as the manifest records it."""
    return {"readers": READERS_VERSION, "splitter": SPLITTER_VERSION, **asdict(SPLITTER)}
