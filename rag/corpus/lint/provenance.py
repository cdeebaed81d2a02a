"""Find gaps in what the catalogue says of documents: title, source, licence, dates, withdrawal, evidence."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Set
from pathlib import PurePosixPath

from rag.core.standing import review_overdue, withdrawal
from rag.core.types.documents import CatalogueEntry, Document
from rag.core.types.reports import Finding
from rag.readers.formats import SUFFIXES


def of_the_catalogue(document: Document, today: datetime.date) -> Iterator[Finding]:
    """Name what nobody has said of a document, and a review that is overdue."""
    entry, path = document.entry, document.path
    add_it = "Put it into its front matter or catalogue.toml."
    if not entry.title:
        yield Finding(path, "warning", "no title", f"Nobody gave it a title; shown as {document.title!r}. {add_it}")
    if not (entry.url or entry.source_url or entry.publisher or entry.source_title):
        yield Finding(path, "warning", "no source", f"Nothing says where it is from. {add_it}")
    if not entry.licence:
        yield Finding(path, "warning", "no licence", f"Its licence is not stated. {add_it}")
    if not (entry.published or entry.reviewed_on):
        yield Finding(path, "note", "no date", f"It has neither a date of publication nor of review. {add_it}")
    if review_overdue(entry, today):
        message = f"Its review was due on {entry.review_due}. Review it, and write the next date as review_due."
        yield Finding(path, "warning", "review overdue", message)


def of_the_standing(document: Document, there: Set[str]) -> Iterator[Finding]:
    """Name what withdraws a document, and what is half said of its successor or its evidence."""
    entry, path = document.entry, document.path
    if entry.retracted:
        yield Finding(path, "note", "retracted", f"It is retracted ({entry.retracted}) and not searched.")
    if successor := entry.superseded_by:
        yield Finding(path, "note", "superseded", f"It is superseded by {successor} and not searched.")
        if _looks_like_a_path(successor) and successor not in there:
            message = f"There is no document {successor!r}, by which it is superseded. Write the path of one."
            yield Finding(path, "warning", "no successor", message)
    if entry.evidence_grade and not entry.evidence_scheme:
        message = f"Its evidence grade {entry.evidence_grade!r} is not shown: evidence_scheme names no scheme."
        yield Finding(path, "warning", "grade without scheme", message)
    if entry.evidence_scheme and not entry.evidence_grade:
        message = f"Its evidence scheme {entry.evidence_scheme!r} is not shown: evidence_grade states no grade."
        yield Finding(path, "warning", "scheme without grade", message)


def withdrawing_nothing(
    catalogue: Mapping[str, CatalogueEntry], listed: Set[str], duplicates: Mapping[str, str]
) -> Iterator[Finding]:
    """Name each path that the catalogue withdraws and that is no document: the one that is meant is still quoted."""
    for path, entry in catalogue.items():
        if (withdrawn := withdrawal(entry)) and path not in listed:
            same = duplicates.get(path)
            place = f"it is indexed as {same!r}" if same else "there is no such document"
            message = f"The catalogue says that it is {withdrawn}, but {place}. Write the path that is meant."
            yield Finding(path, "warning", "withdraws nothing", message)


def _looks_like_a_path(successor: str) -> bool:
    """Tell a path from an address, a title or the name of a guideline, which do not end as a document's name does."""
    return "://" not in successor and PurePosixPath(successor).suffix.lower() in SUFFIXES
