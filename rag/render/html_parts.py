"""Make the small parts of HTML that many fragments hold, every character escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag.render.lacking import LineRun
from rag.text.characters import one_line


def text_html(text: str) -> str:
    """Return a text on one line, escaped."""
    return escape(one_line(text))


def runs_html(runs: Sequence[LineRun]) -> str:
    """Return a line of runs, escaped, of which some stand out."""
    return "".join(f"<strong>{escape(run.text)}</strong>" if run.emphasised else escape(run.text) for run in runs)


def list_html(lines: Sequence[str]) -> str:
    """Return lines as a list; nothing where there are none."""
    return f'<ul class="rag-list">{"".join(f"<li>{text_html(line)}</li>" for line in lines)}</ul>' if lines else ""
