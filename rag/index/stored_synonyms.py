"""Keep the synonyms that an index was built with in a file of its own, so that only questions read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rag.core.errors import IndexDamaged
from rag.text.synonyms import SynonymRule, Synonyms


def write_synonyms(path: Path, rules: Sequence[SynonymRule]) -> None:
    """Write the rules. Raises `OSError` when the disk refuses."""
    path.write_text(json.dumps([asdict(rule) for rule in rules]), encoding="utf-8")


def open_synonyms(path: Path) -> Synonyms:
    """Read the rules. Raises `IndexDamaged` when the file does not hold any such."""
    try:
        rules = json.loads(path.read_text(encoding="utf-8"))
        return Synonyms(
            tuple(SynonymRule(tuple(rule["said"]), tuple(rule["also"]), int(rule["line"])) for rule in rules)
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexDamaged(f"The synonyms {path.name} cannot be read ({error}).") from error
