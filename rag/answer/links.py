"""Make links that point at the quoted words."""

from __future__ import annotations

from urllib.parse import quote, urldefrag

_FRAGMENT_WORDS = 5


def quote_link(url: str | None, words: str, page: int | None = None) -> str | None:
    """Return a link that opens an address at some words of it (a text fragment), or None without an address.

    https://wicg.github.io/scroll-to-text-fragment/: `#:~:text=first words,last words`. Of a PDF file, which browsers
    open by page (RFC 8118, section 3), it is the page, from 1.
    """
    if not url:
        return None
    address, _ = urldefrag(url)
    if page is not None:
        return f"{address}#page={page}"
    parts = words.split()
    if not parts:
        return address
    first = " ".join(parts[:_FRAGMENT_WORDS])
    last = " ".join(parts[-_FRAGMENT_WORDS:]) if len(parts) > 2 * _FRAGMENT_WORDS else ""
    text = ",".join(_escaped(piece) for piece in ((first, last) if last else (" ".join(parts),)))
    return f"{address}#:~:text={text}"


def _escaped(text: str) -> str:
    # A hyphen next to a comma has a meaning of its own in a text fragment.
    return quote(text, safe="").replace("-", "%2D")
