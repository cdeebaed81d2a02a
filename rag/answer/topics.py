"""Name what was found: an answer's candidates, and the nearest topics where the corpus does not say.

A topic is named by its document's title and its headings. The words of its passage are not shown: where nothing
answers, a quotation would be taken for an answer all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from rag.core.standing import withdrawal
from rag.core.types.answers import Candidate, Hit, Quote, Topic
from rag.core.types.documents import Document
from rag.index.opening import OpenIndex

MOST_TOPICS = 5

LEAST = 0.25
"""The fused score from which a passage's topic is near the question at all: below it, naming it would be a riddle."""

MOST_CANDIDATES = 10


def candidates(hits: Sequence[Hit], shown: Sequence[Quote], index: OpenIndex) -> tuple[Candidate, ...]:
    """Return the best hits, and whichever are shown besides, in the order of the search."""
    ranks = {quote.passage.id: quote.rank for quote in shown}
    named = [hit for place, hit in enumerate(hits) if place < MOST_CANDIDATES or hit.passage.id in ranks]
    documents = index.store.described([*{hit.passage.document_id for hit in named}])
    return tuple(
        Candidate(_topic(hit, documents), round(hit.scores.fused, 4), ranks.get(hit.passage.id)) for hit in named
    )


def topics(hits: Sequence[Hit], index: OpenIndex, unchanged: Callable[[Document], bool] | None) -> tuple[Topic, ...]:
    """Return the topics of the best hits, each once; none of a document that is withdrawn or whose source changed."""
    documents = index.store.described([*{hit.passage.document_id for hit in hits}])
    return tuple(islice(_topics(hits, documents, unchanged), MOST_TOPICS))


def _topics(
    hits: Sequence[Hit], documents: Mapping[str, Document], unchanged: Callable[[Document], bool] | None
) -> Iterator[Topic]:
    named: set[tuple[str, ...]] = set()
    for hit in hits:
        if hit.scores.fused < LEAST:
            continue
        document, topic = documents[hit.passage.document_id], _topic(hit, documents)
        name = tuple(step.casefold() for step in (topic.title, *topic.passage.section))
        if name not in named and not withdrawal(document.entry) and (unchanged is None or unchanged(document)):
            named.add(name)
            yield topic


def _topic(hit: Hit, documents: Mapping[str, Document]) -> Topic:
    document = documents[hit.passage.document_id]
    return Topic(hit.passage, document.path, document.title)
