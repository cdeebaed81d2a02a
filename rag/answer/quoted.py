"""List the documents that a conversation has quoted, and where in them."""

from __future__ import annotations

from collections.abc import Sequence

from rag.core.types.answers import Quote, QuotedDocument, Turn
from rag.core.types.documents import Document, Standing


def quoted_documents(turns: Sequence[Turn]) -> list[QuotedDocument]:
    """Return the documents that were quoted, in the order in which they first were."""
    by_document: dict[str, list[tuple[int, Quote]]] = {}
    for number, turn in enumerate(turns, 1):
        for quote in turn.answer.quotes:
            by_document.setdefault(quote.document.id, []).append((number, quote))
    return [QuotedDocument(*_latest(quotes), tuple(quotes)) for quotes in by_document.values()]


def _latest(quotes: Sequence[tuple[int, Quote]]) -> tuple[Document, Standing]:
    """Return a document and its standing as they were when it was last quoted."""
    quote = quotes[-1][1]
    return quote.document, quote.standing
