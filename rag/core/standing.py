"""Derive a document's standing from its entry: withdrawn, overdue for review, graded by a published scheme."""

from __future__ import annotations

import datetime

from rag.core.dates import days
from rag.core.types.documents import CatalogueEntry, Standing, Withdrawal


def withdrawal(entry: CatalogueEntry) -> Withdrawal | None:
    """Say why a document is not searched unless it is asked for; one that is retracted and superseded is retracted."""
    if entry.retracted:
        return "retracted"
    return "superseded" if entry.superseded_by else None


def review_overdue(entry: CatalogueEntry, today: datetime.date) -> bool:
    """Say whether a document should have been reviewed by now: due in a month or a year, it may be until its end."""
    return entry.review_due is not None and days(entry.review_due)[1] < today


def standing_of(entry: CatalogueEntry, today: datetime.date) -> Standing:
    """Return what a reader must know of a document today."""
    grade, scheme = entry.evidence_grade, entry.evidence_scheme
    return Standing(
        retracted=entry.retracted or None,
        superseded_by=entry.superseded_by or None,
        review_was_due=entry.review_due if review_overdue(entry, today) else None,
        evidence=(grade, scheme) if grade and scheme else None,
    )
