"""Linting the corpus: what a curator would want to mend, file by file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path, PurePosixPath

from rag.errors import UnreadableDocument
from rag.question_sets import FEWEST, QUESTION_SET, QuestionFile, question_finding, read_question_set
from rag.readers.apart import ReadingApart
from rag.readers.catalogue import read_catalogue
from rag.readers.folder import SYNONYMS, read_source, scan
from rag.readers.limits import Limits
from rag.readers.registry import BINARY
from rag.readers.synonyms import read_synonyms
from rag.standing import review_overdue, withdrawal
from rag.synonyms import SynonymRule
from rag.types import CatalogueEntry, Document, Finding

SHINGLE = 8
"""Words in a row that near-duplicates are compared by."""

NEAR_DUPLICATE = 0.6
"""The share of the shorter document's shingles from which another document is named as its near-duplicate."""

_SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml")
"""What the name of a document ends in, which a title or the name of a guideline does not."""


def check(corpus: Path, today: datetime.date, limits: Limits = Limits()) -> list[Finding]:
    """Read every source of a corpus folder and return what was found, by path.

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
    with ReadingApart(limits) as reader:
        for source in found.sources:
            try:
                document = reader.read(source, read_source(corpus, source.path))
            except UnreadableDocument as error:
                findings.append(Finding(source.path, "problem", "unreadable", f"{error.message} {error.advice}"))
                continue
            documents.append(document)
            findings.extend(_of_the_catalogue(document, today))
            findings.extend(_of_the_standing(document, there))
            findings.extend(_of_the_text(document))
    findings.extend(_withdrawing_nothing(read_catalogue(corpus), listed, duplicates))
    findings.extend(_near_duplicates(documents))
    synonyms = read_synonyms(corpus)
    findings.extend(synonyms.problems)
    findings.extend(_unused_synonyms(synonyms.rules, documents))
    findings.extend(_of_the_questions(read_question_set(corpus), documents, duplicates))
    return sorted(findings, key=lambda finding: (finding.path, finding.level, finding.kind, finding.lines or (0, 0)))


def _of_the_catalogue(document: Document, today: datetime.date) -> Iterator[Finding]:
    entry, path = document.entry, document.path
    add_it = "Put it into its front matter or catalogue.toml."
    if not entry.title:
        yield Finding(path, "warning", "no title", f"Nobody gave it a title; shown as {document.title!r}. {add_it}")
    if not (entry.url or entry.source_url or entry.publisher or entry.source_title):
        yield Finding(path, "warning", "no source", f"Nothing says where it is from. {add_it}")
    if not entry.licence:
        yield Finding(path, "warning", "no licence", f"Its licence is not stated. {add_it}")
    if not (entry.published or entry.reviewed_on):
        yield Finding(path, "note", "no date", f"It has neither a date of publication nor of review. {add_it}")
    if review_overdue(entry, today):
        yield Finding(path, "warning", "review overdue", f"Its review was due on {entry.review_due}.")


def _of_the_standing(document: Document, there: Set[str]) -> Iterator[Finding]:
    """Name what withdraws a document, and what is half said of its successor or its evidence."""
    entry, path = document.entry, document.path
    if entry.retracted:
        yield Finding(path, "note", "retracted", f"It is retracted ({entry.retracted}) and not searched.")
    if successor := entry.superseded_by:
        yield Finding(path, "note", "superseded", f"It is superseded by {successor} and not searched.")
        if _looks_like_a_path(successor) and successor not in there:
            message = f"There is no document {successor!r}, by which it is superseded. Write the path of one."
            yield Finding(path, "warning", "no successor", message)
    if entry.evidence_grade and not entry.evidence_scheme:
        message = f"Its evidence grade {entry.evidence_grade!r} is not shown: evidence_scheme names no scheme."
        yield Finding(path, "warning", "grade without scheme", message)
    if entry.evidence_scheme and not entry.evidence_grade:
        message = f"Its evidence scheme {entry.evidence_scheme!r} is not shown: evidence_grade states no grade."
        yield Finding(path, "warning", "scheme without grade", message)


def _withdrawing_nothing(
    catalogue: Mapping[str, CatalogueEntry], listed: Set[str], duplicates: Mapping[str, str]
) -> Iterator[Finding]:
    """Name each path that the catalogue withdraws and that is no document: the one that is meant is still quoted."""
    for path, entry in catalogue.items():
        if (withdrawn := withdrawal(entry)) and path not in listed:
            same = duplicates.get(path)
            place = f"it is indexed as {same!r}" if same else "there is no such document"
            message = f"The catalogue says that it is {withdrawn}, but {place}. Write the path that is meant."
            yield Finding(path, "warning", "withdraws nothing", message)


def _looks_like_a_path(successor: str) -> bool:
    return "://" not in successor and PurePosixPath(successor).suffix.lower() in _SUFFIXES


def _of_the_text(document: Document) -> Iterator[Finding]:
    path = document.path
    if document.encoding not in ("utf-8", "utf-8-sig", BINARY):
        message = f"It was read as {document.encoding}; save it as UTF-8 to be sure of its characters."
        yield Finding(path, "note", "encoding", message)
    for block in document.blocks:
        if block.furniture:
            text = " ".join(document.text[block.start : block.end].split())
            yield Finding(path, "note", "furniture", f"Set aside as {block.furniture}: {text!r}", block.lines)


def _unused_synonyms(rules: Sequence[SynonymRule], documents: Sequence[Document]) -> Iterator[Finding]:
    """Name each rule that adds nothing to any question, because the documents hold none of what it leads to."""
    if not rules:
        return
    from rag.index.lexical import analyzer

    terms = analyzer().analyze
    there: set[str] = set()
    for document in documents:
        shown = (document.text[block.start : block.end] for block in document.blocks if not block.furniture)
        there.update(terms(" ".join((document.title, *shown))))
    for rule in rules:
        if not any(held and there.issuperset(held) for held in map(terms, rule.also)):
            message = f"No document holds {' or '.join(map(repr, rule.also))}: it helps no question."
            yield Finding(SYNONYMS, "note", "unused synonym", message, (rule.line, rule.line))


def _of_the_questions(
    asked: QuestionFile, documents: Sequence[Document], duplicates: Mapping[str, str]
) -> Iterator[Finding]:
    """Name each question whose quotation is not to be found where it says, and a set too small to calibrate by."""
    yield from asked.problems
    texts = {document.path: _flat(document.text) for document in documents}
    withdrawn = {document.path: withdrawal(document.entry) for document in documents}
    for question in asked.questions:
        name = question.document or ""
        here = _flat(question.quote or "") in texts.get(name, "")
        if not question.answerable or (here and not withdrawn[name]):
            continue
        if here:
            message = f"Its document {name!r} is {withdrawn[name]} and not searched. Quote another, or take it out."
        elif name in duplicates:
            message = f"The document {name!r} is indexed as {duplicates[name]!r}: write that."
        elif name not in texts:
            message = f"There is no document {name!r} to quote. Write the path of one."
        else:
            message = f"Its quote does not stand in {name!r}. Copy it from there."
        yield question_finding(question.line, message)
    if asked.here and not asked.calibrates:
        message = (
            f"It holds {asked.answerable} questions with an answer and {asked.unanswerable} without; from {FEWEST} of "
            "each on they calibrate the index."
        )
        yield Finding(QUESTION_SET, "note", "few questions", message)


def _flat(text: str) -> str:
    """Return a text with every run of white space as one space, as quotations are compared."""
    return " ".join(text.split())


def _near_duplicates(documents: Sequence[Document]) -> Iterator[Finding]:
    """Name each document that says mostly what an earlier one says, by the share of eight-word shingles."""
    holders: dict[int, list[int]] = {}
    for number, document in enumerate(documents):
        words = document.text.lower().split()
        shingles = {hash(tuple(words[i : i + SHINGLE])) for i in range(max(0, len(words) - SHINGLE + 1))}
        shared: dict[int, int] = {}
        for shingle in shingles:
            for other in holders.setdefault(shingle, []):
                shared[other] = shared.get(other, 0) + 1
            holders[shingle].append(number)
        for other, count in sorted(shared.items(), key=lambda pair: -pair[1])[:1]:
            share = count / max(1, len(shingles))
            if share >= NEAR_DUPLICATE:
                message = f"{share:.0%} of it stands in {documents[other].path} as well."
                yield Finding(document.path, "warning", "near-duplicate", message)
