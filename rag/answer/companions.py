"""Find the companions of a highlighted sentence: the caveat beside it, its list's lead-in, its table's first row.

They may stand in the passage itself, or beside it in the document, where a passage was cut: then they are shown with
the quote, in their own words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.core.blocks import block_places
from rag.core.types.answers import Companion, CompanionKind
from rag.core.types.documents import Block, Document
from rag.core.types.passages import Passage
from rag.text.labels.caveats import takes_back, warns

LONGEST = 1_000
"""How many characters may come along from outside of the passage as one."""

Span = tuple[int, int]


def companions(
    document: Document, passage: Passage, marked: Sequence[Span], beside: Sequence[Passage]
) -> tuple[Companion, ...]:
    """Return what belongs to the marked sentences of a passage and is not marked, each once, in the document's order.

    `beside` are the passages before and after it in the document, where there are any. Only words of the same person
    under the same headings come along.
    """
    passages = sorted((passage, *(each for each in beside if _belongs(each, passage))), key=lambda each: each.start)
    sentences = [span for each in passages for span in each.sentences]
    found: dict[Span, CompanionKind] = {}
    for span in marked:
        for kind, companion in (
            *_caveats(document.text, sentences, span),
            *_of_the_block(document, span),
        ):
            if companion not in marked and _inside_or_short(companion, passage):
                found.setdefault(companion, kind)
    return tuple(Companion(kind, start, end, document.text[start:end]) for (start, end), kind in sorted(found.items()))


def _belongs(other: Passage, passage: Passage) -> bool:
    return (other.document_id, other.section, other.attribution) == (
        passage.document_id, passage.section, passage.attribution,
    )  # fmt: skip


def _inside_or_short(span: Span, passage: Passage) -> bool:
    return (passage.start <= span[0] and span[1] <= passage.end) or span[1] - span[0] <= LONGEST


def _caveats(text: str, sentences: Sequence[Span], marked: Span) -> Iterator[tuple[CompanionKind, Span]]:
    for before, after in pairwise(sentences):
        if before == marked and takes_back(text[slice(*after)]):
            yield "caveat", after
        if after == marked and warns(text[slice(*before)]):
            yield "caveat", before


def _of_the_block(document: Document, marked: Span) -> Iterator[tuple[CompanionKind, Span]]:
    """Yield the lead-in of the list, or the first row of the table, that a marked sentence stands in."""
    blocks = document.blocks
    at, after = block_places(blocks, marked[0], marked[0] + 1)
    if at == after or blocks[at].kind not in ("list item", "table row"):
        return
    first = at
    while first and _continues(blocks[first - 1], blocks[at]):
        first -= 1
    if blocks[at].kind == "table row":
        if first != at:
            yield "header", (blocks[first].start, blocks[first].end)
    elif first and leads_in(document.text, blocks[first - 1], blocks[at]):
        yield "lead-in", _last_sentence(document.text, blocks[first - 1])


def _continues(before: Block, block: Block) -> bool:
    return (before.kind, before.section, before.attribution, before.furniture) == (
        block.kind, block.section, block.attribution, None,
    )  # fmt: skip


def leads_in(text: str, before: Block, item: Block) -> bool:
    """Say whether a paragraph leads in what follows: it ends in no full stop, and belongs to the same words."""
    return (
        before.kind == "paragraph"
        and before.furniture is None
        and before.attribution == item.attribution
        and before.section == item.section
        and not text[before.start : before.end].rstrip().endswith((".", "!", "?"))
    )


def _last_sentence(text: str, block: Block) -> Span:
    """Return where the last sentence of a paragraph stands; a full stop and white space end the one before it."""
    stop = max(text.rfind(f"{mark}{blank}", block.start, block.end - 1) for mark in ".!?" for blank in " \n")
    start = block.start if stop < 0 else stop + 1
    end = block.end
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    return start, end
