"""Have the best hits read by the cross-encoder, and put them in order by what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.core.types.answers import Hit
from rag.core.types.passage_readings import PassageReading, PassageText
from rag.core.types.protocols import PassageReader
from rag.index.opening import OpenIndex
from rag.search.answerability import probability
from rag.search.diversity import in_turn
from rag.search.hits import rank_score

READ = 5
"""How many of the best hits are read."""

ANSWERS = 0.1
"""What the probability that a passage answers counts beside its score, when hits are put in order."""

SENTENCE_ANSWERS = 0.3
"""What the probability that a sentence answers counts beside its score, when sentences are chosen."""


def read_hits(question: str, hits: Sequence[Hit], index: OpenIndex, reader: PassageReader) -> list[Hit]:
    """Return hits with what the reader says of the first of them, in the order that follows from it."""
    some = hits[:READ]
    above = index.store.contexts([hit.row for hit in some])
    readings = reader.read(question, [_text(hit, above[hit.row], index) for hit in some])
    read = [_read(hit, reading) for hit, reading in zip(some, readings, strict=True)]
    return in_turn(sorted([*read, *hits[READ:]], key=lambda hit: -rank_score(hit)), rank_score)


def _read(hit: Hit, reading: PassageReading) -> Hit:
    sentences = tuple(
        replace(match, score=match.score + SENTENCE_ANSWERS * probability(reading.sentences.get(number, -40.0)))
        for number, match in enumerate(hit.sentences)
    )
    bonus = hit.bonus + ANSWERS * probability(reading.answers)
    return replace(hit, reading=reading, sentences=sentences, bonus=bonus)


def _text(hit: Hit, above: str, index: OpenIndex) -> PassageText:
    text, begin = index.store.sentences_text(hit.passage), hit.passage.sentences[0][0]
    nearest = max(range(len(hit.sentences)), key=lambda number: hit.sentences[number].score)
    return PassageText(above, tuple(text[start - begin : end - begin] for start, end in hit.passage.sentences), nearest)
