"""Understand a question: within its conversation, by its names and its sentences that ask, as terms to search for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.core.types.answers import Resolution
from rag.core.types.ask import Ask, EarlierQuestion
from rag.core.types.protocols import QuestionEncoder
from rag.index.opening import OpenIndex
from rag.search.followups.resolving import resolve
from rag.search.message import read_message
from rag.search.question_names import NameFinder
from rag.search.subject import Subject, subject_of
from rag.search.terms import Asked, asked, holds
from rag.text.names.listed_names import listed_names
from rag.text.synonyms import corrected, expand
from rag.text.words import checked_question, content_words


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched: how it was resolved, its wording for the encoder, its terms, what it is about."""

    resolution: Resolution
    searched_as: str
    terms: Asked
    subject: Subject

    @property
    def missing_words(self) -> tuple[str, ...]:
        """The names of what is asked about that no document holds, then other words of the question that none does."""
        unknown = [name.said for name in self.subject.unknown]
        named = {word for said in unknown for word in content_words(said)}
        return (*unknown, *(word for word in self.terms.missing_words if word not in named))


def understand(ask: Ask, index: OpenIndex, encoder: QuestionEncoder) -> Understood:
    """Understand a question within its conversation."""
    resolution = ask.resolution or resolve_within(ask.question, ask.earlier, index, encoder)
    question = resolution.resolved
    expansion = expand(question, index.synonyms, lambda phrase: holds(phrase, index.lexical))
    finder = NameFinder(listed_names(), index.lexical, index.store, encoder)
    found = finder.find(question, expansion)
    expansion = corrected(expansion, {span: each.word for span, each in found.meant.items() if each.source == "corpus"})
    message = read_message(question)
    subject = subject_of(message, found.names)
    about = (*subject.names, *subject.leans_on)
    terms = asked(expansion, index.lexical, resolution.borrowed_words, about, message.asking_text)
    return Understood(resolution, expansion.searched_as, terms, subject)


def resolve_within(
    question: str, earlier: Sequence[EarlierQuestion], index: OpenIndex, encoder: QuestionEncoder
) -> Resolution:
    """Resolve a question against the earlier ones of its conversation, oldest first, each of them first if need be."""

    def alike(text: str, others: Sequence[str]) -> list[float]:
        own, *vectors = encoder.encode([text, *others])
        return [float(own @ vector) for vector in vectors]

    before: list[str] = []
    for each in earlier:
        resolved = each.resolved
        if resolved is None:
            resolved = resolve(checked_question(each.question), before, index.lexical, alike).resolved
        before.append(resolved)
    return resolve(question, before, index.lexical, alike)
