"""Small articles in JATS."""

from __future__ import annotations

DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.3 20210610//EN"'
    ' "JATS-archivearticle1.dtd">'
)
SPACES = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"'


def article(body: str = "", *, meta: str = "", back: str = "", journal: str = "", attributes: str = "") -> str:
    """Return an article whose title is T."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n<article {SPACES} {attributes}>\n<front>'
        f"<journal-meta>{journal}</journal-meta><article-meta><title-group><article-title>T</article-title>"
        f"</title-group>{meta}</article-meta></front>\n<body>{body}</body>\n<back>{back}</back></article>"
    )
