"""The assembled answer: every quote cut from its document's text at its offsets, and checked against its source."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rag.answer.companions import companions
from rag.answer.highlights import highlights
from rag.answer.links import quote_link
from rag.answer.sides import Chosen, choose
from rag.answer.suggestions import suggest
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
    Filters,
    Hit,
    IndexInfo,
    Quote,
    Resolution,
    SentenceMatch,
    Status,
)
from rag.core.types.documents import Document
from rag.core.types.passages import CueSpan
from rag.core.types.protocols import TextEncoder
from rag.core.types.reports import Calibration
from rag.index.opening import OpenIndex
from rag.safety.framing import notices
from rag.safety.hearing import hear
from rag.safety.notices import Called
from rag.search.calibration import confidence
from rag.search.filters import allowed_rows, passing_documents
from rag.search.finding import find
from rag.text.words import readable

AROUND = 40
"""How many characters of prefix and suffix a quote carries."""

NO_INDEX = IndexInfo(fingerprint="", documents=0, passages=0, published="")
"""Stands in an answer for which no index was opened."""

SourceCheck = Callable[[Document], bool]
"""Says whether a document's source still has the bytes that the document was read from."""


def answer_question(
    question: str,
    *,
    context: Sequence[str],
    quotes: int,
    filters: Filters = Filters(),
    index: OpenIndex,
    encoder: TextEncoder,
    is_spelled: Callable[[str], bool],
    unchanged: SourceCheck | None,
    calibration: Calibration,
    threshold: float,
    country: str | None = None,
    stood: Sequence[str] | None = None,
    resolution: Resolution | None = None,
    today: datetime.date,
) -> Answer:
    """Answer one question with at most `quotes` quotes from the documents that pass the filters.

    `context` holds the earlier questions of the conversation, oldest first. `is_spelled` says whether a word is one
    that people write, `unchanged` is None where there are no sources to check against. `calibration` turns what was
    found into a confidence; from the `threshold` on it is shown. `country` is whose numbers the notices name, `today`
    the day by which reviews are overdue, `stood` how the earlier questions were understood if that is known,
    `resolution` how this one is where the person has said so. Where the question calls for it, nothing is searched and
    the answer is withheld. Raises `QuestionError` for a question that is empty or far too long, and what
    `passing_documents` raises for filters that cannot be applied.
    """
    began = time.perf_counter()
    context = [readable(each) for each in context]
    if resolution is not None:
        resolution = replace(resolution, standing=readable(resolution.standing))
    question, called = hear(question, context, country, understood=resolution.standing if resolution else None)
    if called.withheld:
        return unsearched(question, called, index.info, filters)
    passing = passing_documents(filters, index)
    allowed = allowed_rows(passing.documents, index)
    found = find(question, context, quotes, index, encoder, allowed=allowed, stood=stood, resolution=resolution)
    sure = confidence(calibration, found.log_odds)
    changed: list[str] = []
    shown: list[Quote] = []
    chosen = Chosen(())
    if sure >= threshold:
        chosen = choose(found.searched_as, found.asked, found.hits, quotes, index)
        documents = _documents(chosen.hits, index)
        fresh = {id_: document for id_, document in documents.items() if unchanged is None or unchanged(document)}
        changed = sorted(document.path for id_, document in documents.items() if id_ not in fresh)
        labelled = index.store.cues([hit.row for hit in chosen.hits])
        for hit in chosen.hits:
            if hit.passage.document_id in fresh:
                sides = chosen.sides.get(hit.row, ())
                shown.append(_quote(len(shown) + 1, hit, fresh, sides, labelled[hit.row], index, today))
    status: Status = "answered" if shown else "withheld" if changed else "not_in_corpus"
    return Answer(
        status=status,
        question=question,
        searched_as=found.searched_as,
        notices=notices(called),
        confidence=sure,
        missing_terms=found.asked.missing_words,
        quotes=tuple(shown),
        index=index.info,
        suggestions=suggest(found.asked.missing_words, index.store.spellings, index.lexical, is_spelled),
        took_ms=round((time.perf_counter() - began) * 1000, 1),
        changed_sources=tuple(changed),
        sources_checked=unchanged is not None,
        filters=filters,
        documents_searched=len(passing.documents),
        sources_differ={side for quote in shown for side in quote.sides} == {"effect", "no_effect"},
        left_out=passing.left_out,
        resolution=found.resolution if found.resolution.reason else None,
        threshold=round(threshold, 4),
        topics=topics(found.hits, index, unchanged) if status == "not_in_corpus" else (),
        candidates=candidates(found.hits, shown, index) if status != "withheld" else (),
    )


def unsearched(question: str, called: Called, index: IndexInfo = NO_INDEX, filters: Filters = Filters()) -> Answer:
    """Return the answer to a question that is not searched for: its notices and nothing else."""
    return Answer(
        status="withheld",
        question=question,
        searched_as=question,
        notices=notices(called),
        confidence=0.0,
        missing_terms=(),
        quotes=(),
        index=index,
        took_ms=0.0,
        filters=filters,
    )


def _documents(hits: Sequence[Hit], index: OpenIndex) -> dict[str, Document]:
    """Return the documents of some hits and of their twins, by id."""
    documents: dict[str, Document] = {}
    for passage in (passage for hit in hits for passage in (hit.passage, *hit.twins)):
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
) -> Quote:
    """Return a hit as a quote.

    `documents` are those whose sources have not changed, `sides` the sentences that stand on one side where what was
    found differs, `cues` are those of its passage.
    """
    passage, document = hit.passage, documents[hit.passage.document_id]
    text = document.text
    if passage_id(document.sha256, passage.start, passage.end, text[passage.start : passage.end]) != passage.id:
        raise _altered(passage.id)
    marked = highlights(hit, text, sides)
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
            Elsewhere(twin, other.path, other.title, withdrawal(other.entry))
            for twin in hit.twins
            if (other := documents.get(twin.document_id))
        ),
        along=tuple(each for each in belonging if each not in inside),
        sides=tuple(sorted({match.side for match in sides if match.side})),
        standing=standing_of(document.entry, today),
    )


def _altered(name: str) -> IndexDamaged:
    return IndexDamaged(
        f"Passage {name} is not what was published.", "Build it anew with: python -m rag build --rebuild"
    )
