"""Rank the best candidates by their best sentences, each near-duplicate once: the hits that an answer is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.core.types.answers import Hit, Scores
from rag.core.types.passages import PassageWords
from rag.index.opening import OpenIndex
from rag.search.diversity import in_turn, once_each
from rag.search.searching import Candidates, search
from rag.search.second_look import match_sentences
from rag.search.terms import Asked
from rag.text.reference_lists import is_reference_list

if TYPE_CHECKING:
    import numpy

DEPTH = 100
"""How many passages each search contributes."""

CONSIDERED = 20
"""How many of the best passages get the second look: the most that an answer can quote, unless it wants more."""

SENTENCE = 0.3
"""What a passage's best sentence counts beside its fused score, when hits are put in order."""


def retrieve(
    asked: Asked,
    vector: numpy.ndarray,
    index: OpenIndex,
    limit: int,
    *,
    allowed: numpy.ndarray | None = None,
) -> list[Hit]:
    """Return the hits for a question, given as its terms and its unit vector, best first: at least `limit` if found.

    A passage that holds a sentence which answers comes before one that is as near to the question as a whole. `allowed`
    says of each row whether it may be found at all.
    """
    found = search(asked, vector, index, max(DEPTH, limit), allowed=allowed)
    rows = found.rows[: max(limit, CONSIDERED)].tolist()
    passages, words, above = index.store.passages(rows), index.store.words(rows), index.store.contexts(rows)
    cosines = index.sentences.cosines(vector, {row: len(passages[row].sentences) for row in rows})
    hits = []
    for place, row in enumerate(rows):
        if is_reference_list(passages[row].section):
            continue
        sentences = match_sentences(asked, passages[row], words[row], cosines[row])
        hits.append(
            Hit(
                row=row,
                passage=passages[row],
                scores=_scores(found, place),
                absolute=float(found.absolute[place]),
                sentences=sentences,
                terms=frozenset((*_terms(words[row]), *index.lexical.terms(above[row]))),
            )
        )
    hits.sort(key=lambda hit: -rank_score(hit))
    return in_turn(
        once_each(hits, [_terms(words[hit.row]) for hit in hits], lambda hit: index.store.sentences_text(hit.passage)),
        rank_score,
    )


def rank_score(hit: Hit) -> float:
    """Return the score by which hits are ordered: the passage's fused score, and its best sentence's beside it."""
    return hit.scores.fused + SENTENCE * max(match.score for match in hit.sentences)


def _terms(words: PassageWords) -> list[str]:
    return [term for sentence in words.sentences for term in sentence]


def _scores(found: Candidates, place: int) -> Scores:
    return Scores(fused=float(found.fused[place]), dense=float(found.cosines[place]), lexical=float(found.bm25[place]))
