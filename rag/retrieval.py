"""Query → ranked hits: the dense and the lexical search, their fusion, and diversity among documents."""

from __future__ import annotations

from collections.abc import Sequence

from rag.index import OpenIndex
from rag.questions import content_words
from rag.types import Hit, Scores, TextEncoder

FUSION_CONSTANT = 60
"""The k of reciprocal rank fusion, as its authors chose it."""

DEPTH = 100
"""How many passages each search contributes."""

IN_A_ROW = 2
"""How many passages of one document may follow each other while another document has one to show."""


def retrieve(query: str, index: OpenIndex, encoder: TextEncoder, limit: int) -> list[Hit]:
    """Return at most `limit` hits, best first.

    Passages without a sentence (bare headings) are no answer and are passed over.
    """
    vector = encoder.encode([query])[0]
    dense = index.dense.search(vector, DEPTH)
    lexical = index.lexical.search(" ".join(content_words(query)), DEPTH)
    fused = reciprocal_rank_fusion([[row for row, _ in dense], [row for row, _ in lexical]])
    cosines, bm25 = dict(dense), dict(lexical)
    unseen = [row for row, _ in fused if row not in cosines]
    cosines.update(zip(unseen, index.dense.cosines(vector, unseen), strict=True))
    passages = index.store.passages([row for row, _ in fused])
    hits = [
        Hit(row, passages[row], Scores(fused=score, dense=cosines[row], lexical=bm25.get(row, 0.0)))
        for row, score in fused
        if passages[row].sentences
    ]
    return alternate(hits)[:limit]


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
