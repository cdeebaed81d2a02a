"""Lay out a stretch of a document for any screen: paragraphs of runs, highlighted or not.

Line ends of hard-wrapped blocks become spaces, tabs between table cells become bars; everything else stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.core.types.answers import Quote
from rag.core.types.documents import Block, BlockKind

_OWN_MARK = re.compile(r"[-•*–]|\(?\w{1,3}[.)]\s")

MORE = " […]"
"""What stands after a beginning of a passage: ours, and not the source's."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are shown alike; `labelled` ones are a dose figure, which nobody may take for advice.

    `also_hit` are of another passage that was found than the one that is highlighted.
    """

    text: str
    highlighted: bool
    labelled: bool = False
    also_hit: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of a document, or the part of it that a quote holds."""

    block: Block
    runs: tuple[Run, ...]

    @property
    def kind(self) -> BlockKind:
        """What kind of block it is."""
        return self.block.kind

    @property
    def needs_bullet(self) -> bool:
        """Whether it is a list item that brings no number or mark of its own."""
        return self.kind == "list item" and not _OWN_MARK.match("".join(run.text for run in self.runs))


def paragraphs(
    text: str,
    blocks: Sequence[Block],
    start: int,
    end: int,
    highlights: Sequence[tuple[int, int]],
    labelled: Sequence[tuple[int, int]] = (),
    other_hits: Sequence[tuple[int, int]] = (),
) -> Iterator[Paragraph]:
    """Lay out `start:end` of a document's text."""
    for block in blocks:
        begin, finish = max(start, block.start), min(end, block.end)
        if begin >= finish:
            continue
        edges = {begin, finish}
        for a, b in (*highlights, *labelled, *other_hits):
            edges.update(edge for edge in (a, b) if begin < edge < finish)
        bounds = sorted(edges)
        runs = tuple(
            Run(
                _shown(text[a:b], block),
                _within(a, b, highlights),
                _within(a, b, labelled),
                _within(a, b, other_hits),
            )
            for a, b in pairwise(bounds)
        )
        yield Paragraph(block, runs)


def quote_paragraphs(quote: Quote) -> list[Paragraph]:
    """Lay out a quote."""
    doses = [(cue.start, cue.end) for cue in quote.cues if cue.kind == "dose"]
    return list(paragraphs(quote.document.text, quote.blocks, quote.start, quote.end, quote.highlights, doses))


def near_paragraphs(quote: Quote) -> list[Paragraph]:
    """Lay out a related passage, of which nothing is highlighted: that would show it as an answer."""
    return quote_paragraphs(replace(quote, highlights=()))


def first_span(quote: Quote) -> tuple[int, int]:
    """Return where a related passage's first sentence stands, or all of it where it has none."""
    return quote.passage.sentences[0] if quote.passage.sentences else (quote.start, quote.end)


def first_sentence(quote: Quote) -> list[Paragraph]:
    """Lay out the first sentence of a related passage, with a sign after it where there is more."""
    start, end = first_span(quote)
    laid_out = list(paragraphs(quote.document.text, quote.blocks, start, end, ()))
    if laid_out and quote.document.text[end : quote.end].strip():
        last = laid_out[-1]
        laid_out[-1] = replace(last, runs=(*last.runs, Run(MORE, highlighted=False)))
    return laid_out


def _within(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(a <= start and end <= b for a, b in spans)


def _shown(text: str, block: Block) -> str:
    if block.kind == "table row":
        return text.replace("\t", " | ")
    return text.replace("\n", " ") if block.wrapped else text
