"""The fixed texts that stand with answers. A changed text gets a new version."""

from __future__ import annotations

from rag.types import Notice

FRAMING_VERSION = 1
FRAMING = Notice(
    "framing",
    "These are the sources' own words, not medical advice and not dosing guidance. "
    "Talk to a doctor or a pharmacist before you start, stop or change anything.",
)


def notices(question: str) -> tuple[Notice, ...]:
    """Return the notices that stand before the answer to a question, whether or not anything is found."""
    return (FRAMING,)
