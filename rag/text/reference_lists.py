"""Tell lists of references by the heading that they stand under: titles of other works answer no question."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADING = re.compile(
    r"(?:list\s+of\s+)?(?:references?|bibliography|literature(?:\s+cited)?|works\s+cited|citations|further\s+reading|sources)"
    r"(?:\s+(?:and|&)\s+(?:further\s+reading|notes|sources|links|resources))?\W*",
    re.IGNORECASE,
)


def is_reference_list(section: Sequence[str]) -> bool:
    """Say whether a passage, given by the headings above it, belongs to a list of references."""
    return bool(section) and _HEADING.fullmatch(section[-1].strip()) is not None
