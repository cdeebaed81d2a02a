"""The assembled answer: every quote cut from its document's text at its offsets, and checked against its source."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rag.alternatives import alternatives, holds
from rag.answer.answerability import judge
from rag.answer.follow_up import searched_as
from rag.answer.framing import notices
from rag.answer.sentences import SentenceMatch, highlights, match_sentences
from rag.answer.suggestions import suggest
from rag.cite import quote_link
from rag.errors import IndexDamaged, QuestionError
from rag.filters import allowed_rows, passing_documents
from rag.identity import passage_id
from rag.index import OpenIndex
from rag.questions import LONGEST_QUESTION
from rag.retrieval import retrieve
from rag.synonyms import expand
from rag.types import Answer, Document, Filters, Hit, Quote, TextEncoder

AROUND = 40
"""How many characters of prefix and suffix a quote carries."""

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
) -> Answer:
    """Answer one question with at most `quotes` quotes from the documents that pass the filters.

    `context` holds the earlier questions of the conversation, oldest first. `is_spelled` says whether a word is one
    that people write, `unchanged` is None where there are no sources to check against. Raises `QuestionError` for a
    question that is empty or far too long, and what `passing_documents` raises for filters that cannot be applied.
    """
    began = time.perf_counter()
    question = checked_question(question)
    searched = searched_as(question, [checked_question(earlier) for earlier in context])
    passing = passing_documents(filters, index)
    expansion = expand(searched, index.synonyms, lambda phrase: holds(phrase, index.lexical))
    meant = alternatives(expansion, index.lexical)
    vector = encoder.encode([expansion.searched_as])[0]
    hits = retrieve(searched, vector, index, quotes, allowed=allowed_rows(passing, index), synonyms=expansion.added)
    documents = _documents(hits, index)
    matches = match_sentences(searched, vector, hits, documents, index, meant)
    passages = [f"{_headings(hit, documents)}\n{_text(hit, documents)}" for hit in hits]
    cosines = [match.cosine for found in matches.values() for match in found] + [hit.scores.dense for hit in hits]
    judgement = judge(searched, passages, cosines, index.lexical, meant)
    changed: list[str] = []
    shown: list[Quote] = []
    if judgement.answered:
        fresh = {id_: unchanged is None or unchanged(document) for id_, document in documents.items()}
        changed = sorted(document.path for id_, document in documents.items() if not fresh[id_])
        for hit in hits:
            if fresh[hit.passage.document_id]:
                document = documents[hit.passage.document_id]
                shown.append(_quote(len(shown) + 1, hit, document, matches[hit.passage.id]))
    return Answer(
        status="answered" if shown else "withheld" if changed else "not_in_corpus",
        question=question,
        searched_as=expansion.searched_as,
        notices=notices(question),
        confidence=judgement.confidence,
        missing_terms=judgement.missing_terms,
        quotes=tuple(shown),
        index=index.info,
        suggestions=suggest(judgement.missing_terms, index.store.spellings, index.lexical, is_spelled),
        took_ms=round((time.perf_counter() - began) * 1000, 1),
        changed_sources=tuple(changed),
        sources_checked=unchanged is not None,
        filters=filters,
        documents_searched=len(passing),
    )


def checked_question(question: str) -> str:
    """Return the question without white space around it. Raises `QuestionError` if it cannot be asked.

    Bytes of the command line that are not UTF-8 come as unpaired surrogates; they are replaced.
    """
    question = question.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    if not question:
        raise QuestionError("The question is empty.", 'Type one: python -m rag query "What does the corpus say of …?"')
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} are read.",
            "Ask it in a sentence or two.",
        )
    return question


def _documents(hits: Sequence[Hit], index: OpenIndex) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for hit in hits:
        id_ = hit.passage.document_id
        if id_ not in documents:
            document = index.store.document(id_)
            if document is None:
                raise _altered(hit.passage.id)
            documents[id_] = document
    return documents


def _text(hit: Hit, documents: dict[str, Document]) -> str:
    return documents[hit.passage.document_id].text[hit.passage.start : hit.passage.end]


def _headings(hit: Hit, documents: dict[str, Document]) -> str:
    return " ".join((documents[hit.passage.document_id].title, *hit.passage.section))


def _quote(rank: int, hit: Hit, document: Document, matches: Sequence[SentenceMatch]) -> Quote:
    passage, text = hit.passage, document.text
    if passage_id(document.sha256, passage.start, passage.end, text[passage.start : passage.end]) != passage.id:
        raise _altered(passage.id)
    marked = highlights(passage, matches)
    start, end = marked[0] if marked else (passage.start, passage.end)
    return Quote(
        rank=rank,
        passage=passage,
        text=text[passage.start : passage.end],
        prefix=text[max(0, passage.start - AROUND) : passage.start],
        suffix=text[passage.end : passage.end + AROUND],
        highlights=marked,
        document=document,
        blocks=tuple(block for block in document.blocks if block.start < passage.end and block.end > passage.start),
        link=quote_link(document.entry.url, text[start:end]),
        cues=(),
        scores=hit.scores,
    )


def _altered(name: str) -> IndexDamaged:
    return IndexDamaged(
        f"Passage {name} is not what was published.", "Build it anew with: python -m rag build --rebuild"
    )
