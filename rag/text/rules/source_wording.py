"""Turn a stretch of a source into its wording, for rules to match, and a match back into its exact span."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

_PIECE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[=?\"“”\t]")
_SIGNS = {'"': '"', "“": '"', "”": '"', "=": "=", "?": "questionmark"}
_END = ". "


@dataclass(frozen=True, slots=True)
class Wording:
    """Lower-case words, each followed by a space, with ". " before the first and after the last.

    `starts` says where in `text` each word begins, `spans` where it stands in the source.
    """

    text: str
    starts: Sequence[int]
    spans: Sequence[tuple[int, int]]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the source the words stand that `start:end` of the wording holds: at least one."""
        first, after = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return self.spans[first][0], self.spans[after - 1][1]


def wording(text: str, start: int, end: int) -> Wording:
    """Return the wording of a sentence at `start:end` of a source's text; hyphens part words, apostrophes do not.

    A question mark is a word of its own, so that a rule can tell what is asked from what is said.
    """
    words, starts, spans = [_END], [], []
    length = len(_END)
    for piece in _PIECE.finditer(text, start, end):
        found = piece[0]
        if found == "\t":  # between the cells of a row
            words.append(_END)
            length += len(_END)
            continue
        word = _SIGNS.get(found) or found.casefold().replace("'", "").replace("’", "")
        starts.append(length)
        spans.append(piece.span())
        words.append(f"{word} ")
        length += len(word) + 1
    words.append(_END)
    return Wording("".join(words), starts, spans)
