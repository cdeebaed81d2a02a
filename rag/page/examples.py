"""Make example questions of the corpus's own headings, so that none is about anything the corpus does not name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest

from rag.core.types.documents import Document
from rag.index.opening import OpenIndex

MOST, FEWEST = 6, 4

LOOKED_AT = 48
"""How many documents' headings are looked at, from all over a corpus that has more: it may have thousands."""

SHORTEST, LONGEST = 8, 48
"""Characters of a heading that reads well within a question."""

_FRAME = "What do the documents say about “{}”?"

# Letters, digits and what stands between words: nothing that a screen could take for anything but itself.
_PLAIN = re.compile(r"[^\W_]+(?:(?:, |[ ’'-])[^\W_]+)*\??")

_ASKING = frozenset("are can could do does how is should what when where which who why will".split())

_POINTING = frozenset("another both its our some that the their these this those".split())

# What documents of every subject have, and what says nothing by itself.
_EVERYWHERE = frozenset(
    """about abstract acknowledgements acknowledgments appendix author authors background bibliography conclusion
    conclusions contact contents copyright credits disclaimer discussion does footnotes from funding glossary have home
    index introduction into licence license limitations links materials menu methods more navigation notes objective
    objectives other overview preface references related results search share should sources subscribe summary tags
    that their them these this those what when where which with would your""".split()
)


def examples(index: OpenIndex) -> tuple[str, ...]:
    """Return four to six questions, the same for the same index; none where too few headings can be asked about."""
    there = [record.id for record in index.manifest.documents if not record.withdrawn]
    looked_at = there[:: -(-len(there) // LOOKED_AT)] if there else []
    questions = chosen(index.store.described(looked_at), index.store.sections(looked_at))
    return tuple(questions) if len(questions) >= FEWEST else ()


def chosen(documents: Mapping[str, Document], sections: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Choose headings and make questions of them: documents in their order take turns, each with its next best.

    `sections` are the headings above the passages, with the ids of their documents, in order. A heading that shares a
    word with the title of its document says what it is about wherever it stands, unless it points back ("The two
    writers differ"); others are only taken where there are too few of those.
    """
    telling: dict[str, list[str]] = {id_: [] for id_ in documents}
    others: dict[str, list[str]] = {id_: [] for id_ in documents}
    for id_, section in sections:
        if section and reads_well(section[-1]) and _words(section[-1]) != _words(documents[id_].title):
            tells = _naming(section[-1]) & _naming(documents[id_].title) and _words(section[-1])[0] not in _POINTING
            (telling if tells else others)[id_].append(section[-1])
    found: dict[str, str] = {}
    for pool, enough in ((telling, MOST), (others, FEWEST)):
        for heading in _in_turn([each for each in pool.values() if each]):
            if len(found) < enough:
                found.setdefault(heading.casefold(), _question(heading))
    return list(found.values())


def reads_well(heading: str) -> bool:
    """Say whether a heading can be asked about: plain words, neither too few nor too many, that name something.

    One that asks something is a question already, or reads badly as the subject of one.
    """
    asks = _words(heading)[:1] and _words(heading)[0] in _ASKING
    return (
        SHORTEST <= len(heading) <= LONGEST
        and _PLAIN.fullmatch(heading) is not None
        and bool(asks) == heading.endswith("?")
        and bool(_naming(heading))
    )


def _question(heading: str) -> str:
    return heading if heading.endswith("?") else _FRAME.format(heading)


def _in_turn(lists: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the first of each list, then the second; of many lists those first that stand far from each other."""
    step = max(1, len(lists) // MOST)
    spread = [each for first in range(step) for each in lists[first::step]]
    return filter(None, chain.from_iterable(zip_longest(*spread)))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _naming(text: str) -> set[str]:
    return {word for word in _words(text) if len(word) > 3 and not word.isdigit()} - _EVERYWHERE
