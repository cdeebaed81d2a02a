"""List the page furniture that readers set aside: every piece where there are few, else a sum for each reason."""

from __future__ import annotations

from collections.abc import Iterator

from rag.core.types.documents import Block, Document
from rag.core.types.reports import Finding
from rag.corpus.lint.places import named, places_of

FEW = 3
"""How many blocks set aside for one reason are listed one by one."""

_LONGEST = 80


def set_aside(document: Document) -> Iterator[Finding]:
    """List what was set aside, so that a curator can see that nothing of the text is among it."""
    by_reason: dict[str, list[Block]] = {}
    for block in document.blocks:
        if block.furniture:
            by_reason.setdefault(block.furniture, []).append(block)
    for reason, blocks in by_reason.items():
        if len(blocks) <= FEW:
            for block in blocks:
                message = f"Set aside as {reason}: {_words(document, block)!r}"
                yield Finding(document.path, "note", "furniture", message, block.lines, block.page)
            continue
        words = list(dict.fromkeys(_words(document, block) for block in blocks))
        examples = ", ".join(repr(_short(each)) for each in words[:FEW]) + (", …" if len(words) > FEW else "")
        where = named(places_of(document, ((block, block.start) for block in blocks)))
        message = f"Set aside as {reason}, {len(blocks)} times{where}: {examples}"
        yield Finding(document.path, "note", "furniture", message, blocks[0].lines, blocks[0].page)


def _words(document: Document, block: Block) -> str:
    return " ".join(document.text[block.start : block.end].split())


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
