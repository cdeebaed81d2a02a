"""Understand a question within its conversation, search for it, and judge how surely what was found answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.core.types.answers import Hit, Resolution
from rag.core.types.ask import Ask, EarlierQuestion
from rag.core.types.protocols import QuestionEncoder, Reranker
from rag.index.opening import OpenIndex
from rag.search.answerability import LACKS_ASPECT, LACKS_NAME, NOTHING_FOUND, Certainty, coefficients, signals
from rag.search.followups.resolving import resolve
from rag.search.hits import retrieve
from rag.search.message import read_message
from rag.search.question_names import NameFinder
from rag.search.subject import Subject, subject_of
from rag.search.terms import Asked, asked, holds
from rag.text.aspects.aspect_lists import TOLD_SURELY, spoken_aspects
from rag.text.names.listed_names import listed_names
from rag.text.synonyms import corrected, expand
from rag.text.words import checked_question, content_words

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A question as it was searched and understood, with what was found.

    `asked` are its terms and `subject` what it is about. `hits` come best first; `judgement` says how surely they
    answer.
    """

    searched_as: str
    resolution: Resolution
    asked: Asked
    hits: tuple[Hit, ...]
    judgement: Certainty
    subject: Subject

    @property
    def missing_words(self) -> tuple[str, ...]:
        """The names of what is asked about that no document holds, then other words of the question that none does."""
        unknown = [name.said for name in self.subject.unknown]
        named = {word for said in unknown for word in content_words(said)}
        return (*unknown, *(word for word in self.asked.missing_words if word not in named))


def find(
    ask: Ask,
    index: OpenIndex,
    encoder: QuestionEncoder,
    *,
    allowed: numpy.ndarray | None = None,
    reranker: Reranker | None = None,
) -> SearchResult:
    """Search for a question within its conversation, and judge what was found.

    At least `ask.quotes` hits are returned if there are so many. `allowed` says of each row, as a boolean, whether it
    may be found; the filters of the question are not looked at. A `reranker` orders the hits anew before they are
    judged.
    """
    resolution = ask.resolution or understand(ask.question, ask.earlier, index, encoder)
    question = resolution.resolved
    expansion = expand(question, index.synonyms, lambda phrase: holds(phrase, index.lexical))
    finder = NameFinder(listed_names(), index.lexical, index.store.spellings, encoder)
    found = finder.find(question, expansion)
    expansion = corrected(expansion, {span: each.word for span, each in found.meant.items() if each.source == "corpus"})
    message = read_message(question)
    subject = subject_of(message, found.names)
    about = (*subject.names, *subject.leans_on)
    terms = asked(expansion, index.lexical, resolution.borrowed_words, about, message.asking_text)
    hits = retrieve(
        terms, encoder.encode([expansion.searched_as])[0], index, ask.quotes, allowed=allowed, aspects=subject.aspects
    )
    if reranker is not None:
        hits = reranker.rerank(expansion.searched_as, hits)
    judgement = judge(subject, terms, hits, index) if hits else NOTHING_FOUND
    return SearchResult(expansion.searched_as, resolution, terms, tuple(hits), judgement, subject)


def judge(subject: Subject, terms: Asked, hits: Sequence[Hit], index: OpenIndex) -> Certainty:
    """Judge how surely hits answer a question, of which there is at least one."""
    near = coefficients().log_odds(signals(terms, hits))
    sure = near
    if subject.unknown or all(subject.lacking(hit.terms) for hit in hits):
        sure -= LACKS_NAME
    told = subject.aspects & TOLD_SURELY
    if told and told.isdisjoint(spoken_aspects(_whole(hits[0], index))):
        sure -= LACKS_ASPECT
    return Certainty(near, sure)


def _whole(hit: Hit, index: OpenIndex) -> str:
    """Return a passage's sentences after its title and headings."""
    return f"{index.store.contexts([hit.row])[hit.row]}. {index.store.sentences_text(hit.passage)}"


def understand(
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
