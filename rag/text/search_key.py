"""Make the text that a passage is found by: words whole that print breaks or joins. It is never what is quoted."""

from __future__ import annotations

import re

_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010]\n([^\W\d_]+)")
"""A word that a line's end divides: "medi-" and "cine", but "placebo-" and "controlled" as well."""

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_SOFT_HYPHEN = "\u00ad"
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_PRINT = ("-\n", "\u2010\n", _SOFT_HYPHEN, *map(chr, _LIGATURES))


class SearchKey:
    """Makes search keys of stretches of one document, whose own words tell how a divided one is written whole."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = not _has_print(text)
        self._whole = set() if self._plain else {word.casefold() for word in _WORD.findall(text)}

    def __call__(self, start: int, end: int) -> str:
        """Return the key of a stretch; most are the stretch itself."""
        text = self._text[start:end]
        if self._plain or not _has_print(text):
            return text
        unbroken = _BROKEN.sub(lambda broken: self._joined(broken[1], broken[2]), text)
        return unbroken.translate(_LIGATURES).replace(f"{_SOFT_HYPHEN}\n", "").replace(_SOFT_HYPHEN, "")

    def _joined(self, first: str, second: str) -> str:
        """Write a divided word as it stands elsewhere in the document; in both ways where it stands in neither."""
        joined, hyphened = first + second, f"{first}-{second}"
        if joined.casefold() in self._whole:
            return joined
        return hyphened if hyphened.casefold() in self._whole else f"{joined} {hyphened}"


def _has_print(text: str) -> bool:
    """Say whether a text has what print breaks or joins; each by itself is found twenty times as fast as any of all."""
    return _PRINT[0] in text or (not text.isascii() and any(sign in text for sign in _PRINT[1:]))
