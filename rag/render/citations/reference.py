"""Collect what a citation says in any format: what is known of the document, and where in it the quote stands.

A document that restates another one is in the words of whoever wrote it down, while publisher, date and kind are those
of what it restates: so they are given as the original's, never as its own. When an address was last looked at is not
known, for nothing is fetched; no citation says so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rag.core.types.answers import Quote
from rag.render.wording import place, standing_lines, whose_words
from rag.text.characters import one_line

_WORDS_OF_KEY = 3


@dataclass(frozen=True, slots=True)
class CitedWork:
    """Something that was published, as far as that is known; the date is a year, a month or a day (ISO 8601)."""

    title: str
    publisher: str | None
    published: str | None
    url: str | None

    @property
    def date(self) -> tuple[int, ...]:
        """The year, with the month, with the day, as far as they are known."""
        return tuple(map(int, self.published.split("-"))) if self.published else ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A quote's source, every text on one line and safe on any screen.

    `key` is the same for the same quote at any time. `restated` is what the document restates, if it does. `place` says
    where in the document the quote stands, `section` under which headings; `remarks` are what a reader must know:
    whose words they are, if not the document's own, and how the document stands.
    """

    key: str
    work: CitedWork
    authors: tuple[str, ...]
    kind: str | None
    language: str | None
    licence: str | None
    restated: CitedWork | None
    section: str
    place: str
    page: str | None
    remarks: tuple[str, ...]


def reference(quote: Quote) -> Reference:
    """Return what is cited of a quote."""
    document, entry, passage = quote.document, quote.document.entry, quote.passage
    publisher, published = _known(entry.publisher), entry.published
    restates = bool(entry.source_title or entry.source_url)
    title = one_line(document.title) or one_line(document.path)
    page = quote.page_label if quote.page_label is not None else passage.page
    remarks = list(map(one_line, standing_lines(quote.standing)))
    if passage.attribution.kind != "author":
        remarks.insert(0, f"Words of {one_line(whose_words(passage.attribution))}")
    return Reference(
        key=_key(title, None if restates else published, passage.id),
        work=CitedWork(title, *((None, None) if restates else (publisher, published)), _known(entry.url)),
        authors=tuple(filter(None, map(one_line, entry.authors))),
        kind=_known(entry.kind),
        language=_known(entry.language),
        licence=_known(entry.licence),
        restated=CitedWork(one_line(entry.source_title or ""), publisher, published, _known(entry.source_url))
        if restates
        else None,
        section=" › ".join(one_line(step) for step in passage.section if step != document.title),
        place=one_line(place(quote)),
        page=one_line(page) if page is not None else None,
        remarks=tuple(remarks),
    )


def restating(restated: CitedWork) -> str:
    """Say in one line what a document restates."""
    named = f"“{restated.title}”" if restated.title else ""
    about = ", ".join(filter(None, (restated.publisher, restated.published)))
    said = f"{named} ({about})" if named and about else named or about
    return f"Restates: {', '.join(filter(None, (said, restated.url)))}"


def _known(value: str | None) -> str | None:
    return one_line(value) or None if value else None


def _key(title: str, published: str | None, passage: str) -> str:
    """Return words of a title, the year, and the beginning of the passage's id, in letters that every format takes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)[:_WORDS_OF_KEY] or ["quote"]
    return "-".join([*words, *([published[:4]] if published else []), passage[:8]])
