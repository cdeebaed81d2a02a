"""Query → ranked hits: the dense and the lexical search, their fusion, and diversity among documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.index import OpenIndex
from rag.questions import content_words
from rag.types import Hit, Scores

if TYPE_CHECKING:
    import numpy

FUSION_CONSTANT = 60
"""The k of reciprocal rank fusion, as its authors chose it."""

DEPTH = 100
"""How many passages each search contributes."""

IN_A_ROW = 2
"""How many passages of one document may follow each other while another document has one to show."""


@dataclass(frozen=True, slots=True)
class Rankings:
    """What the two searches found, and their fusion: (row, score) pairs, best first."""

    dense: list[tuple[int, float]]
    lexical: list[tuple[int, float]]
    fused: list[tuple[int, float]]


def retrieve(
    query: str,
    vector: numpy.ndarray,
    index: OpenIndex,
    limit: int,
    *,
    allowed: numpy.ndarray | None = None,
    synonyms: Sequence[str] = (),
) -> list[Hit]:
    """Return at most `limit` hits for a query, given with its unit vector, best first.

    Passages without a sentence (bare headings) are no answer and are passed over. `allowed` says of each row whether it
    may be found at all; `synonyms` are phrases that are looked for beside the query's words.
    """
    found = search(query, vector, index, DEPTH, allowed=allowed, synonyms=synonyms)
    cosines, bm25 = dict(found.dense), dict(found.lexical)
    unseen = [row for row, _ in found.fused if row not in cosines]
    cosines.update(zip(unseen, index.dense.cosines(vector, unseen), strict=True))
    passages = index.store.passages([row for row, _ in found.fused])
    hits = [
        Hit(row, passages[row], Scores(fused=score, dense=cosines[row], lexical=bm25.get(row, 0.0)))
        for row, score in found.fused
        if passages[row].sentences
    ]
    return alternate(hits)[:limit]


def search(
    query: str,
    vector: numpy.ndarray,
    index: OpenIndex,
    depth: int,
    *,
    allowed: numpy.ndarray | None = None,
    synonyms: Sequence[str] = (),
) -> Rankings:
    """Rank passages for a query, given with its unit vector: at most `depth` from each search, and both fused."""
    dense = index.dense.search(vector, depth, allowed=allowed)
    words = " ".join(content_words(query))
    lexical = index.lexical.search(words, depth, allowed=allowed, synonyms=" ".join(synonyms))
    fused = reciprocal_rank_fusion([[row for row, _ in dense], [row for row, _ in lexical]])
    return Rankings(dense, lexical, fused)


def reciprocal_rank_fusion(rankings: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """Fuse rankings: an item's score is the sum of 1 / (k + rank) over the rankings that hold it.

    Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
    methods", SIGIR 2009. Best first; ties in the order of the items.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (FUSION_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def alternate(hits: Sequence[Hit]) -> list[Hit]:
    """Reorder hits so that no document has more than two in a row while another one has a hit left."""
    waiting = list(hits)
    ordered: list[Hit] = []
    while waiting:
        last = [hit.passage.document_id for hit in ordered[-IN_A_ROW:]]
        full = last[0] if len(last) == IN_A_ROW and len(set(last)) == 1 else None
        place = next((i for i, hit in enumerate(waiting) if hit.passage.document_id != full), 0)
        ordered.append(waiting.pop(place))
    return ordered
