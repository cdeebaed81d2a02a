"""Write a citation in words, on one line."""

from __future__ import annotations

from rag.render.citations.reference import Reference, restating


def plain(reference: Reference) -> str:
    """Return a citation as a person would write it down, with nothing in it that is not known."""
    work = reference.work
    date = work.published or ("no date stated" if work.publisher else "No date stated")
    own = ", ".join(filter(None, (work.publisher, date)))
    parts = (
        "; ".join(reference.authors),
        f"“{work.title}”",
        restating(reference.restated) if reference.restated else own,
        f"Section: {reference.section}" if reference.section else "",
        reference.place,
        *reference.remarks,
        f"Licence: {reference.licence}" if reference.licence else "",
        work.url or "",
    )
    said = " ".join(part if part.endswith(".") else f"{part}." for part in parts[:-1] if part)
    return f"{said} {work.url}" if work.url else said  # no full stop that would be taken for the address's
