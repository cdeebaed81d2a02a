"""Write a citation as an item of CSL-JSON (Citation Style Language 1.0.2)."""

from __future__ import annotations

from typing import Any

from rag.render.citations.reference import CitedWork, Reference
from rag.render.citations.reference_kinds import sort_of


def csl(reference: Reference) -> dict[str, Any]:
    """Return a citation as one item; what is not known is not in it.

    What a restated source has are the `original-…` variables. The licence, for which there is none, is in `custom`.
    """
    work, restated = reference.work, reference.restated
    sort = sort_of(reference.kind, restates=restated is not None)
    item = {
        "id": reference.key,
        "type": sort.csl,
        "title": work.title,
        "author": [{"literal": name} for name in reference.authors],  # how a name falls into parts is not known
        "container-title" if sort.periodical else "publisher": work.publisher,
        "issued": _date(work),
        "original-title": restated.title if restated else None,
        "original-publisher": restated.publisher if restated else None,
        "original-date": _date(restated) if restated else None,
        "genre": reference.kind if restated is None else None,
        "language": reference.language,
        "section": reference.section,
        "locator": reference.page,
        "URL": work.url,
        "note": ". ".join((f"Quoted from {reference.place}", *reference.remarks)),
        "custom": {
            name: value
            for name, value in (("licence", reference.licence), ("restates", restated.url if restated else None))
            if value
        },
    }
    return {name: value for name, value in item.items() if value}


def _date(work: CitedWork) -> dict[str, Any] | None:
    return {"date-parts": [list(work.date)]} if work.date else None
