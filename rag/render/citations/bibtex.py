"""Write a citation for BibTeX and biblatex, in UTF-8."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.render.citations.reference import Reference, restating
from rag.render.citations.reference_kinds import sort_of

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SPECIAL = {
    **{character: f"\\{character}" for character in "&%$#_"},
    # BibTeX counts braces whether or not a backslash stands before them.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    '"': r"\textquotedbl{}",
}
_ESCAPES = str.maketrans(_SPECIAL)
_IN_ADDRESS = re.compile(r"[\s{}\\]")


def bibtex(reference: Reference) -> str:
    """Return a citation as one entry: braces balanced, every special character escaped, a field a line."""
    sort = sort_of(reference.kind, restates=reference.restated is not None)
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(reference, sort.bibtex))
    return f"@{sort.bibtex}{{{reference.key},\n{fields}}}\n"


def _fields(reference: Reference, entry: str) -> Iterator[tuple[str, str]]:
    work = reference.work
    if reference.authors:
        # How a name falls into parts is not known: in braces of its own it is taken as it stands.
        yield "author", "{" + " and ".join(f"{{{_escaped(name)}}}" for name in reference.authors) + "}"
    yield "title", f"{{{{{_escaped(work.title)}}}}}"  # twice: no style may change its capitals
    if work.publisher:
        yield {"article": "journal", "techreport": "institution"}.get(entry, "publisher"), _braced(work.publisher)
    year, month, day = (*work.date, None, None, None)[:3]
    if year is not None:
        yield "year", f"{{{year:04}}}"
    if month is not None:
        yield "month", _MONTHS[month - 1]
    if day is not None:
        yield "day", f"{{{day}}}"
    if reference.kind and entry == "misc" and reference.restated is None:
        yield "howpublished", _braced(reference.kind)
    if reference.page:
        yield "pages", _braced(reference.page)
    if work.url:
        yield "url", "{" + _IN_ADDRESS.sub(lambda match: f"%{ord(match[0]):02X}", work.url) + "}"
    if reference.language:
        yield "language", _braced(reference.language)
    yield "note", _braced(". ".join(_notes(reference)))


def _notes(reference: Reference) -> Iterator[str]:
    if reference.restated:
        yield restating(reference.restated)
    if reference.section:
        yield f"Section: {reference.section}"
    yield f"Quoted from {reference.place}"
    yield from reference.remarks
    if reference.licence:
        yield f"Licence: {reference.licence}"


def _braced(text: str) -> str:
    return f"{{{_escaped(text)}}}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
