"""Tell whether words permit something or forbid it, by the words for that alone."""

from __future__ import annotations

import re
from typing import Literal

Polarity = Literal["prohibits", "permits"]

_PROHIBITS = re.compile(
    r"\b(?:do\s+not|don['’]?t|should\s+not|shouldn['’]?t|must\s+not|mustn['’]?t|can(?:\s*not|['’]?t)\s+(?:have|take|use)|never"
    r"|avoid\w*|bad|worse\w*|harm\w*|dangerous|unsafe|not\s+(?:safe|suitable|recommended|be\s+(?:taken|used|given))|unsuitable"
    r"|contra-?indicat\w*|stay\s+away|steer\s+clear|off\s+limits|forbidden|not\s+(?:to\s+)?(?:have|take|use|eat|drink))\b",
    re.IGNORECASE,
)
_PERMITS = re.compile(
    r"\b(?:(?<!not )(?<!un)safe\w*|(?<!not )suitable|(?<!not )recommended|ok(?:ay)?|all\s+right|alright|fine|allowed"
    r"|can\s+(?:be\s+(?:taken|used|given)|take|have|use)|may\s+(?:be\s+(?:taken|used|given)|take|use)|good\s+for|better|preferred)\b",
    re.IGNORECASE,
)


def prohibits(text: str) -> bool:
    """Say whether a text has words that forbid or warn."""
    return _PROHIBITS.search(text) is not None


def permits(text: str) -> bool:
    """Say whether a text has words that permit or call safe."""
    return _PERMITS.search(text) is not None
