"""Word what an answer lacks: names that no document speaks of, words that none holds, what its passages leave out.

A line is made of runs, so that a surface can make the names in it stand out. Every run is safe and on one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.core.types.answers import Answer, Quote
from rag.text.characters import one_line

NEAR = "Near, and not an answer"
"""What related passages are called, wherever they stand."""


@dataclass(frozen=True, slots=True)
class LineRun:
    """Characters of a line, and whether a surface that can makes them stand out."""

    text: str
    emphasised: bool = False


def lacks_line(quote: Quote) -> str | None:
    """Name what the question is about and a passage does not mention; None where it lacks nothing."""
    return f"does not mention: {', '.join(map(one_line, quote.lacks))}" if quote.lacks else None


def near_count(answer: Answer) -> str:
    """Say how many passages are near, and that they are no answer: what unfolds them."""
    one = len(answer.related) == 1
    return f"Show {len(answer.related)} passage{' that is' if one else 's that are'} near, and not an answer"


def near_headline(quote: Quote) -> str:
    """Return a related passage's title and whole section path, each step once, in one line."""
    return " › ".join(dict.fromkeys(map(one_line, (quote.document.title, *quote.passage.section))))


def near_link(quote: Quote) -> str | None:
    """Return a related passage's link without the words that it would mark in the source, as an answer's does."""
    return quote.link.partition("#:~:")[0] if quote.link else None


def is_narrowed(answer: Answer) -> bool:
    """Say whether some documents were not searched, so that nothing can be said of all of them."""
    return answer.filters.active or bool(answer.left_out.retracted or answer.left_out.superseded)


def names_lacking(answer: Answer) -> list[LineRun]:
    """Say which names of the question no document, or no passage, speaks of; nothing where there are none."""
    found = answer.shortfall
    if found is None or not found.names:
        return []
    searched = " that was searched" if is_narrowed(answer) else ""
    if found.kind == "unknown":
        return _sentence(f"No document{searched} says anything about ", _listed(found.names, "or", answer), ".")
    if found.kind == "unsure":
        return []
    apart = tuple(dict.fromkeys((*found.names, *found.covered)))
    together = " together" if len(apart) > 1 else ""
    return _sentence(f"No passage{searched} speaks of ", _listed(apart, "and", answer), f"{together}.")


def words_lacking(answer: Answer) -> list[LineRun]:
    """Name the words of a question that no document holds, each with what it may be a misspelling of.

    Those of names that no document speaks of have been named with these; those of other names come first.
    """
    unknown = answer.shortfall.names if answer.shortfall and answer.shortfall.kind == "unknown" else ()
    left = [term for term in answer.missing_terms if not _is_of(term, unknown)]
    if not left:
        return []
    left.sort(key=lambda term: not _is_of(term, answer.names))
    return _sentence("No document holds: ", _joined([_named(term, answer) for term in left], ", ", ", "), ".")


def near_line(answer: Answer) -> list[LineRun]:
    """Say what the passages are that stand in place of an answer."""
    found = answer.shortfall
    if found is None or found.kind == "unsure":
        return [LineRun("These passages are near the question, and may not answer it.")]
    if found.kind == "unknown" and found.covered:
        return _sentence("These are about ", _listed(found.covered, "and", answer), " only.")
    apart = len(set(found.names) | set(found.covered)) if found.kind == "apart" else 0
    if apart > 1:
        return [LineRun("These speak of one or the other." if apart == 2 else "These speak of some of them.")]
    return [LineRun("These passages are near, and not an answer.")]


def sentences(*said: Sequence[LineRun]) -> list[LineRun]:
    """Put sentences after each other; one that says nothing is left out."""
    return _joined([each for each in said if each], " ", " ")


def _sentence(before: str, named: Sequence[LineRun], after: str) -> list[LineRun]:
    return [LineRun(before), *named, LineRun(after)]


def _listed(names: Iterable[str], word: str, answer: Answer) -> list[LineRun]:
    return _joined([_named(name, answer) for name in names], ", ", f" {word} ")


def _joined(parts: Sequence[Sequence[LineRun]], between: str, last: str) -> list[LineRun]:
    runs: list[LineRun] = []
    for place, part in enumerate(parts):
        if place:
            runs.append(LineRun(last if place == len(parts) - 1 else between))
        runs.extend(part)
    return runs


def _named(name: str, answer: Answer) -> list[LineRun]:
    """Return a name or a word as it stands out, with the words of the corpus that may be meant."""
    like = [word for each in answer.suggestions if _is_of(each.term, (name,)) for word in each.words]
    runs = [LineRun(one_line(name), emphasised=True)]
    if like:
        *others, last = map(one_line, like)
        runs.append(LineRun(f" (did you mean {', '.join(others) + ' or ' if others else ''}{last}?)"))
    return runs


def _is_of(term: str, names: Iterable[str]) -> bool:
    """Say whether a word is one of the words of some names."""
    return any(term.casefold() in (name.casefold(), *name.casefold().split()) for name in names)
