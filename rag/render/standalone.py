"""Write a conversation as one page that stands alone: no script, nothing fetched, every character escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from rag.core.version import __version__
from rag.render.markup import opening_html, quote_html, related_html, remarks_html
from rag.render.wording import index_line
from rag.text.characters import one_line, visible

if TYPE_CHECKING:
    from rag.core.types.answers import Turn

PAGE_STYLE = Path(__file__).with_name("page.css")
"""The style of the page in a browser; a saved page takes its rules over."""

_ADDED_STYLE = Path(__file__).with_name("standalone.css")

_STREAMLIT = re.compile(r"[^{}]*\[data-testid[^{}]*\{[^{}]*\}")
"""A rule for what only Streamlit puts on a page."""

_ALLOWED = "default-src 'none'; style-src 'unsafe-inline'"
"""The page's own style, and nothing else: should anything ever slip through, no browser runs or fetches it."""


def conversation_html(turns: Sequence[Turn], exported_at: str) -> str:
    """Return a conversation as a page of HTML: each question with its notices and its answer, oldest first."""
    title = f"Conversation: {shorten(one_line(turns[0].question), 80, placeholder=' …')}" if turns else "Conversation"
    answered = "".join(_turn_html(number, turn) for number, turn in enumerate(turns, 1))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_ALLOWED}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style()}</style>\n</head>\n<body>\n"
        '<header><h1 class="rag-title">Conversation</h1>\n'
        f'<p class="rag-remark">Exported at {_time(exported_at)} by rag {__version__}</p></header>\n'
        f"<main>\n{answered}</main>\n</body>\n</html>\n"
    )


def style() -> str:
    """Return the style of a page that stands alone: the page's own without Streamlit's parts, and what it adds."""
    own, added = (style.read_text(encoding="utf-8") for style in (PAGE_STYLE, _ADDED_STYLE))
    return _STREAMLIT.sub("", own) + added


def _turn_html(number: int, turn: Turn) -> str:
    answer = turn.answer
    name = f"turn-{number}"
    quotes = "".join(quote_html(quote, f"{name}-") for quote in answer.quotes)
    index = index_line(answer.index)
    return (
        f'<section class="rag-turn" aria-labelledby="{name}">\n'
        f'<h2 class="rag-question" id="{name}" dir="auto">{escape(visible(turn.question))}</h2>\n'
        f"{opening_html(answer)}{quotes}{related_html(answer, f'{name}-')}{remarks_html(answer, folded=False)}\n"
        f'<p class="rag-searched">Asked at {_time(turn.asked_at)}'
        f"{f'. {escape(one_line(index))}' if index else ''}</p>\n</section>\n"
    )


def _time(stamp: str) -> str:
    said = escape(one_line(stamp))
    return f'<time datetime="{said}">{said}</time>'
