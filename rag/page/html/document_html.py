"""Make the HTML of a document: its text with what was found in it, and its outline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from rag.core.types.documents import Block, Document
from rag.render.layout import Paragraph, paragraphs
from rag.render.markup import paragraph_html
from rag.render.wording import page_name
from rag.text.characters import one_line

MARKED = "rag-marked"
"""The id of the passage that was opened."""

OUTLINED = 300
"""How many headings an outline names; where there are more, those of the upper levels."""

PLACE = "rag-shown"
"""The id of the place from which on a stretch of a document is shown."""


@dataclass(frozen=True, slots=True)
class HitSpan:
    """A passage that was found: its span in the document, and what it is called ("Hit 2 of 3")."""

    start: int
    end: int
    name: str


def document_html(
    document: Document,
    marked: HitSpan | None = None,
    others: Sequence[HitSpan] = (),
    within: tuple[int, int] | None = None,
) -> str:
    """Return a document's text, or the blocks `within` a span of it, with what was found marked.

    What is opened (`marked`) has the id `MARKED`; other hits are marked more quietly.
    """
    start, end = within or (0, len(document.text))
    spans = [(marked.start, marked.end)] if marked else []
    also = [(hit.start, hit.end) for hit in others]
    blocks = [block for block in document.blocks if block.start < end and start < block.end]
    numbers = {heading.start: number for number, heading in enumerate(headings(document))}
    laid_out = paragraphs(document.text, blocks, start, end, spans, (), also)
    parts: list[str] = []
    page, level = None, 1
    for key, together in groupby(laid_out, key=lambda each: _hit_of(each.block, marked, others)):
        inside = []
        for paragraph in together:
            if paragraph.block.page != page:
                page = paragraph.block.page
                name = escape(one_line(page_name(paragraph.block)))
                inside.append(f'<p class="rag-page-number" id="rag-page-{page}" tabindex="-1">{name}</p>')
            if paragraph.kind == "heading":
                # No level is skipped, whatever stands before the stretch that is shown.
                level = min(6, level + 1, max(2, len(paragraph.block.section) + 1))
            inside.append(_anchored(paragraph, level, numbers.get(paragraph.block.start)))
        parts.append(_as_hit("".join(inside), key, opened=key is marked))
    return f'<article class="rag-document" id="{PLACE}">{"".join(parts)}</article>'


def outline_html(document: Document) -> str:
    """Return a document's headings as links within the page; nothing where there are fewer than two."""
    every = list(enumerate(headings(document)))
    if len(every) < 2:
        return ""
    deepest = max(len(heading.section) for _, heading in every)
    depth = deepest
    while depth > 1 and sum(len(heading.section) <= depth for _, heading in every) > OUTLINED:
        depth -= 1
    upper = [(number, heading) for number, heading in every if len(heading.section) <= depth][:OUTLINED]
    said = f"Outline ({len(every):,} headings)"
    if len(upper) < len(every):
        said = f"Outline ({len(upper):,} of {len(every):,} headings, the upper ones)"
    return (
        f'<nav class="rag-outline" aria-label="Outline of the document"><details id="rag-outline">'
        f"<summary>{said}</summary>{_nested(document, upper)}</details></nav>"
    )


def headings(document: Document) -> list[Block]:
    """Return a document's headings, but for those of what was set aside."""
    return [block for block in document.blocks if block.kind == "heading" and block.furniture is None]


def heading_names(document: Document) -> list[str]:
    """Return what a document's headings are called, in their order; each begins with its number, so they differ."""
    return [
        f"{number}. {one_line(document.text[heading.start : heading.end])}"
        + (f" (page {heading.page})" if heading.page is not None else "")
        for number, heading in enumerate(headings(document), 1)
    ]


def hit_line(line: str) -> str:
    """Return the line that says which hit is shown."""
    return f'<p class="rag-hit-line" role="status">{escape(one_line(line))}</p>'


def arrival_script(name: str | None, number: int) -> str:
    """Return the script that brings an element of ours into view, if it names one, and puts the focus there.

    On a narrow screen a picture of the page, which stands above its text, is brought into view instead. The outline
    unfolds where there is room for it. `number` tells one arrival from the next; `name` is never of the corpus or of a
    person.
    """
    wanted = json.dumps(name)
    return (
        f"<script>document.getElementById({wanted})?.focus({{preventScroll: true}}); (() => {{ // {number}\n"
        "const narrow = matchMedia('(max-width: 640px)').matches;\n"
        "const outline = document.getElementById('rag-outline');\n"
        "if (outline && !narrow) outline.open = true;\n"
        f"const there = document.getElementById({wanted});\n"
        "const picture = narrow && document.getElementById('rag-picture');\n"
        "if (there) (picture || there).scrollIntoView();\n"
        "})()</script>"
    )


def _hit_of(block: Block, marked: HitSpan | None, others: Sequence[HitSpan]) -> HitSpan | None:
    candidates = (*([marked] if marked else []), *others)
    return next((hit for hit in candidates if block.start < hit.end and hit.start < block.end), None)


def _as_hit(html: str, hit: HitSpan | None, *, opened: bool) -> str:
    if hit is None:
        return html
    name = f'<p class="rag-hit-name">{escape(hit.name)}</p>'
    if opened:
        return (
            f'<div class="rag-marked" id="{MARKED}" tabindex="-1" role="group" aria-label="{escape(hit.name)}">'
            f"{name}{html}</div>"
        )
    return f'<div class="rag-other-hit" role="group" aria-label="{escape(hit.name)}">{name}{html}</div>'


def _anchored(paragraph: Paragraph, level: int, number: int | None) -> str:
    """Return a block; a heading, at a level under the page's own, with the id that the outline links to."""
    html = paragraph_html(paragraph, f"h{level}")
    return html if number is None else f'<div class="rag-anchor" id="rag-heading-{number}" tabindex="-1">{html}</div>'


def _nested(document: Document, upper: Sequence[tuple[int, Block]]) -> str:
    """Return headings as lists in lists; one that is two levels below the one before it is shown as one below."""
    above: list[int] = []
    parts = []
    for number, heading in upper:
        level = len(heading.section)
        while len(above) > 1 and above[-1] > level:
            above.pop()
            parts.append("</li></ul>")
        if not above or level > above[-1]:
            above.append(level)
            parts.append("<ul>")
        else:
            above[-1] = level
            parts.append("</li>")
        words = escape(one_line(document.text[heading.start : heading.end]))
        parts.append(f'<li><a href="#rag-heading-{number}" target="_self" dir="auto">{words}</a>')
    return "".join(parts) + "</li></ul>" * len(above)
