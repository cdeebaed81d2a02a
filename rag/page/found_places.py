"""Go through the passages found for a question: from document to document, each in its own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from rag.core.types.answers import Answer, Quote
from rag.core.types.documents import Document
from rag.core.types.passages import Passage
from rag.page.html.document_html import HitSpan


@dataclass(frozen=True, slots=True)
class Opened:
    """A quote that was opened, of which answer, and the name of the turn that has the answer."""

    answer: Answer
    quote: Quote
    turn: str

    @property
    def document(self) -> Document:
        """The document that the quote stands in, as it was when it was quoted."""
        return self.quote.document

    @property
    def place(self) -> str:
        """Where the quote stands among the answers: its id there."""
        return f"{self.turn}-quote-{self.quote.passage.id}"

    def moved(self, by: int) -> Opened:
        """Return the hit so many places on; after the last comes the first."""
        every = in_order(self.answer)
        return self.at(every[(every.index(self.quote) + by) % len(every)])

    def at(self, quote: Quote) -> Opened:
        """Return another hit of the same answer."""
        return replace(self, quote=quote)


@dataclass(frozen=True, slots=True)
class OpenedPassage:
    """A passage that was opened and is no quote: the view that it was listed in, and where there to come back to.

    `turn` names the turn that shows it as related, if one does.
    """

    document: Document
    passage: Passage
    view: Literal["ask", "map"]
    place: str | None = None
    turn: str | None = None

    @property
    def hit(self) -> HitSpan:
        """The passage as it is marked in its document."""
        return HitSpan(self.passage.start, self.passage.end, "The passage that was opened")


def in_order(answer: Answer) -> list[Quote]:
    """Return an answer's quotes: the document of the best first, and a document's in the order of its text."""
    best: dict[str, int] = {}
    for quote in answer.quotes:
        best.setdefault(quote.document.id, quote.rank)
    return sorted(answer.quotes, key=lambda quote: (best[quote.document.id], quote.start))


def hits_in(document: Document, answer: Answer) -> list[tuple[Quote, HitSpan]]:
    """Return the quotes of an answer that stand in a document, each as it is called there."""
    every = in_order(answer)
    return [
        (quote, HitSpan(quote.start, quote.end, f"Hit {number} of {len(every)}"))
        for number, quote in enumerate(every, 1)
        if quote.document.id == document.id
    ]


def last_answered(turns: Sequence[Any]) -> Opened | None:
    """Return the last answer of a conversation that quotes something, at its first hit."""
    for number, turn in reversed(list(enumerate(turns, 1))):
        if isinstance(turn.said, Answer):
            return Opened(turn.said, in_order(turn.said)[0], f"turn-{number}") if turn.said.quotes else None
    return None
