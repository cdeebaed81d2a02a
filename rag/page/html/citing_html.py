"""Make the HTML of a quote's citations, to be copied."""

from __future__ import annotations

from html import escape
from pathlib import Path

from rag.core.types.answers import Quote
from rag.render.citations.citation_formats import FORMATS
from rag.render.citations.reference import reference
from rag.text.characters import visible

COPYING = f"<script>{Path(__file__).with_name('copying.js').read_text(encoding='utf-8')}</script>"
"""What makes the buttons copy, and say so."""

_NAMES = {"plain": "plain text", "bibtex": "BibTeX", "ris": "RIS", "csl": "CSL-JSON"}


def citations_html(quote: Quote) -> str:
    """Return a quote's citation in every format, folded away, each with a button that copies it."""
    cited = reference(quote)
    texts = "".join(_citation(_NAMES[form], make(cited)) for form, make in FORMATS.items())
    return (
        f'<details class="rag-citations"><summary>Copy citation</summary>{texts}'
        '<p class="rag-copied" role="status"></p></details>'
    )


def _citation(name: str, text: str) -> str:
    shown = visible(text.replace("\r\n", "\n"))
    return (
        f'<div class="rag-citation"><button type="button" class="rag-copy">Copy as {name}</button>'
        f'<pre tabindex="0" role="group" aria-label="{name}" dir="auto">{escape(shown)}</pre></div>'
    )
