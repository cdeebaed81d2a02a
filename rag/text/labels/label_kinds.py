"""Load the kinds of cues from `rules/`, a file each: what each means, and the rules that find it.

The rules are data, for people to read and review. A new kind is one more file, with its entry in `legend.toml`.
"""

from __future__ import annotations

import tomllib
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from rag.core.types.passages import CueKind
from rag.text.rules.rule_set import RuleSet
from rag.text.rules.rule_set import rule_set as rules_of

EVIDENCE_VERSION = 1
"""Raised when the same words may be labelled with other cues by the same rules."""

_LISTS, _ASKED, _LEGEND = "words", "asked", "legend"
"""Files of the folder that are no kind: lists of words that the rules share, which questions ask about an effect, what
people are told of each kind."""

_FIRST = ("design", "subjects", "hedge", "speculation", "effect", "no_effect", "funding", "grade")
"""The kinds that come first, in this order: the checksum of the rules goes by it. Others follow by their names."""


@cache
def rule_kinds() -> tuple[CueKind, ...]:
    """Return the kinds of cues that have rules: the files of the folder. Doses have a grammar of their own instead."""
    names = {file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml")}
    kinds = names - {_LISTS, _ASKED, _LEGEND}
    ordered = [*(kind for kind in _FIRST if kind in kinds), *sorted(kinds.difference(_FIRST))]
    return tuple(ordered)


@cache
def evidence_checksum() -> int:
    """Return a checksum of the rules by which passages are labelled: their cues are kept with them."""
    rules = [_folder().joinpath(f"{name}.toml").read_bytes() for name in (*rule_kinds(), _LISTS)]
    return zlib.crc32(b"\0".join((str(EVIDENCE_VERSION).encode(), *rules)))


@dataclass(frozen=True, slots=True)
class CueRules:
    """The rules of all kinds together, so that a text is gone through once, and the kind that each is of."""

    rules: RuleSet
    kinds: dict[str, CueKind]


@cache
def cue_rules() -> CueRules:
    """Return the rules of all kinds. Raises `ValueError` for one that cannot be understood, or that has two names."""
    tables: list[dict[str, Any]] = []
    lists: dict[str, list[str]] = read_rules(_LISTS)
    kinds: dict[str, CueKind] = {}
    for kind in rule_kinds():
        own = read_rules(kind)
        for table in own["rule"]:
            if table["name"] in kinds:
                raise ValueError(f"two rules are named {table['name']!r}")
            kinds[table["name"]] = kind
            merged = {field: [*own.get(field, ()), *table.get(field, ())] for field in ("unless", "aside")}
            tables.append({**table, **merged})
    return CueRules(rules_of({"rule": tables}, lists), kinds)


@cache
def meanings() -> dict[CueKind, tuple[str, str]]:
    """Return for each kind its label and what it means, in the order in which a legend names them."""
    values = read_rules(_LEGEND)
    return {kind: (entry["label"], entry["means"]) for kind, entry in values.items()}


def read_rules(name: str) -> dict[str, Any]:
    """Return a file of rules as its values."""
    return tomllib.loads(_folder().joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _folder() -> Traversable:
    return files("rag.text.labels").joinpath("rules")
