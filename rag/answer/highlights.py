"""Choose the sentences of a quote to highlight: those that answer, with the caveats that belong to them."""

from __future__ import annotations

from collections.abc import Sequence

from rag.core.types.answers import Hit, SentenceMatch
from rag.text.labels.caveats import takes_back

AS_GOOD = 0.8
"""The share of the best sentence's score from which another one of the passage is highlighted as well."""

MOST = 2


def highlights(hit: Hit, text: str, also: Sequence[SentenceMatch] = ()) -> tuple[tuple[int, int], ...]:
    """Return the spans of the best sentence of a hit and of one that is about as good, then `also`, then their caveats.

    Best first. A caveat is the sentence right after a highlighted one that takes something of it back ("However, …",
    "Do not …"): shown unmarked, it would be read over. `text` is the document's.
    """
    ranked = sorted(hit.sentences, key=lambda match: (-match.score, match.span))
    good = [match.span for match in ranked[:MOST] if match is ranked[0] or match.score >= AS_GOOD * ranked[0].score]
    good += [match.span for match in also]
    followed = dict(zip(hit.passage.sentences, hit.passage.sentences[1:], strict=False))
    caveats = [followed[span] for span in good if span in followed and takes_back(text[slice(*followed[span])])]
    return tuple(dict.fromkeys([*good, *caveats]))
