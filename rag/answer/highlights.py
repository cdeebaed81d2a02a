"""Choose the sentences of a quote to highlight: those that answer, with the caveats that belong to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.companions import leads_in
from rag.core.blocks import block_places
from rag.core.types.answers import Hit, SentenceMatch
from rag.core.types.documents import Block
from rag.search.question_names import Name
from rag.text.analysis import analyzer
from rag.text.labels.caveats import takes_back
from rag.text.labels.polarity import Polarity, permits, prohibits

Span = tuple[int, int]

AS_GOOD = 0.8
"""The share of the best sentence's score from which another one of the passage is highlighted as well."""

MOST = 2

MOST_ITEMS = 8
"""How many items of a list are highlighted, where its lead-in is what is near the question."""

NOTHING = float("-inf")

PASSED_ON = 0.95
"""The share of its score that a heading, a question or a lead-in passes on to what it introduces."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A sentence with its score, and the span of the lead-in that gave it, where one did."""

    span: Span
    score: float
    lead_in: Span | None = None


def highlights(
    hit: Hit,
    text: str,
    also: Sequence[SentenceMatch] = (),
    blocks: Sequence[Block] = (),
    *,
    wanted: Polarity | None = None,
    names: Sequence[Name] = (),
) -> tuple[Span, ...]:
    """Return the spans of the best sentence of a hit and of one that is about as good, then `also`, then their caveats.

    Best first. A heading, a question and the lead-in of a list are never highlighted: they pass their scores on to
    the sentence after them, or to the items of the list, which are then highlighted together. A caveat is the
    sentence right after a highlighted one that takes something of it back ("However, …", "Do not …"): shown
    unmarked, it would be read over. `text` and `blocks` are the document's. `wanted` is the polarity that is asked
    for; what is plainly of the other one is not highlighted. Of a list that speaks of some of the `names` that are
    asked about, only the items are that do.
    """
    ranked = sorted(_scored(hit, text, blocks, wanted), key=lambda each: (-each.score, each.span))
    good: list[Span] = []
    if ranked:
        best = ranked[0]
        if best.lead_in:
            good = [each.span for each in sorted(ranked, key=lambda each: each.span) if each.lead_in == best.lead_in]
            good = list(_of_names(good, text, names)[:MOST_ITEMS])
        else:
            good = [each.span for each in ranked[:MOST] if each is best or each.score >= AS_GOOD * best.score]
    good += [match.span for match in also]
    followed = dict(zip(hit.passage.sentences, hit.passage.sentences[1:], strict=False))
    caveats = [followed[span] for span in good if span in followed and takes_back(text[slice(*followed[span])])]
    return tuple(dict.fromkeys([*good, *caveats]))


def wanted_polarity(question: str) -> Polarity | None:
    """Return whether a question asks for what must not be taken or done, or for what may; None where for neither."""
    if _WHAT.search(question) is None or prohibits(question) == permits(question):
        return None
    return "prohibits" if prohibits(question) else "permits"


_WHAT = re.compile(r"\b(?:what|which|who|whats|whos|things|anything|any)\b", re.IGNORECASE)
_WORDS = re.compile(r"\w+")


def _scored(hit: Hit, text: str, blocks: Sequence[Block], wanted: Polarity | None) -> list[_Scored]:
    """Return the sentences that may be highlighted, in order, each with its own score or one that was passed on."""
    found: list[_Scored] = []
    first, after_it = block_places(blocks, hit.passage.start, hit.passage.end)
    near = blocks[first : after_it + 1]  # and the one after the passage: a book has thousands
    passed = NOTHING
    lead_in: Span | None = None
    lead_score = NOTHING
    polarity = hit.passage.section[-1] if hit.passage.section else ""
    for match in sorted(hit.sentences, key=lambda each: each.span):
        said = text[slice(*match.span)]
        block, after = _blocks_of(near, match.span)
        if lead_in and (block is None or block.kind != "list item"):
            lead_in = None
        if block is not None and block.kind == "heading":
            passed, polarity = max(passed, PASSED_ON * match.score), said
        elif said.rstrip("\"”’') ").endswith("?"):
            passed = max(passed, PASSED_ON * match.score)
        elif (
            block is not None
            and after is not None
            and leads_in(text, block, after)
            and _is_last(match.span, block, text)
        ):
            lead_in, lead_score, polarity = match.span, max(passed, PASSED_ON * match.score), said
            passed = NOTHING
        elif _WORDS.search(said) is not None:
            if not _is_opposite(f"{polarity} {said}", wanted):
                passed_on = bool(lead_in) and lead_score >= match.score
                score = lead_score if passed_on else max(match.score, passed)
                found.append(_Scored(match.span, score, lead_in if passed_on else None))
            passed = NOTHING
    return found


def _is_opposite(said: str, wanted: Polarity | None) -> bool:
    if wanted is None or prohibits(said) == permits(said):
        return False
    return prohibits(said) != (wanted == "prohibits")


def _of_names(items: Sequence[Span], text: str, names: Sequence[Name]) -> Sequence[Span]:
    """Return the items that speak of one of the names; all where none does."""
    terms = analyzer()
    held = {span: frozenset(terms.analyze(text[slice(*span)])) for span in items} if names else {}
    chosen = [span for span in items if any(name.is_spoken_of(held[span]) for name in names)] if names else []
    return chosen or items


def _blocks_of(blocks: Sequence[Block], span: Span) -> tuple[Block | None, Block | None]:
    """Return the block that a sentence begins in, and the one after it."""
    at, after = block_places(blocks, span[0], span[0] + 1)
    if at == after:
        return None, None
    return blocks[at], blocks[at + 1] if at + 1 < len(blocks) else None


def _is_last(span: Span, block: Block, text: str) -> bool:
    return not text[span[1] : block.end].strip()
