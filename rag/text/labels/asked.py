"""Recognise questions about an effect, both sides of which must be shown, and the words that say only that."""

from __future__ import annotations

import re
from functools import cache

from rag.text.labels.label_kinds import read_rules
from rag.text.rules.rule_set import RuleSet, rule_set
from rag.text.rules.source_wording import wording

_ASKS = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)


def asks_about_an_effect(question: str) -> bool:
    """Say whether a question asks if something has an effect; one that asks for nothing ("zinc for colds?") may."""
    if not _ASKS.search(question):
        return True
    return next(_rules().said(wording(question, 0, len(question)).text), None) is not None


@cache
def words_of_an_effect() -> frozenset[str]:
    """Return the words that say that an effect is asked about, and not of what."""
    return frozenset(read_rules("asked")["of_effect"].split())


@cache
def _rules() -> RuleSet:
    return rule_set({"rule": read_rules("asked")["rule"]})
