"""Sort the elements of JATS by what they do to the text in them; one not named here is a block of its own."""

from __future__ import annotations

from rag.core.types.documents import BlockKind

NOT_SHOWN = set(
    "journal-meta article-id article-version article-version-alternatives pub-date pub-date-not-available"
    " pub-history history volume volume-id volume-series issue issue-id issue-part issue-sponsor isbn issn"
    " issn-l fpage lpage page-range page-count elocation-id counts self-uri object-id contrib-id"
    " institution-id contributed-resource-group processing-meta custom-meta-group custom-meta copyright-year"
    " copyright-holder license_ref free_to_read alt-text long-desc index-term index-term-range-end"
    " abstract-id season".split()
)
"""What numbers, names and describes an article for programs. In a reference, what of it is `INLINE` are words."""

NOT_SHOWN_IN_MATH = ("annotation", "annotation-xml")
"""The same formula once more, in another language. In a reference an annotation is a remark."""

INLINE = set(
    "abbrev article-title award-id bold break chapter-title chem-struct city collab comment"
    " compound-kwd-part compound-subject-part conf-date conf-loc conf-name conf-num conf-sponsor conf-theme"
    " country data-title date date-in-citation day degrees edition elocation-id email era ext-link fax"
    " fixed-case fpage funding-source given-names gov inline-formula inline-graphic inline-media"
    " inline-supplementary-material institution institution-wrap isbn issn issue issue-part issue-sponsor"
    " issue-title italic lpage math milestone-end milestone-start monospace month name named-content"
    " on-behalf-of open-access overline overline-end overline-start page-range part-title patent person-group"
    " phone postal-code prefix price principal-award-recipient principal-investigator private-char pub-id"
    " publisher-loc publisher-name rb related-article related-object role roman rp rt ruby sans-serif sc"
    " season series sig size source state std string-conf string-date string-name strike styled-content sub"
    " suffix sup supplement surname target tex-math textual-form time-stamp trans-source trans-title"
    " underline underline-end underline-start uri version volume volume-id volume-series verse-line x xref"
    " year".split()
)
"""What stands in a line of text."""

SPACED = set(
    "name string-name person-group element-citation nlm-citation date contrib aff institution-wrap address"
    " addr-line compound-kwd compound-subject award-group conference product date-in-citation mfrac mtable"
    " mtr mlabeledtr mroot".split()
)
"""What holds one thing beside the other with no character between them, for a style sheet to set apart."""

SECTIONS = set(
    "sec abstract trans-abstract ack app app-group bio boxed-text fn-group glossary notes ref-list statement"
    " dedication foreword front-matter-part preface".split()
)
"""What a title of its own heads."""

ARTICLES = ("article", "sub-article", "response")

ALTERNATIVES = set("alternatives citation-alternatives name-alternatives collab-alternatives aff-alternatives".split())
"""What holds the same thing several times, in several forms."""

PREFERRED = ("mixed-citation", "math", "table", "textual-form", "tex-math", "array", "code", "preformat")
"""Of these forms, the one with the most of the text in it."""

FORMULAS = ("inline-formula", "disp-formula")
"""What may hold a formula as MathML and as TeX."""

CITATIONS = ("mixed-citation", "element-citation", "nlm-citation", "citation", "product")
CITED_IN = ("ref", "citation-alternatives", "ref-list", "note", "article-meta", "front-stub")
"""Where a citation is an entry of its own, and not in a line of text."""

IN_LINE = (*CITATIONS, "related-article", "related-object", "math")
"""What stands in a line with all that is in it."""

KINDS: dict[str, BlockKind] = {
    "list-item": "list item",
    "def": "list item",
    "ref": "list item",
    "kwd": "list item",
    "compound-kwd": "list item",
    "fig": "caption",
    "table-wrap": "caption",
    "caption": "caption",
    "disp-quote": "quotation",
    "preformat": "code",
    "code": "code",
    "fn": "footnote",
    "corresp": "footnote",
    "table-wrap-foot": "footnote",
}

FURNITURE = {
    "alt-title": "the article's running head",
    "article-categories": "what the article is filed under",
    "kwd-group": "what the article is filed under",
    "subj-group": "what the article is filed under",
    "contrib-group": "the article's authors and their addresses",
    "aff": "the article's authors and their addresses",
    "aff-alternatives": "the article's authors and their addresses",
    "award-group": "the article's grants",
    "conference": "where the article was presented",
    "permissions": "the article's licence",
}
"""What describes an article and is no statement of it, with the reason that `check` lists."""
