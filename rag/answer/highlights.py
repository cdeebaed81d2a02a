"""Which sentences of a quote are marked: those that answer, with the caveat that belongs to them."""

from __future__ import annotations

import re

from rag.types import Hit

AS_GOOD = 0.8
"""The share of the best sentence's score from which another one of the passage is highlighted as well."""

MOST = 2

_CAVEAT = re.compile(
    r"""
    \W*(?:
        but | however | except | unless | although | though | nevertheless | nonetheless | yet | still, | caution
      | note\ that | be\ aware | do\ not | don['’]t | never | avoid | that\ said | on\ the\ other\ hand | in\ contrast
      | only\ if | this\ (?:does|do|is|was|has)\ not | (?:this|it|these|they)\ (?:should|must|may|can)\ not | not\ all
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def highlights(hit: Hit, text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the best sentence of a hit and of one that is about as good, then of their caveats.

    Best first. A caveat is the sentence right after a highlighted one that takes something of it back ("However, …",
    "Do not …"): shown unmarked, it would be read over. `text` is the document's.
    """
    ranked = sorted(hit.sentences, key=lambda match: (-match.score, match.span))
    good = [match.span for match in ranked[:MOST] if match is ranked[0] or match.score >= AS_GOOD * ranked[0].score]
    followed = dict(zip(hit.passage.sentences, hit.passage.sentences[1:], strict=False))
    caveats = [followed[span] for span in good if span in followed and _CAVEAT.match(text[slice(*followed[span])])]
    return tuple(dict.fromkeys([*good, *caveats]))
