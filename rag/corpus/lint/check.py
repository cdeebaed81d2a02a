"""Lint the corpus file by file, for what a curator would want to mend."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Set
from pathlib import Path

from rag.core.config import DEFAULT_MODEL
from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import Document
from rag.core.types.protocols import Progress, no_progress
from rag.core.types.reports import Finding
from rag.corpus.catalogue import read_catalogue
from rag.corpus.lint.broken_text import broken_text
from rag.corpus.lint.copies import near_duplicates
from rag.corpus.lint.language import other_language
from rag.corpus.lint.lengths import Lengths
from rag.corpus.lint.page_furniture import set_aside
from rag.corpus.lint.provenance import of_the_catalogue, of_the_standing, withdrawing_nothing
from rag.corpus.lint.synonyms_and_questions import of_the_questions, unused_synonyms
from rag.corpus.question_set import read_question_set
from rag.corpus.scan import read_listed, scan
from rag.corpus.synonyms_file import read_synonyms
from rag.readers.apart import ReadingApart
from rag.readers.registry import BINARY


def check(
    corpus: Path,
    today: datetime.date,
    limits: Limits = Limits(),
    model: str = DEFAULT_MODEL,
    *,
    progress: Progress = no_progress,
) -> list[Finding]:
    """Read every source of a corpus folder and return what was found, by path.

    `model` is the one that the corpus is to be searched with: what it may not understand is named.

    Raises `NotFound` when the folder is not there, `CorpusError` when its catalogue is broken.
    """
    found = scan(corpus)
    findings = [
        Finding(skipped.path, "problem", "unreadable", f"{skipped.reason} {skipped.advice}")
        for skipped in found.skipped
    ]
    findings += [
        Finding(path, "warning", "same content", f"It has the same bytes as {of} and is not indexed twice.")
        for path, of in found.duplicates
    ]
    documents: list[Document] = []
    listed = {source.path for source in found.sources} | {skipped.path for skipped in found.skipped}
    duplicates = dict(found.duplicates)
    there = listed | duplicates.keys()
    lengths = Lengths(model)
    with ReadingApart(limits) as reader:
        for done, source in enumerate(found.sources):
            progress("checking", done, len(found.sources))
            try:
                document = reader.read(source, read_listed(corpus, source.path))
            except UnreadableDocument as error:
                findings.append(Finding(source.path, "problem", "unreadable", f"{error.message} {error.advice}"))
                continue
            documents.append(document)
            findings.extend(of_the_document(document, today, there, lengths, model))
    progress("checking", len(found.sources), len(found.sources))
    findings.extend(withdrawing_nothing(read_catalogue(corpus), listed, duplicates))
    findings.extend(near_duplicates(documents))
    synonyms = read_synonyms(corpus)
    findings.extend(synonyms.problems)
    findings.extend(unused_synonyms(synonyms.rules, documents))
    findings.extend(of_the_questions(read_question_set(corpus), documents, duplicates))
    return sorted(findings, key=_place)


def of_the_document(
    document: Document, today: datetime.date, there: Set[str], lengths: Lengths, model: str
) -> Iterator[Finding]:
    """Find what is to be mended in one document by itself; `there` are the paths of all that there are."""
    yield from of_the_catalogue(document, today)
    yield from of_the_standing(document, there)
    yield from _encoding(document)
    yield from set_aside(document)
    yield from broken_text(document)
    yield from lengths.cut(document)
    if model == DEFAULT_MODEL:  # of any other, only its owner knows which languages it understands
        yield from other_language(document)


def _encoding(document: Document) -> Iterator[Finding]:
    if document.encoding not in ("utf-8", "utf-8-sig", BINARY):
        message = f"It was read as {document.encoding}; save it as UTF-8 to be sure of its characters."
        yield Finding(document.path, "note", "encoding", message)


def _place(finding: Finding) -> tuple[str, str, str, tuple[int, int]]:
    return finding.path, finding.level, finding.kind, finding.lines or (finding.page or 0, 0)
