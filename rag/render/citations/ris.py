"""Write a citation in RIS, which most reference managers read."""

from __future__ import annotations

from collections.abc import Iterator

from rag.render.citations.reference import Reference, restating
from rag.render.citations.reference_kinds import sort_of


def ris(reference: Reference) -> str:
    """Return a citation as one record: a tag of two characters, two spaces, a hyphen, a space and a value a line."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _lines(reference))


def _lines(reference: Reference) -> Iterator[tuple[str, str]]:
    work, sort = reference.work, sort_of(reference.kind, restates=reference.restated is not None)
    yield "TY", sort.ris
    yield "ID", reference.key
    for name in reference.authors:
        yield "AU", name
    yield "TI", work.title
    if work.publisher:
        yield "T2" if sort.periodical else "PB", work.publisher
    if work.date:
        year, *rest = (f"{part:02}" for part in work.date)
        yield "PY", year.zfill(4)
        yield "DA", "/".join([year.zfill(4), *(*rest, "", "")[:2], ""])  # year/month/day/other, the unknown left empty
    if reference.page:
        yield "SP", reference.page
    if reference.language:
        yield "LA", reference.language
    if reference.restated:
        yield "N1", restating(reference.restated)
    if reference.section:
        yield "N1", f"Section: {reference.section}"
    yield "N1", f"Quoted from {reference.place}"
    for remark in reference.remarks:
        yield "N1", remark
    if reference.licence:
        yield "N1", f"Licence: {reference.licence}"
    if work.url:
        yield "UR", work.url
    yield "ER", ""
