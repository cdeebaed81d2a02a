"""Make the small parts of HTML that many fragments hold, every character escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag.text.characters import one_line


def text_html(text: str) -> str:
    """Return a text on one line, escaped."""
    return escape(one_line(text))


def list_html(lines: Sequence[str]) -> str:
    """Return lines as a list; nothing where there are none."""
    return f'<ul class="rag-list">{"".join(f"<li>{text_html(line)}</li>" for line in lines)}</ul>' if lines else ""
