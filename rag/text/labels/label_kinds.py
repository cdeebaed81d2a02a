"""The kinds of cues, what each means, and the rules that find them: data in `rules/`, for people to read and review."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from rag.core.types.passages import CueKind
from rag.text.rules.rule_set import RuleSet
from rag.text.rules.rule_set import rule_set as rules_of

FILES: tuple[CueKind, ...] = ("design", "subjects", "hedge", "speculation", "effect", "no_effect", "funding", "grade")
"""A file of rules for each kind of cue but doses, which have a grammar of their own."""


@dataclass(frozen=True, slots=True)
class CueRules:
    """The rules of all kinds together, so that a text is gone through once, and the kind that each is of."""

    rules: RuleSet
    kinds: dict[str, CueKind]


@cache
def cue_rules() -> CueRules:
    """Return the rules of all kinds. Raises `ValueError` for one that cannot be understood, or that has two names."""
    tables: list[dict[str, Any]] = []
    lists: dict[str, list[str]] = read_rules("words")
    kinds: dict[str, CueKind] = {}
    for kind in FILES:
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
    values = read_rules("legend")
    return {cast(CueKind, kind): (entry["label"], entry["means"]) for kind, entry in values.items()}


def read_rules(name: str) -> dict[str, Any]:
    """Return a file of rules as its values."""
    return tomllib.loads(files("rag.text.labels").joinpath("rules", f"{name}.toml").read_text(encoding="utf-8"))
