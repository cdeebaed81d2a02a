"""Ask questions of other passages that speak of like things, where a source has hardly anything but positives."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from reader_rows import Chance, Row, content, stem, words

SHARES = {
    "boolq": 0.9,
    "condaqa": 0.7,
    "nq_open_oracle": 0.35,
    "nq_qed_dev": 0.35,
    "pubmedqa_l": 0.9,
    "quoref_parts": 0.35,
    "timeqa_human": 0.3,
}
"""For what share of the positives of a source another passage is looked for."""

OTHER_WEIGHT = 0.6
"""How much such a negative counts: of each ten that were read, one is answered all the same."""
COMMON = 0.05
"""A word that stands in a greater share of the passages says nothing of what they speak of."""
ALIKE = 0.5
"""From which share of common words on two passages may be versions of one text."""
LEAST_SHARED = 2


def with_other_passages(rows: Iterable[Row], chance: Chance) -> list[Row]:
    """Return negatives: questions of one source, each with the nearest passage of another group and title."""
    rows = list(rows)
    passages = {row.passage: row for row in rows}
    held = {passage: frozenset(content(f"{row.context} {passage}")) for passage, row in passages.items()}
    frequency = Counter(word for found in held.values() for word in found)
    most = max(3, COMMON * len(held))
    places: defaultdict[str, list[str]] = defaultdict(list)
    for passage, found in held.items():
        for word in found:
            if frequency[word] <= most:
                places[word].append(passage)
    asked_of: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        asked_of[row.question.casefold()].add(row.passage)
    made = []
    for row in rows:
        if not row.answers or chance.of("other", row.id) >= SHARES.get(row.source, 0):
            continue
        asked = content(row.question)
        score: defaultdict[str, float] = defaultdict(float)
        shared: Counter[str] = Counter()
        for word in sorted(asked):
            for passage in places.get(word, ()):
                score[passage] += math.log(len(held) / frequency[word])
                shared[passage] += 1
        answer = {stem(word) for start, end in row.spans for word in words(row.passage[start:end])}
        for passage in sorted(score, key=lambda each: (-score[each], chance.of("tie", each)))[:20]:
            other = passages[passage]
            if passage in asked_of[row.question.casefold()] or shared[passage] < LEAST_SHARED:
                continue
            if other.group == row.group or not _differ(other, row):
                continue
            if _alike(held[passage], held[row.passage]) >= ALIKE or (answer and answer <= held[passage]):
                continue
            made.append(
                replace(
                    row,
                    id=f"{row.id} other",
                    kind="other passage",
                    context=other.context,
                    passage=passage,
                    answers=False,
                    spans=(),
                    grain="none",
                    weight=OTHER_WEIGHT,
                    group=other.group,
                )
            )
            break
    return made


def _differ(one: Row, other: Row) -> bool:
    return not one.context or one.context.casefold() != other.context.casefold()


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
