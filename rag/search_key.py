"""What a text is found by: itself, with the words whole that its print breaks or joins. It is never what is quoted."""

from __future__ import annotations

import re

_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010]\n([^\W\d_]+)")
"""A word that a line's end divides: "medi-" and "cine", but "placebo-" and "controlled" as well."""

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_SOFT_HYPHEN = "\u00ad"
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_PRINT = re.compile(rf"[\ufb00-\ufb06{_SOFT_HYPHEN}]|[-\u2010]\n")


class SearchKey:
    """Makes search keys of stretches of one document, whose own words tell how a divided one is written whole."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = _PRINT.search(text) is None
        self._whole = set() if self._plain else {word.casefold() for word in _WORD.findall(text)}

    def __call__(self, start: int, end: int) -> str:
        """Return the key of a stretch; most are the stretch itself."""
        text = self._text[start:end]
        if self._plain or _PRINT.search(text) is None:
            return text
        unbroken = _BROKEN.sub(lambda broken: self._joined(broken[1], broken[2]), text)
        return unbroken.translate(_LIGATURES).replace(f"{_SOFT_HYPHEN}\n", "").replace(_SOFT_HYPHEN, "")

    def _joined(self, first: str, second: str) -> str:
        """Write a divided word as it stands elsewhere in the document; in both ways where it stands in neither."""
        joined, hyphened = first + second, f"{first}-{second}"
        if joined.casefold() in self._whole:
            return joined
        return hyphened if hyphened.casefold() in self._whole else f"{joined} {hyphened}"
