"""Check the curator's synonyms and question set against what the documents say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.core.corpus_files import FEWEST, QUESTION_SET, SYNONYMS
from rag.core.standing import withdrawal
from rag.core.types.documents import Document
from rag.core.types.reports import Finding
from rag.corpus.question_set import QuestionFile, question_finding
from rag.text.synonyms import SynonymRule


def unused_synonyms(rules: Sequence[SynonymRule], documents: Sequence[Document]) -> Iterator[Finding]:
    """Name each rule that adds nothing to any question, because the documents hold none of what it leads to."""
    if not rules:
        return
    from rag.text.analysis import analyzer

    terms = analyzer().analyze
    corpus_terms: set[str] = set()
    for document in documents:
        shown = (document.text[block.start : block.end] for block in document.blocks if not block.furniture)
        corpus_terms.update(terms(" ".join((document.title, *shown))))
    for rule in rules:
        if not any(rule_terms and corpus_terms.issuperset(rule_terms) for rule_terms in map(terms, rule.also)):
            message = f"No document holds {' or '.join(map(repr, rule.also))}: it helps no question."
            yield Finding(SYNONYMS, "note", "unused synonym", message, (rule.line, rule.line))


def of_the_questions(
    asked: QuestionFile, documents: Sequence[Document], duplicates: Mapping[str, str]
) -> Iterator[Finding]:
    """Name each question whose quotation is not to be found where it says, and a set too small to calibrate by."""
    yield from asked.problems
    texts = {document.path: _flat(document.text) for document in documents}
    withdrawn = {document.path: withdrawal(document.entry) for document in documents}
    for question in asked.questions:
        name = question.document or ""
        is_quoted = _flat(question.quote or "") in texts.get(name, "")
        if not question.answerable or (is_quoted and not withdrawn[name]):
            continue
        if is_quoted:
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
