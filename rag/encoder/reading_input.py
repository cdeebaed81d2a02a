"""Put a question and a passage together for the cross-encoder: token ids, types, and the sentence of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_QUESTION, MOST_ABOVE, MOST_TOKENS = 40, 20, 128
"""How many tokens of a question and of what stands above a passage are read, and how many in all."""

CLS, SEP = 101, 102
"""Tokens of BERT's vocabularies that begin a text and end its parts."""

NO_SENTENCE = -1


@dataclass(frozen=True, slots=True)
class ReadingInput:
    """Token ids with their types (0 the question, 1 the passage) and sentences, `NO_SENTENCE` where in none.

    Sentences are numbered as in the passage; `sentences` are those that are read, whole or in part.
    """

    ids: list[int]
    types: list[int]
    sentence: list[int]
    sentences: range


def reading_input(
    question: Sequence[int],
    above: Sequence[int],
    sentences: Sequence[Sequence[int]],
    around: int,
    turns: int = 0b0101010101,
) -> ReadingInput:
    """Return `[CLS] question [SEP] above, passage [SEP]`, given as token ids without special ones.

    A long question is cut in its middle. Of a long passage as many sentences in a row are read as there is room for,
    round the one that is number `around`; the bits of `turns` say on which side the next is taken.
    """
    asked, headed = _middle_out(question, MOST_QUESTION), list(above[:MOST_ABOVE])
    room = MOST_TOKENS - len(asked) - len(headed) - 3
    read = window([len(each) for each in sentences], around, room, turns)
    ids = [token for number in read for token in sentences[number]][:room]
    numbers = [number for number in read for _ in sentences[number]][:room]
    first = [CLS, *asked, SEP, *headed]
    return ReadingInput(
        ids=[*first, *ids, SEP],
        types=[0] * (len(asked) + 2) + [1] * (len(headed) + len(ids) + 1),
        sentence=[NO_SENTENCE] * len(first) + numbers + [NO_SENTENCE],
        sentences=range(read.start, numbers[-1] + 1) if numbers else range(0),
    )


def window(lengths: Sequence[int], around: int, room: int, turns: int) -> range:
    """Return as many of a passage's sentences as there is room for, `around` among them whether there is or not."""
    if sum(lengths) <= room:
        return range(len(lengths))
    first = last = around
    used = lengths[around]
    while True:
        ways = [way for way in (first - 1, last + 1) if 0 <= way < len(lengths) and used + lengths[way] <= room]
        if not ways:
            return range(first, last + 1)
        way = ways[turns % len(ways)]
        turns >>= 1
        used += lengths[way]
        first, last = min(first, way), max(last, way)


def _middle_out(ids: Sequence[int], most: int) -> list[int]:
    """Return the beginning and the end of what is longer than `most`: messages ask at either end."""
    if len(ids) <= most:
        return list(ids)
    return [*ids[: most // 3], *ids[-(most - most // 3) :]]
