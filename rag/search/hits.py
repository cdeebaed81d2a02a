"""Rank the best candidates by their best sentences, each near-duplicate once: the hits that an answer is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.core.types.answers import Hit, Scores
from rag.core.types.passages import PassageWords
from rag.index.opening import OpenIndex
from rag.search.diversity import in_turn, once_each
from rag.search.searching import Candidates, search
from rag.search.second_look import match_sentences
from rag.search.terms import Asked
from rag.text.aspects.aspect_lists import spoken_aspects
from rag.text.reference_lists import is_reference_list

if TYPE_CHECKING:
    import numpy

DEPTH = 100
"""How many passages each search contributes."""

CONSIDERED = 20
"""How many of the best passages get the second look: the most that an answer can quote, unless it wants more."""

ASPECT = 0.06
"""What it counts that a heading above a passage speaks of an aspect that is asked for. Chosen on questions in lay words
about pages with headings: the first quote answers 60% of them, and 52% without."""

SENTENCE = 0.3
"""What a passage's best sentence counts beside its fused score, when hits are put in order."""


def retrieve(
    asked: Asked,
    vector: numpy.ndarray,
    index: OpenIndex,
    limit: int,
    *,
    allowed: numpy.ndarray | None = None,
    aspects: frozenset[str] = frozenset(),
) -> list[Hit]:
    """Return the hits for a question, given as its terms and its unit vector, best first: at least `limit` if found.

    A passage that holds a sentence which answers comes before one that is as near to the question as a whole. `allowed`
    says of each row whether it may be found at all, `aspects` are what is asked of what the question is about.
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
                bonus=ASPECT * _is_headed(passages[row].section, aspects),
                terms=frozenset((*_terms(words[row]), *index.lexical.terms(above[row]))),
            )
        )
    hits.sort(key=lambda hit: -rank_score(hit))
    return in_turn(
        once_each(hits, [_terms(words[hit.row]) for hit in hits], lambda hit: index.store.sentences_text(hit.passage)),
        rank_score,
    )


def rank_score(hit: Hit) -> float:
    """Return the score by which hits are ordered: the passage's fused score, its best sentence's and its bonus."""
    return hit.scores.fused + SENTENCE * max(match.score for match in hit.sentences) + hit.bonus


def _is_headed(section: Sequence[str], aspects: frozenset[str]) -> bool:
    """Say whether one of the headings above a passage speaks of one of the aspects."""
    return bool(aspects) and not aspects.isdisjoint(spoken_aspects(". ".join(section)))


def _terms(words: PassageWords) -> list[str]:
    return [term for sentence in words.sentences for term in sentence]


def _scores(found: Candidates, place: int) -> Scores:
    return Scores(fused=float(found.fused[place]), dense=float(found.cosines[place]), lexical=float(found.bm25[place]))
