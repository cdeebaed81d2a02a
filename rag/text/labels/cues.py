"""Label the words of a passage with cues, each with its exact span.

A cue says what stands there and nothing else: a passage with "double-blind" in it may speak of somebody else's study.
Nothing is inferred from cues, nothing is graded or ranked by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.core.blocks import blocks_at
from rag.core.types.documents import Document
from rag.core.types.passages import CueKind, CueSpan, Passage, Side
from rag.text.labels.doses import dose_spans
from rag.text.labels.label_kinds import cue_rules
from rag.text.rules.source_wording import wording

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Labels:
    """The cues of a passage in the order of its text, of one kind none over another; on which side of an effect each
    sentence stands by its words: none where it speaks for both, or for neither.
    """

    cues: tuple[CueSpan, ...]
    sides: tuple[Side | None, ...]


def labels(document: Document, passage: Passage) -> Labels:
    """Return what the words of a passage are labelled with."""
    text = document.text
    headings = [
        (max(block.start, passage.start), min(block.end, passage.end))
        for block in blocks_at(document.blocks, passage.start, passage.end)
        if block.kind == "heading"
    ]
    found: dict[CueKind, list[Span]] = {"dose": dose_spans(text, passage.start, passage.end)}
    sides = []
    for place, (start, end) in enumerate((*headings, *passage.sentences), -len(headings)):
        in_sentence = [*_of_sentence(text, start, end)]
        for kind, span in in_sentence:
            found.setdefault(kind, []).append(span)
        if place >= 0:
            sides.append(_side({kind for kind, _ in in_sentence}))
    labelled = sorted((span, kind) for kind, spans in found.items() for span in joined(spans))
    return Labels(tuple((kind, start, end) for (start, end), kind in labelled), tuple(sides))


def _side(kinds: set[CueKind]) -> Side | None:
    if ("effect" in kinds) == ("no_effect" in kinds):
        return None
    return "effect" if "effect" in kinds else "no_effect"


def joined(spans: list[Span]) -> list[Span]:
    """Return spans in order, such as overlap joined to one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _of_sentence(text: str, start: int, end: int) -> Iterator[tuple[CueKind, Span]]:
    worded = wording(text, start, end)
    if not worded.spans:
        return
    all_rules = cue_rules()
    for rule, (first, after) in all_rules.rules.said(worded.text):
        yield all_rules.kinds[rule.name], worded.source_span(first, after)
