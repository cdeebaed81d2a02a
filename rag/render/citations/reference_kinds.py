"""Map a document's kind in the catalogue to the reference types of BibTeX, RIS and CSL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sort:
    """The types of CSL (1.0.2), RIS and BibTeX. `periodical` says that its publisher is what it appeared in."""

    csl: str
    ris: str
    bibtex: str = "misc"
    periodical: bool = False


_SORTS = (
    (("magazine",), Sort("article-magazine", "MGZN", periodical=True)),
    (("newspaper", "news"), Sort("article-newspaper", "NEWS", periodical=True)),
    (("blog", "forum"), Sort("post-weblog", "BLOG", periodical=True)),
    (("thesis", "dissertation"), Sort("thesis", "THES")),
    (("leaflet", "pamphlet", "brochure"), Sort("pamphlet", "PAMP")),
    (("guideline", "report", "assessment"), Sort("report", "RPRT", "techreport")),
    (("book", "textbook", "handbook", "monograph", "e-book"), Sort("book", "BOOK", "book")),
    (("journal", "paper", "study", "trial", "review", "meta-analysis", "research"),
     Sort("article-journal", "JOUR", "article", periodical=True)),
    (("web", "website", "webpage", "page"), Sort("webpage", "ELEC")),
)  # fmt: skip
"""The first that has a word of the kind holds: a magazine's review is in a magazine."""

_UNTOLD = Sort("document", "GEN")


def sort_of(kind: str | None, *, restates: bool) -> Sort:
    """Return what sort of thing a document is; one that restates another is not of that one's sort."""
    if restates or not kind:
        return _UNTOLD
    words = set(kind.casefold().replace("/", " ").replace(",", " ").split())
    return next((sort for named, sort in _SORTS if words.intersection(named)), _UNTOLD)
