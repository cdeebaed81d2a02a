"""Cues: labels on words that stand in a passage, each with its exact span.

A cue says what stands there and nothing else: a passage with "double-blind" in it may speak of somebody else's study.
Nothing is inferred from cues, nothing is graded or ranked by them.
"""

from __future__ import annotations

from collections.abc import Iterator

from rag.evidence.doses import dose_spans
from rag.evidence.rules import cue_rules
from rag.evidence.wording import wording
from rag.types import Cue, CueKind, Document, Passage, Side

Span = tuple[int, int]


def cues(document: Document, passage: Passage) -> tuple[Cue, ...]:
    """Return the cues of a passage in the order of its text; of one kind none overlaps another."""
    text = document.text
    headings = (
        (max(block.start, passage.start), min(block.end, passage.end))
        for block in document.blocks
        if block.kind == "heading" and block.start < passage.end and block.end > passage.start
    )
    found: dict[CueKind, list[Span]] = {"dose": dose_spans(text, passage.start, passage.end)}
    for start, end in (*headings, *passage.sentences):
        for kind, span in _of_sentence(text, start, end):
            found.setdefault(kind, []).append(span)
    labelled = [(span, kind) for kind, spans in found.items() for span in joined(spans)]
    return tuple(Cue(kind, text[start:end], start, end) for (start, end), kind in sorted(labelled))


def side(sentence: str) -> Side | None:
    """Say on which side of an effect a sentence stands by its words: none where it speaks for both, or for neither."""
    kinds = {kind for kind, _ in _of_sentence(sentence, 0, len(sentence))}
    if ("effect" in kinds) == ("no_effect" in kinds):
        return None
    return "effect" if "effect" in kinds else "no_effect"


def joined(spans: list[Span]) -> list[Span]:
    """Return spans in order, such as overlap joined to one."""
    kept: list[Span] = []
    for start, end in sorted(spans):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _of_sentence(text: str, start: int, end: int) -> Iterator[tuple[CueKind, Span]]:
    said = wording(text, start, end)
    if not said.spans:
        return
    known = cue_rules()
    for rule, (first, after) in known.rules.said(said.text):
        yield known.kinds[rule.name], said.source_span(first, after)
