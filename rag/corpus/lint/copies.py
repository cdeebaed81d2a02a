"""Find documents that say mostly what another one says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from rag.core.types.documents import Document
from rag.core.types.reports import Finding

SHINGLE = 8
"""Words in a row that near-duplicates are compared by."""

NEAR_DUPLICATE = 0.6
"""The share of a document's shingles that stand in another one from which it is named as its copy."""

HOLDERS = 20
"""How many documents are remembered for a shingle: what stands in more of them is a publisher's boilerplate."""


def near_duplicates(documents: Sequence[Document]) -> Iterator[Finding]:
    """Name each document that is mostly another one's words; of two that are each other's, the later is the copy.

    What is superseded, or a copy that is retracted, is not searched any more and needs no mending.
    """
    shingles = [_shingles(document) for document in documents]
    named: dict[int, tuple[float, int]] = {}
    holders: dict[int, list[int]] = {}
    for number, own in enumerate(shingles):
        if documents[number].entry.superseded_by:
            continue
        shared: dict[int, int] = {}
        for shingle in own:
            earlier = holders.setdefault(shingle, [])
            for other in earlier:
                shared[other] = shared.get(other, 0) + 1
            if len(earlier) < HOLDERS:
                earlier.append(number)
        for other, count in sorted(shared.items()):
            copy, original = number, other
            if count < NEAR_DUPLICATE * len(own):  # a short one before that stands in this long one
                copy, original = other, number
            share = count / len(shingles[copy])
            if share >= NEAR_DUPLICATE and share > named.get(copy, (0.0, 0))[0]:
                named[copy] = share, original
    for copy, (share, original) in named.items():
        if not documents[copy].entry.retracted:
            yield _finding(documents[copy], documents[original], share)


def copies_among(documents: Sequence[Document], others: Iterable[Document]) -> Iterator[Finding]:
    """Name each of some new documents that shares most of its words, or of the other's, with one that is there.

    One of the same path is no other, for it is to be replaced; nor is one of the same bytes.
    """
    new = [(document, _shingles(document)) for document in documents]
    for other in others:
        other_shingles = _shingles(other)
        for document, own in new:
            same = document.path == other.path or document.sha256 == other.sha256
            shared = 0 if same else len(own & other_shingles)
            if shared and shared >= NEAR_DUPLICATE * len(own):
                message = f"{shared / len(own):.0%} of it stands in {other.path} as well: it looks like a copy of that."
                yield Finding(document.path, "warning", "near-duplicate", message)
            elif shared and shared >= NEAR_DUPLICATE * len(other_shingles):
                message = f"It holds {shared / len(other_shingles):.0%} of {other.path}: that looks like a copy of it."
                yield Finding(document.path, "warning", "near-duplicate", message)


def _finding(copy: Document, original: Document, share: float) -> Finding:
    retracted = ", which is retracted," if original.entry.retracted else ""
    message = (
        f"{share:.0%} of it stands in {original.path}{retracted} as well: it looks like a copy of that. "
        "Remove one of them, or write in the older one by what it is superseded (superseded_by)."
    )
    return Finding(copy.path, "warning", "near-duplicate", message)


def _shingles(document: Document) -> AbstractSet[int]:
    words = document.text.lower().split()
    return {hash(tuple(words[i : i + SHINGLE])) for i in range(max(0, len(words) - SHINGLE + 1))}
