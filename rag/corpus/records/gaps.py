"""Find gaps of the corpus in recorded questions; the same question in other words counts as one."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.core.types.outcomes import OUTCOMES
from rag.corpus.records.record import RecordedQuestion

if TYPE_CHECKING:
    import numpy

SAME = 0.8
"""From which cosine on two questions ask the same. Of a dozen pairs that do, 11 reach it; of a dozen that only look
alike, 2."""

SAME_WORD = 0.5
"""From which cosine on two questions are met by one document, where they miss the same word."""

Encode = Callable[[Sequence[str]], "numpy.ndarray"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that one document may answer: how often they were asked, when last, and the most typical of them.

    `missing_terms` are the words that no document held when they were asked last, the most frequent first. `wordings`
    are all of them with how often each was asked, the most frequent first.
    """

    question: str
    count: int
    newest: str
    missing_terms: tuple[str, ...]
    wordings: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Questions without an answer, be it that related passages were shown; and answers that did not help.

    The most frequent stand first.
    """

    unanswered: tuple[Gap, ...]
    not_helpful: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class _Wording:
    """One question as it was typed last, however often; `key` is what it has in common each time.

    `terms` are the words of it that no document held when it was asked last, without capitals.
    """

    key: str
    text: str
    asked: tuple[RecordedQuestion, ...]
    terms: frozenset[str]


def find_gaps(questions: Sequence[RecordedQuestion], encode: Encode) -> Gaps:
    """Group the questions that the corpus did not answer, and those that it answered and that did not help.

    Each is in one group. `encode` gives unit vectors; nothing is encoded where there is nothing to group.
    """
    unanswered = [question for question in questions if OUTCOMES[question.status].is_gap]
    answered = [question for question in questions if OUTCOMES[question.status].is_answered]
    unhelpful = [question for question in answered if question.helped is False]
    return Gaps(_grouped(unanswered, encode), _grouped(unhelpful, encode))


def _grouped(questions: Sequence[RecordedQuestion], encode: Encode) -> tuple[Gap, ...]:
    """Let each wording join the first group whose leader asks the same, or lead one; the most frequent leads first."""
    wordings = _wordings(questions)
    if not wordings:
        return ()
    vectors = encode([_encodable(wording.key) for wording in wordings])
    groups: list[list[int]] = []
    for place, wording in enumerate(wordings):
        for group in groups:
            leader = group[0]
            if _same(wording.terms, wordings[leader].terms, float(vectors[place] @ vectors[leader])):
                group.append(place)
                break
        else:
            groups.append([place])
    found = [_gap([wordings[place] for place in group], vectors[group]) for group in groups]
    return tuple(sorted(found, key=lambda gap: (-gap.count, -_time(gap.newest), gap.question)))


def _wordings(questions: Sequence[RecordedQuestion]) -> list[_Wording]:
    """Return the questions by how they stand by themselves, but for capitals and punctuation at the end."""
    asked: defaultdict[str, list[RecordedQuestion]] = defaultdict(list)
    for question in sorted(questions, key=lambda each: (_time(each.asked_at), each.id)):
        asked[" ".join(question.searched_as.casefold().split()).rstrip("?!. ")].append(question)
    wordings = {
        key: _Wording(key, each[-1].searched_as, tuple(each), frozenset(map(str.casefold, each[-1].missing_terms)))
        for key, each in asked.items()
    }
    return [wordings[key] for key in sorted(wordings, key=lambda key: (-len(wordings[key].asked), key))]


def _same(terms: frozenset[str], others: frozenset[str], cosine: float) -> bool:
    """Say whether one document may answer both. What no document holds tells apart what is otherwise asked alike."""
    if terms and others:
        return (terms <= others or others <= terms) and cosine >= SAME_WORD
    return cosine >= SAME


def _gap(wordings: Sequence[_Wording], vectors: numpy.ndarray) -> Gap:
    counts = [len(wording.asked) for wording in wordings]
    nearness = [
        sum(count * float(vector @ other) for count, other in zip(counts, vectors, strict=True)) for vector in vectors
    ]
    typical = max(range(len(wordings)), key=lambda place: (round(nearness[place], 6), counts[place], -place))
    newest = max((question.asked_at for wording in wordings for question in wording.asked), key=_time)
    missing: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for wording in wordings:
        for term in wording.asked[-1].missing_terms:
            missing[term.casefold()] += len(wording.asked)
            spelled.setdefault(term.casefold(), term)
    return Gap(
        wordings[typical].text,
        sum(counts),
        newest,
        tuple(spelled[term] for term in sorted(missing, key=lambda term: (-missing[term], term))),
        tuple((wording.text, len(wording.asked)) for wording in wordings),
    )


def _time(asked_at: str) -> float:
    time = datetime.datetime.fromisoformat(asked_at)
    return (time if time.tzinfo else time.replace(tzinfo=datetime.UTC)).timestamp()


def _encodable(text: str) -> str:
    """Return a question alike in its end, without halves of characters, which no encoder takes."""
    return text.encode("utf-8", "replace").decode("utf-8") + "?"
