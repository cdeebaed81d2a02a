"""Recognise questions that lean on the one before them, by the words that show it, and small talk."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from rag.search.followups.phrases import phrases
from rag.text.rules.rule_set import RuleSet, rule_set
from rag.text.rules.source_wording import Wording, wording

_SMALL_TALK = frozenset(
    """thanks thank you thx ty cheers ok okay great good nice cool perfect fine alright right sure yes yeah yep no nope
    hello hi hey bye goodbye lol wow so much very many a lot got it i see understood that is was helpful interesting
    please sorry oh ah hmm well done""".split()
)
_GREETING = frozenset("thanks thank thx ty cheers hello hi hey bye goodbye lol wow great cool perfect nice".split())
ASKS = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|should|would|will|may"
    r"|might|has|have|had|tell|give|name|list|explain|describe|show|compare)\b",
    re.IGNORECASE,
)
PREPOSITION = re.compile(
    r"(?:in|for|with|without|at|during|after|before|on|among|by|against|from|under|over|as|between|within)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:.?!]|\b(?:and|but|so|because|if|when|while|since|until|before|after|although|though)\b"
    r"(?=[^,;:.?!]*$)",
    re.IGNORECASE,
)
"""Where the clause begins that a text ends in."""

TRAILING = re.compile(r"[\s?!.,;]*(?:\b(?:instead|then|too|as well|please)\b[\s?!.,;]*)*$", re.IGNORECASE)


def is_small_talk(question: str) -> bool:
    """Say whether nothing is asked: thanks, a greeting, a word of assent."""
    words = re.findall(r"\w+", question.casefold())
    return bool(words) and (
        all(word in _SMALL_TALK for word in words)
        or (words[0] in _GREETING and len(words) <= 4 and "?" not in question and not ASKS.search(question))
    )


def opening(question: str) -> tuple[str, str] | None:
    """Return why a question goes on from the one before, and what it now asks about; None if it does not so begin."""
    said = worded(question)
    for rule, (first, after) in rules().said(said.text):
        if rule.name in ("correction", "continuation"):
            end = said.source_span(first, after)[1]
            return rule.name, TRAILING.sub("", question[end:]).strip(" ,;:–-")
    return None


def leans(question: str) -> str | None:
    """Return why a question cannot stand by itself; None if it can."""
    wording_of_it = worded(question)
    said: dict[str, int] = {}
    for rule, (first, after) in rules().said(wording_of_it.text):
        place = wording_of_it.source_span(first, after)[0]
        said[rule.name] = min(place, said.get(rule.name, place))
    if "pronoun" in said and _names_before(question[: said["pronoun"]]):
        del said["pronoun"]
    for reason in ("more", "comparison", "pronoun", "attribute", "bare question word"):
        if reason in said:
            return reason
    if not ASKS.search(question) and PREPOSITION.match(question.strip()):
        return "fragment"
    return None


def _names_before(text: str) -> bool:
    """Say whether a clause before a pronoun names what it may stand for ("What is zinc, and does it help?")."""
    clause = _CLAUSE.search(text)
    return clause is not None and bool(phrases(text[: clause.start()]))


def worded(question: str) -> Wording:
    """Return the wording of a question; its marks end sentences here and are no words."""
    return wording(question.replace("?", "."), 0, len(question))


@cache
def rules() -> RuleSet:
    """Return how follow-ups are worded; a rule's name is the reason that is given."""
    return rule_set(tomllib.loads(files("rag.search.followups").joinpath("rules.toml").read_text(encoding="utf-8")))
