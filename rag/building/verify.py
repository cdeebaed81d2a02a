"""Prove that an index's passages stand in its sources, and that one quotation does, to the character."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rag.core.errors import IndexDamaged, UnreadableDocument, UsageError
from rag.core.identity import passage_id
from rag.core.limits import Limits
from rag.core.types.documents import Document
from rag.core.types.proofs import IndexProof, Problem, QuotationPlace, QuotationProof, Verdict
from rag.core.types.protocols import Progress, no_progress
from rag.corpus.source_bytes import read_source
from rag.encoder.model import export_problems
from rag.index.opening import OpenIndex
from rag.readers.apart import ReadingApart


@dataclass(frozen=True, slots=True)
class _Sources:
    """The sources that an index was built from, as they are now."""

    corpus: Path
    index: OpenIndex
    reader: ReadingApart

    def read_again(self, document: Document) -> Document:
        """Read a document's source; its id is that of the bytes that are there. Raises `UnreadableDocument`."""
        record = next(record for record in self.index.manifest.documents if record.id == document.id)
        data = read_source(self.corpus, record.path)
        return self.reader.read(replace(record.source, sha256=hashlib.sha256(data).hexdigest()), data)

    def difference(self, document: Document) -> str | None:
        """Say how a source differs from what was indexed, or None."""
        try:
            again = self.read_again(document)
        except UnreadableDocument as error:
            return f"{error.message} {error.advice}"
        if again.sha256 != document.sha256:
            return "Its bytes have changed since the index was built."
        if (again.text, tuple(again.blocks)) != (document.text, tuple(document.blocks)):
            return "Read again, it gives another text."
        return None


def verify_index(
    index: OpenIndex, corpus: Path | None = None, progress: Progress = no_progress, limits: Limits = Limits()
) -> IndexProof:
    """Read every source again and prove every passage: bytes, text, offsets and identity.

    `corpus` is where the sources are, if that is not the folder that the index was built from.
    """
    with ReadingApart(limits) as reader:
        return _proof(index, _Sources(corpus or index.corpus, index, reader), progress)


def _proof(index: OpenIndex, sources: _Sources, progress: Progress) -> IndexProof:
    problems: list[Problem] = []
    proven = total = 0
    records = index.manifest.documents
    for done, record in enumerate(records):
        progress("verifying", done, len(records))
        total += record.passages
        try:
            document = index.store.document(record.id)
            passages = index.store.passages_of(record.id)
        except IndexDamaged as error:
            problems.append(Problem(record.path, error.message, record.passages))
            continue
        if document is None:
            problems.append(Problem(record.path, "The store lacks it.", record.passages))
            continue
        reason = sources.difference(document)
        if reason is None and len(passages) != record.passages:
            reason = "The store lacks passages of it."
        if reason is not None:
            problems.append(Problem(record.path, reason, record.passages))
            continue
        for passage in passages:
            text = document.text[passage.start : passage.end]
            inside = all(passage.start <= a < b <= passage.end for a, b in passage.sentences)
            if inside and passage_id(document.sha256, passage.start, passage.end, text) == passage.id:
                proven += 1
            else:
                problems.append(Problem(record.path, f"Passage {passage.id} is not at its place.", 1))
    progress("verifying", len(records), len(records))
    exported = export_problems(index.encoder_folder, check_hashes=True)
    return IndexProof(len(records), total, proven, tuple(problems), (*index.damaged_files(), *exported))


def verify_quotation(
    index: OpenIndex,
    quotation: str,
    document: str | None = None,
    start: int | None = None,
    *,
    corpus: Path | None = None,
    limits: Limits = Limits(),
) -> QuotationProof:
    """Look for a quotation in the sources as they are now, code point for code point.

    `document` (id or path) and `start` say where it is claimed to stand: there it is "exact"; elsewhere in that
    document, "moved"; only in others, "in another document". Without a claim any place is exact.
    """
    if not quotation.strip():
        raise UsageError("The quotation is empty.", 'Type one: python -m rag verify "the quoted words"')
    claimed = index.document(document) if document is not None else None
    exact: list[QuotationPlace] = []
    near: list[QuotationPlace] = []
    unreadable: list[str] = []
    with ReadingApart(limits) as reader:
        sources = _Sources(corpus or index.corpus, index, reader)
        for record in index.manifest.documents:
            try:
                text = sources.read_again(index.document(record.path))
            except UnreadableDocument:
                unreadable.append(record.path)
                continue
            exact.extend(_places(text, quotation))
            near.extend(_places_but_for_white_space(text, quotation))
    inside = [place for place in exact if claimed is None or place.document_id == claimed.id]
    there = [place for place in inside if start is None or place.start == start]
    verdict: Verdict
    if there:
        verdict, places = "exact", there
    elif inside:
        verdict, places = "moved", inside
    elif exact:
        verdict, places = "in another document", exact
    else:
        verdict, places = "absent", []
    return QuotationProof(verdict, tuple(places), () if places else tuple(near), tuple(unreadable))


def _places(document: Document, quotation: str) -> Iterator[QuotationPlace]:
    at = document.text.find(quotation)
    while at >= 0:
        yield _place(document, at, at + len(quotation))
        at = document.text.find(quotation, at + 1)


def _places_but_for_white_space(document: Document, quotation: str) -> Iterator[QuotationPlace]:
    """Find places that differ from the quotation in white space alone, as words copied from a screen do."""
    offsets = [i for i, character in enumerate(document.text) if not character.isspace()]
    squeezed = "".join(document.text[i] for i in offsets)
    wanted = "".join(quotation.split())
    at = squeezed.find(wanted)
    while at >= 0:
        yield _place(document, offsets[at], offsets[at + len(wanted) - 1] + 1)
        at = squeezed.find(wanted, at + 1)


def _place(document: Document, start: int, end: int) -> QuotationPlace:
    set_aside = any(block.furniture and block.start < end and block.end > start for block in document.blocks)
    return QuotationPlace(document.id, document.path, start, end, set_aside)
