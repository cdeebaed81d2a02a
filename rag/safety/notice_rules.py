"""Apply the rules that select notices. They are data, in `rules/`, for a clinician to review."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from rag.safety.question_wording import wording
from rag.text.rules.rule_set import RuleSet
from rag.text.rules.rule_set import rule_set as rules_of

FILES = ("crisis", "poisoning", "emergency", "dosing", "pregnancy", "children")
"""A file of rules for each kind of notice, then for each addition to the notice on doses."""


def applies(name: str, text: str) -> bool:
    """Say whether any rule of a file applies to a wording."""
    return next(rule_set(name).said(text), None) is not None


def rules_for(name: str, question: str) -> list[str]:
    """Return the names of the rules of a file that apply to a question: why its notice stands there."""
    return sorted({rule.name for rule, _ in rule_set(name).said(wording(question))})


@cache
def rule_set(name: str) -> RuleSet:
    """Return the rules of a file. Raises `ValueError` for one that cannot be understood."""
    return rules_of(_read(name), _shared())


@cache
def _shared() -> dict[str, Any]:
    return _read("words")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("rag.safety").joinpath("rules", f"{name}.toml").read_text(encoding="utf-8"))
