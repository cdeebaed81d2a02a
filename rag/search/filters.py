"""Find the documents of an index that pass the filters of a question, and their rows.

Withdrawn documents, retracted or superseded, pass only where they are asked for.

What a filter asks of a document must be stated in its front matter or the catalogue: a document that does not say its
language passes no filter on languages, and one that is dated "2024" does not pass "since 2024-06".
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.core.dates import check_dates, days
from rag.core.errors import IndexDamaged
from rag.core.types.answers import Filters, LeftOut
from rag.core.types.documents import CatalogueEntry, Withdrawal
from rag.index.opening import OpenIndex

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, slots=True)
class Passing:
    """The numbers of the documents that pass, in the order of the manifest, and how many do not for being withdrawn."""

    documents: Sequence[int]
    left_out: LeftOut


def passing_documents(filters: Filters, index: OpenIndex) -> Passing:
    """Find the documents that pass.

    Raises `UsageError` for a date that is none and `NotFound` for a document that the index does not have.
    """
    check_dates(filters)
    records = index.manifest.documents
    passing: Sequence[int] = range(len(records))
    if filters.documents:
        named = {index.manifest.document(name).id for name in filters.documents}
        passing = [number for number in passing if records[number].id in named]
    if replace(filters, documents=()).active:
        entries = index.store.entries()
        if len(entries) != len(records):
            raise IndexDamaged("The store lacks documents.")
        passing = [number for number in passing if _passes(entries[number], filters)]
    included: set[Withdrawal] = set()
    included |= {"retracted"} if filters.include_retracted else set()
    included |= {"superseded"} if filters.include_superseded else set()
    withdrawn = {number: how for number, how in index.withdrawn.items() if how not in included}
    if not withdrawn:  # as nearly always: then no document is looked at, however many there are
        return Passing(passing, LeftOut())
    left_out = Counter(withdrawn[number] for number in passing if number in withdrawn)
    passing = [number for number in passing if number not in withdrawn]
    return Passing(passing, LeftOut(left_out["retracted"], left_out["superseded"]))


def allowed_rows(passing: Sequence[int], index: OpenIndex) -> numpy.ndarray | None:
    """Return which passages are those of some documents, as one boolean a row; None when they are all there are."""
    import numpy

    if len(passing) == len(index.manifest.documents):
        return None
    counts = [record.passages for record in index.manifest.documents]
    documents = numpy.zeros(len(counts), dtype=bool)
    documents[list(passing)] = True
    return numpy.repeat(documents, counts)


def _passes(entry: CatalogueEntry, filters: Filters) -> bool:
    """Say whether a document passes all filters but the one on documents."""
    return (
        _is_one_of(entry.kind, filters.kinds)
        and _is_one_of(entry.licence, filters.licences)
        and (not filters.languages or any(_begins(entry.language, tag) for tag in filters.languages))
        and _in_time(entry, filters)
    )


def _is_one_of(stated: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or (stated is not None and _folded(stated) in map(_folded, wanted))


def _in_time(entry: CatalogueEntry, filters: Filters) -> bool:
    if filters.since is None and filters.until is None:
        return True
    date = entry.published or entry.reviewed_on
    if date is None:
        return False
    first, last = days(date)
    since = days(filters.since)[0] if filters.since else datetime.date.min
    until = days(filters.until)[1] if filters.until else datetime.date.max
    return since <= first and last <= until


def _begins(language: str | None, tag: str) -> bool:
    """Say whether a language tag is another one or begins with it, subtag by subtag: "en" begins "en-GB", not "eng"."""
    return language is not None and f"{_folded(language)}-".startswith(f"{_folded(tag).replace('_', '-')}-")


def _folded(value: str) -> str:
    return " ".join(value.split()).casefold()
