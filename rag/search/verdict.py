"""Judge what an answer may be made of: whether passages speak of what is asked about, and how surely they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.core.types.answers import Hit
from rag.search.names import Name

LACKING = 0.12
"""What each name that a hit does not speak of takes from the score that it is ordered by."""

Lacks = Mapping[int, tuple[Name, ...]]
"""The names that a hit does not speak of, by its row."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: the names in the sentences that ask, or in those that they lean on.

    `all_in_each` says that each quote must speak of all of them, and not only one: where what is asked is whether
    something is safe, with what, for whom.
    """

    names: tuple[Name, ...] = ()
    all_in_each: bool = False

    @property
    def unknown(self) -> tuple[Name, ...]:
        """The names that no passage speaks of."""
        return tuple(name for name in self.names if not name.held)


def lacks(subject: Subject, terms: Mapping[int, frozenset[str]]) -> Lacks:
    """Return the names that each of some passages, given by its terms, does not speak of."""
    return {row: tuple(name for name in subject.names if not name.is_spoken_of(held)) for row, held in terms.items()}


def in_order(hits: Sequence[Hit], lacking: Lacks, score: Mapping[int, float]) -> list[Hit]:
    """Order hits by their scores, less what they lack."""
    return sorted(hits, key=lambda hit: -(score[hit.row] - LACKING * len(lacking[hit.row])))
