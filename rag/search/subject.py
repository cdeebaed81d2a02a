"""Tell what a question is about from the names in it, and whether a part of an answer would mislead."""

from __future__ import annotations

from collections.abc import Sequence

from rag.search.message import Span, leans_on_others, read_message
from rag.search.names import Name
from rag.search.verdict import Subject


def subject_of(question: str, names: Sequence[Name]) -> Subject:
    """Return the names that a question is about.

    Those are the names in its sentences that ask. Where these lean on others, by a pronoun or because they name nothing
    (or a population alone), the nearest sentence before them that names something counts as well, or else the nearest
    after.
    """
    message = read_message(question)
    chosen = [name for name in names if _within(name, message.asking)]
    things = [name for name in chosen if name.kind != "population"]
    leaning = any(leans_on_others(question[slice(*span)]) for span in message.asking)
    if message.story and (not things or (leaning and len(things) < 2)):
        first = message.asking[0][0]
        before = [span for span in message.story if span[1] <= first][::-1]
        after = [span for span in message.story if span[0] >= first]
        for span in (*before, *after):
            found = [name for name in names if _within(name, [span]) and name.kind != "population"]
            if found:
                chosen = [*found, *chosen]
                break
    seen: dict[object, Name] = {}
    for name in chosen:
        seen.setdefault(frozenset(name.ways), name)
    return Subject(tuple(seen.values()))


def _within(name: Name, spans: Sequence[Span]) -> bool:
    return any(start <= name.start and name.end <= end for start, end in spans)
