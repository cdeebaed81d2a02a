"""Put the framing with an answer's notices: the fixed text that stands with every answer.

A changed text gets a new version.
"""

from __future__ import annotations

from rag.core.types.answers import Notice
from rag.safety.notices import SafetyCall

FRAMING_VERSION = 1
FRAMING = Notice(
    "framing",
    "These are the sources' own words, not medical advice and not dosing guidance. "
    "Talk to a doctor or a pharmacist before you start, stop or change anything.",
)


def notices(call: SafetyCall) -> tuple[Notice, ...]:
    """Return the notices that stand before an answer, whether or not anything is found: the urgent ones first."""
    return (*call.urgent, FRAMING, *call.after)
