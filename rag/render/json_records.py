"""Turn answers, conversations and documents into the JSON objects that the README documents."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from rag.core.catalogue_fields import FIELDS, entry_values
from rag.core.types.answers import Answer, Elsewhere, Filters, Quote, Resolution, Shortfall, Topic
from rag.core.types.documents import Block, Document, Standing
from rag.core.types.passages import Passage
from rag.core.version import __version__
from rag.render.citations.csl import csl
from rag.render.citations.reference import reference
from rag.render.lacking import near_link
from rag.render.wording import notices_of, outcome, standing_lines
from rag.text.characters import json_safe

if TYPE_CHECKING:
    from rag.core.types.answers import Turn

SCHEMA = 2
"""Raised when a field changes its meaning; fields may be added without."""


def stamped(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with the number of its schema before it."""
    return {"schema": SCHEMA, **record}


def to_json(record: Mapping[str, Any]) -> str:
    """Return one JSON object on one line, safe for a terminal."""
    return json_safe(json.dumps(record, ensure_ascii=False))


def answer_record(answer: Answer) -> dict[str, Any]:
    """Return the object of `query --json`."""
    return {
        "schema": SCHEMA,
        "status": answer.status,
        "outcome": outcome(answer),
        "question": answer.question,
        "searched_as": answer.searched_as,
        "resolution": _resolution_record(answer.resolution),
        "filters": filters_record(answer.filters),
        "documents_searched": answer.documents_searched,
        "left_out": _values(answer.left_out),
        "notices": [_values(notice) for notice in notices_of(answer)],
        "confidence": answer.confidence,
        "sources_differ": answer.sources_differ,
        "missing_terms": list(answer.missing_terms),
        "suggestions": [{"term": each.term, "words": list(each.words)} for each in answer.suggestions],
        "names": list(answer.names),
        "shortfall": _shortfall_record(answer.shortfall),
        "quotes": [_quote_record(quote) for quote in answer.quotes],
        "related": [_related_record(quote) for quote in answer.related],
        "topics": [_topic_record(topic) for topic in answer.topics],
        "threshold": answer.threshold,
        "related_from": answer.related_from,
        "candidates": [
            {**_topic_record(each.topic), "score": each.score, "rank": each.rank} for each in answer.candidates
        ],
        "changed_sources": list(answer.changed_sources),
        "sources_checked": answer.sources_checked,
        "index": _values(answer.index),
        "took_ms": answer.took_ms,
    }


def _values(record: Any) -> dict[str, Any]:
    """Return a dataclass's values by the names of its fields; `dataclasses.asdict` copies each, deeply."""
    return {name: getattr(record, name) for name in _names(cast(Hashable, type(record)))}


@cache
def _names(of: Hashable) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cast(Any, of)))


def conversation_record(turns: Sequence[Turn], exported_at: str) -> dict[str, Any]:
    """Return a conversation as one object; `index` is the one that answered last, each answer names its own."""
    indexes = [turn.answer.index for turn in turns if turn.answer.index.fingerprint]
    return {
        "schema": SCHEMA,
        "version": __version__,
        "exported_at": exported_at,
        "index": _values(indexes[-1]) if indexes else None,
        "turns": [{"asked_at": turn.asked_at, "answer": answer_record(turn.answer)} for turn in turns],
    }


def _resolution_record(resolution: Resolution | None) -> dict[str, Any] | None:
    if resolution is None:
        return None
    return {
        "standing": resolution.resolved,
        "reason": resolution.reason,
        "lent": list(resolution.borrowed_words),
        "choices": list(resolution.choices),
    }


def filters_record(filters: Filters) -> dict[str, Any]:
    """Return the filters that were asked for, and nothing where there were none."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in _values(filters).items() if value
    }


def document_record(document: Document, standing: Standing) -> dict[str, Any]:
    """Return what is known of a document, and how it stands today."""
    return {
        "id": document.id,
        "path": document.path,
        "sha256": document.sha256,
        "media_type": document.media_type,
        "encoding": document.encoding,
        **entry_values(document.entry),
        "title": document.title,
        "standing": standing_lines(standing),
    }


def block_record(block: Block) -> dict[str, Any]:
    """Return a block as `show DOCUMENT --json` prints it."""
    record = _values(block)
    record["section"] = list(block.section)
    record["attribution"] = _values(block.attribution)
    record["lines"] = list(block.lines) if block.lines else None
    return record


def passage_record(passage: Passage, document: Document) -> dict[str, Any]:
    """Return a passage with its text."""
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "text": document.text[passage.start : passage.end],
        "start": passage.start,
        "end": passage.end,
        "sentences": [list(span) for span in passage.sentences],
        "section": list(passage.section),
        "attribution": _values(passage.attribution),
        "page": passage.page,
        "lines": list(passage.lines) if passage.lines else None,
    }


def _quote_record(quote: Quote) -> dict[str, Any]:
    document = document_record(quote.document, quote.standing)
    return {
        "rank": quote.rank,
        "id": quote.passage.id,
        "lacks": list(quote.lacks),
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
        "highlights": [list(span) for span in quote.highlights],
        "document": {name: document[name] for name in _QUOTED_FIELDS},
        "standing": document["standing"],
        "section": list(quote.passage.section),
        "page": quote.passage.page,
        "page_label": quote.page_label,
        "lines": list(quote.passage.lines) if quote.passage.lines else None,
        "link": quote.link,
        "attribution": _values(quote.passage.attribution),
        "cues": [_values(cue) for cue in quote.cues],
        "along": [_values(companion) for companion in quote.companions],
        "sides": list(quote.sides),
        "scores": _values(quote.scores),
        "also_in": [_elsewhere_record(other) for other in quote.also_in],
        "citation": csl(reference(quote)),
    }


def _related_record(quote: Quote) -> dict[str, Any]:
    """Return a passage that is near and no answer: nothing in it is marked, and it is not to be cited as one."""
    record = {name: value for name, value in _quote_record(quote).items() if name not in _OF_ANSWERS_ALONE}
    return {**record, "link": near_link(quote)}


def _shortfall_record(shortfall: Shortfall | None) -> dict[str, Any] | None:
    if shortfall is None:
        return None
    return {"kind": shortfall.kind, "names": list(shortfall.names), "covered": list(shortfall.covered)}


def _topic_record(topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.passage.id,
        "document": topic.path,
        "title": topic.title,
        "section": list(topic.passage.section),
    }


def _elsewhere_record(other: Elsewhere) -> dict[str, Any]:
    passage = other.passage
    return {
        "id": passage.id,
        "document": other.path,
        "title": other.title,
        "withdrawn": other.withdrawn,
        "start": passage.start,
        "end": passage.end,
        "lines": list(passage.lines) if passage.lines else None,
    }


_FIRST_QUOTED_FIELDS = (
    "id", "path", "sha256", "title", "authors", "publisher", "published", "reviewed_on", "url", "licence",
    "kind", "language", "source_title", "source_url", "notes", "review_due", "retracted", "superseded_by",
    "evidence_grade", "evidence_scheme",
)  # fmt: skip
_QUOTED_FIELDS = tuple(dict.fromkeys((*_FIRST_QUOTED_FIELDS, *(field.name for field in FIELDS))))
_OF_ANSWERS_ALONE = frozenset(("highlights", "along", "sides", "citation"))
"""Fields of a quote that a related passage does not have."""
