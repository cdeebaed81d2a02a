"""Links that point at the quoted words."""

from __future__ import annotations

from urllib.parse import quote, urldefrag

_FRAGMENT_WORDS = 5


def quote_link(url: str | None, words: str) -> str | None:
    """Return a link that opens a page at some words of it (a text fragment), or None without a page.

    https://wicg.github.io/scroll-to-text-fragment/: `#:~:text=first words,last words`.
    """
    if not url:
        return None
    page, _ = urldefrag(url)
    parts = words.split()
    if not parts:
        return page
    first = " ".join(parts[:_FRAGMENT_WORDS])
    last = " ".join(parts[-_FRAGMENT_WORDS:]) if len(parts) > 2 * _FRAGMENT_WORDS else ""
    text = ",".join(_escaped(piece) for piece in ((first, last) if last else (" ".join(parts),)))
    return f"{page}#:~:text={text}"


def _escaped(text: str) -> str:
    # A hyphen next to a comma has a meaning of its own in a text fragment.
    return quote(text, safe="").replace("-", "%2D")
