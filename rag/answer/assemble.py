"""Assemble an answer: cut each quote from its document's text at its offsets, and check it against its source."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rag.answer.choosing import choose_passages, shortfall_of
from rag.answer.companions import companions
from rag.answer.highlights import highlights, wanted_polarity
from rag.answer.links import quote_link
from rag.answer.topics import candidates, topics
from rag.core.blocks import blocks_at
from rag.core.errors import IndexDamaged
from rag.core.identity import passage_id
from rag.core.media_types import PDF
from rag.core.standing import standing_of, withdrawal
from rag.core.types.answers import (
    Answer,
    Cue,
    Elsewhere,
    Hit,
    Quote,
    SentenceMatch,
)
from rag.core.types.documents import Document
from rag.core.types.outcomes import OUTCOMES, Status
from rag.core.types.passages import CueSpan
from rag.core.types.protocols import PassageReader, QuestionEncoder
from rag.core.types.reports import Calibration, OperatingPoint
from rag.index.opening import OpenIndex
from rag.safety.framing import notices
from rag.safety.screening import Screened
from rag.search.calibration import confidence
from rag.search.filters import allowed_rows, passing_documents
from rag.search.finding import find
from rag.search.question_names import Name
from rag.search.suggestions import suggest
from rag.text.labels.polarity import Polarity

AROUND = 40
"""How many characters of prefix and suffix a quote carries."""

SourceCheck = Callable[[Document], bool]
"""Says whether a document's source still has the bytes that the document was read from."""


def answer_question(
    screened: Screened,
    *,
    index: OpenIndex,
    encoder: QuestionEncoder,
    reader: PassageReader | None,
    unchanged: SourceCheck | None,
    calibration: Calibration,
    point: OperatingPoint,
    today: datetime.date,
) -> Answer:
    """Answer a question that has been screened and is not withheld.

    `reader` reads what was found, where there is one. `unchanged` is None where there are no sources to check against.
    `calibration` turns what was found into a confidence; `point` says from which on it is shown, and how. `today` is
    the day by which reviews are overdue. Raises `UsageError` and `NotFound` for filters that cannot be applied, and
    `IndexDamaged` where the index is not what was published.
    """
    began = time.perf_counter()
    ask = screened.ask
    passing = passing_documents(ask.filters, index)
    found = find(ask, index, encoder, allowed=allowed_rows(passing.documents, index), reader=reader)
    asked = found.question
    certainty = confidence(calibration, found.judgement.sure)
    chosen = choose_passages(found, certainty, confidence(calibration, found.judgement.near), point, ask.quotes, index)
    documents = _documents(chosen.hits, index)
    fresh = {id_: document for id_, document in documents.items() if unchanged is None or unchanged(document)}
    changed = sorted(document.path for id_, document in documents.items() if id_ not in fresh)
    cues = index.store.cues([hit.row for hit in chosen.hits])
    wanted, names = wanted_polarity(asked.searched_as), asked.subject.names
    shown: list[Quote] = []
    for hit in chosen.hits:
        if hit.passage.document_id in fresh:
            sides, lacks = chosen.sides.get(hit.row, ()), chosen.lacks.get(hit.row, ())
            shown.append(_quote(len(shown) + 1, hit, fresh, sides, cues[hit.row], index, today, lacks, wanted, names))
    status: Status = chosen.status if shown else "withheld" if changed else "not_in_corpus"
    shortfall = chosen.shortfall
    if status == "answered":
        # What is plainly of the other polarity has no highlight, and is no answer where anything else is one.
        marked = [quote for quote in shown if quote.highlights] or shown
        shown = [replace(quote, rank=rank) for rank, quote in enumerate(marked, start=1)]
        if all(quote.lacks for quote in shown):  # the one that spoke of all has changed, or was of the other polarity
            status, shortfall = "related", shortfall_of(asked.subject, (), chosen.hits)
    outcome = OUTCOMES[status]
    missing = asked.missing_words
    return Answer(
        status=status,
        question=ask.question,
        searched_as=asked.searched_as,
        notices=notices(screened.call),
        confidence=certainty,
        missing_terms=missing,
        quotes=tuple(shown) if outcome.has_quotes else (),
        index=index.info,
        suggestions=suggest(missing, index.store.spellings, index.lexical, encoder.is_word),
        took_ms=round((time.perf_counter() - began) * 1000, 1),
        changed_sources=tuple(changed),
        sources_checked=unchanged is not None,
        filters=ask.filters,
        documents_searched=len(passing.documents),
        sources_differ=status == "answered"
        and {side for quote in shown for side in quote.sides} == {"effect", "no_effect"},
        left_out=passing.left_out,
        resolution=asked.resolution if asked.resolution.reason else None,
        threshold=round(point.threshold, 4),
        topics=topics(found.hits, index, unchanged) if outcome.has_topics else (),
        candidates=candidates(found.hits, shown if outcome.has_quotes else (), index) if outcome.has_candidates else (),
        names=tuple(name.said for name in asked.subject.names),
        related=tuple(map(unmarked, shown)) if outcome.has_related else (),
        shortfall=None if outcome.has_quotes or outcome.is_withheld else shortfall,
        related_from=round(point.related_from, 4),
    )


def unmarked(quote: Quote) -> Quote:
    """Return a quote without what marks it as an answer: it is only near."""
    return replace(quote, highlights=(), companions=(), sides=())


def _documents(hits: Sequence[Hit], index: OpenIndex) -> dict[str, Document]:
    """Return the documents of some hits and of their duplicates, by id."""
    documents: dict[str, Document] = {}
    for passage in (passage for hit in hits for passage in (hit.passage, *hit.duplicates)):
        if passage.document_id not in documents:
            document = index.store.document(passage.document_id)
            if document is None:
                raise _altered(passage.id)
            documents[passage.document_id] = document
    return documents


def _quote(
    rank: int,
    hit: Hit,
    documents: Mapping[str, Document],
    sides: Sequence[SentenceMatch],
    cues: Sequence[CueSpan],
    index: OpenIndex,
    today: datetime.date,
    lacks: tuple[str, ...],
    wanted: Polarity | None,
    names: Sequence[Name],
) -> Quote:
    """Return a hit as a quote.

    `documents` are those whose sources have not changed, `sides` the sentences that stand on one side where what was
    found differs, `cues` are those of its passage, `lacks` the names that it does
    not speak of. `wanted` is the polarity that is asked for, `names` what the question is about.
    """
    passage, document = hit.passage, documents[hit.passage.document_id]
    text = document.text
    if passage_id(document.sha256, passage.start, passage.end, text[passage.start : passage.end]) != passage.id:
        raise _altered(passage.id)
    marked = highlights(hit, text, sides, document.blocks, wanted=wanted, names=names)
    start, end = marked[0] if marked else (passage.start, passage.end)
    beside = index.store.passages_beside(hit.row)
    belonging = companions(document, passage, marked, beside)
    inside = [each for each in belonging if passage.start <= each.start and each.end <= passage.end]
    return Quote(
        rank=rank,
        passage=passage,
        text=text[passage.start : passage.end],
        prefix=text[max(0, passage.start - AROUND) : passage.start],
        suffix=text[passage.end : passage.end + AROUND],
        highlights=(*marked, *((each.start, each.end) for each in inside)),
        document=document,
        blocks=tuple(blocks_at(document.blocks, passage.start, passage.end)),
        link=quote_link(document.entry.url, text[start:end], passage.page if document.media_type == PDF else None),
        cues=tuple(Cue(kind, text[first:after], first, after) for kind, first, after in cues),
        scores=hit.scores,
        also_in=tuple(
            Elsewhere(duplicate, other.path, other.title, withdrawal(other.entry))
            for duplicate in hit.duplicates
            if (other := documents.get(duplicate.document_id))
        ),
        companions=tuple(each for each in belonging if each not in inside),
        sides=tuple(sorted({match.side for match in sides if match.side})),
        standing=standing_of(document.entry, today),
        lacks=lacks,
    )


def _altered(name: str) -> IndexDamaged:
    return IndexDamaged(f"Passage {name} is not what was published.")
