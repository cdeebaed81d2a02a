"""Tell what a question is about: which of its names passages must speak of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.search.message import Message, Span, leans_on_others
from rag.search.question_names import Name
from rag.text.aspects.aspect_lists import UNSAFE_TO_MIX, asked_aspects

FEW = 2
"""From how many things on that a sentence names it is not taken to lean on another by its pronouns."""

_OF_ALL = re.compile(
    r"\b(?:both|between|together|(?:the|those|these|them|all|of)\s+(?:two|three)|each\s+other|combin\w+|mix\w*)\b",
    re.IGNORECASE,
)
"""What a sentence says that leans on all names of another, and not on any of them."""

_FOR = re.compile(
    r"\b(?:in|for|to|during|while|when)(?:\s+(?:a|an|the|my|your|very|young|small|older|little))*\s+$", re.IGNORECASE
)
"""Ends what stands before a population that an answer must be for."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about.

    A passage speaks of it when it speaks of all `names`, and of one of those that the question `leans_on`, if any.
    `aspects` are what is asked of them: causes, side effects, costs. `each_quote` says that every quote must: what
    is asked is whether something is safe, for whom and with what, and what is said of one thing alone would
    mislead. Otherwise one quote must.
    """

    names: tuple[Name, ...] = ()
    leans_on: tuple[Name, ...] = ()
    aspects: frozenset[str] = frozenset()
    each_quote: bool = False

    @property
    def unknown(self) -> tuple[Name, ...]:
        """The names that no passage speaks of."""
        return tuple(name for name in self.names if not name.held)

    def lacking(self, terms: frozenset[str]) -> tuple[Name, ...]:
        """Return the names that a passage does not speak of, given as its terms with its title's and headings'."""
        lacking = tuple(name for name in self.names if not name.is_spoken_of(terms))
        if self.leans_on and not any(name.is_spoken_of(terms) for name in self.leans_on):
            lacking += self.leans_on
        return lacking


def subject_of(message: Message, names: Sequence[Name]) -> Subject:
    """Return what a question is about, whose `names` are given in order.

    Its sentences that ask count. They lean on others where they have a pronoun or name nothing: then on the nearest
    sentence before them that does, or else after. Of its names all count as if they stood in them where they ask of
    both or of what is between them, and otherwise a drug, or a name of uncommon words, that no passage speaks of. A
    population counts only where something's safety is asked, where the question is what holds in or for it, or where no
    passage speaks of it.
    """
    question = message.question
    asking = [name for name in names if _within(name, message.asking)]
    aspects = frozenset[str]().union(*(asked_aspects(question[start:end]) for start, end in message.asking))
    each_quote = not UNSAFE_TO_MIX.isdisjoint(aspects)
    things = [name for name in asking if name.kind != "population"]
    leaned: list[Name] = []
    leaning = any(leans_on_others(question[slice(*span)]) for span in message.asking)
    if message.story and (not things or (leaning and len(things) < FEW)):
        leaned = _nearest(names, message.asking[0][0], message.story)
    required = [name for name in asking if name.kind != "population" or _is_for(name, question, each_quote)]
    required += [name for name in leaned if not name.held and (name.kind == "drug" or not name.is_everyday)]
    if any(_OF_ALL.search(question[slice(*span)]) for span in message.asking):
        required += [name for name in leaned if name not in required]
    known = {name.ways for name in required}
    leans_on = [name for name in leaned if name.held and name.ways not in known and not things]
    return Subject(_once(required), _once(leans_on), aspects, each_quote)


def _is_for(population: Name, question: str, each_quote: bool) -> bool:
    """Say whether an answer must be for a population, and does not only happen to be asked by or of one of it."""
    return each_quote or not population.held or _FOR.search(question[: population.start]) is not None


def _nearest(names: Sequence[Name], first: int, story: Sequence[Span]) -> list[Name]:
    """Return the names of the nearest sentence of the story that names a thing, before a place or else after it."""
    before, after = [span for span in story if span[1] <= first], [span for span in story if span[0] >= first]
    for span in (*before[::-1], *after):
        found = [name for name in names if _within(name, [span]) and name.kind != "population"]
        if found:
            return found
    return []


def _within(name: Name, spans: Sequence[Span]) -> bool:
    return any(start <= name.start and name.end <= end for start, end in spans)


def _once(names: Sequence[Name]) -> tuple[Name, ...]:
    return tuple({name.ways: name for name in reversed(names)}.values())[::-1]
