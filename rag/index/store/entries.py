"""Write catalogue entries as JSON: only what is stated, for most say little and an index has thousands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

from rag.core.types.documents import CatalogueEntry

_NAMES = tuple(field.name for field in fields(CatalogueEntry))
known = attrgetter(*_NAMES)
"""What an entry states, in the order of its fields."""

_NOTHING = CatalogueEntry()
_DEFAULTS = known(_NOTHING)


def stated_values(entry: CatalogueEntry) -> dict[str, Any]:
    """Return what an entry states, by name."""
    if entry == _NOTHING:
        return {}
    stated = zip(_NAMES, known(entry), _DEFAULTS, strict=True)
    return {name: value for name, value, default in stated if value != default}


def catalogue_entry(values: Mapping[str, Any]) -> CatalogueEntry:
    """Return the entry that was written as JSON."""
    if not values:
        return _NOTHING
    return CatalogueEntry(**{**values, "authors": tuple(values.get("authors") or ())})
