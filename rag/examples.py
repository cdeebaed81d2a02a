"""Questions to begin with, made of the corpus's own headings: none is about anything that the corpus does not name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from rag.index import OpenIndex
from rag.standing import withdrawal
from rag.types import Document

MOST = 6

SHORTEST, LONGEST = 8, 48
"""Characters of a heading that reads well within a question."""

_FRAME = "What do the documents say about “{}”?"

# Letters, digits and what stands between words: nothing that a screen could take for anything but itself.
_PLAIN = re.compile(r"[^\W_]+(?:(?:, |[ ’'-])[^\W_]+)*")

# What documents of every subject have, and what says nothing by itself.
_EVERYWHERE = frozenset(
    """abstract about acknowledgements acknowledgments appendix author authors background bibliography conclusion
    conclusions contact contents copyright credits disclaimer discussion footnotes funding glossary home index
    introduction licence license limitations links materials menu methods more navigation notes objective objectives
    overview preface references related results search share sources subscribe summary tags""".split()
)


def examples(index: OpenIndex) -> tuple[str, ...]:
    """Return some questions, the same for the same index, from as many documents as there are: a heading of each."""
    documents = {id_: each for id_, each in index.store.described().items() if not withdrawal(each.entry)}
    return tuple(_FRAME.format(heading) for heading in chosen(documents, index.store.sections()))


def chosen(documents: Mapping[str, Document], sections: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Choose headings for questions: documents in their order take turns, each with its first that reads well.

    `sections` are the headings above the passages, with the ids of their documents, in order.
    """
    there: dict[str, list[str]] = {id_: [] for id_ in documents}
    for id_, section in sections:
        if id_ in there and section and reads_well(section[-1]) and not _same(section[-1], documents[id_].title):
            there[id_].append(section[-1])
    found: dict[str, str] = {}
    for turn in zip_longest(*_spread([each for each in there.values() if each])):
        for heading in filter(None, turn):
            if len(found) < MOST:
                found.setdefault(heading.casefold(), heading)
    return list(found.values())


def reads_well(heading: str) -> bool:
    """Say whether a heading can stand in a question: plain words, neither too few nor too many, that name something."""
    words = re.findall(r"[^\W\d_]+", heading.casefold())
    return (
        SHORTEST <= len(heading) <= LONGEST
        and _PLAIN.fullmatch(heading) is not None
        and any(len(word) > 3 and word not in _EVERYWHERE for word in words)
    )


def _spread(lists: list[list[str]]) -> Iterator[list[str]]:
    """Yield the lists from all over their order before those beside them: of many documents, not only the first."""
    step = max(1, len(lists) // MOST)
    for first in range(step):
        yield from lists[first::step]


def _same(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.casefold()) == re.findall(r"\w+", other.casefold())
