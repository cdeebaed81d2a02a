"""Ask a curator's own questions of the index: is the quotation found, are the unanswerable ones refused?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.answer.engine import Engine
from rag.core.types.answers import Answer, IndexInfo, Quote
from rag.core.types.outcomes import Status
from rag.core.types.protocols import Progress
from rag.core.types.reports import OperatingPoint
from rag.corpus.question_set import Question
from rag.evaluation.refusal import HasStatus, Judged, Refusals, measure_kinds

QUOTES = 5


@dataclass(frozen=True, slots=True)
class FirstQuote:
    """The first quote of an answer: the passage's id, the document's path, and the exact text."""

    passage: str
    document: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome(HasStatus):
    """The outcome of a question.

    `rank` is that of the first quote that holds the quotation, `related_rank` that of the first related passage that
    does; 0 for none.
    """

    question: Question
    status: Status
    confidence: float
    rank: int
    highlighted: bool
    first: FirstQuote | None = None
    related_rank: int = 0


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """The outcomes of a question set, and the shares that matter."""

    outcomes: tuple[Outcome, ...]
    index: IndexInfo
    point: OperatingPoint

    def found_in_first(self, ranks: int) -> float:
        """Return the share of answerable questions whose quotation is in the first `ranks` quotes."""
        return _share(0 < outcome.rank <= ranks for outcome in self._answerable())

    @property
    def in_what_is_shown(self) -> float:
        """The share of answerable questions whose quotation is in a quote, or in a related passage."""
        return _share(bool(outcome.rank or outcome.related_rank) for outcome in self._answerable())

    @property
    def highlighted(self) -> float:
        """The share of answerable questions whose quotation is inside a highlight."""
        return _share(outcome.highlighted for outcome in self._answerable())

    @property
    def wrongly_refused(self) -> float:
        """The share of answerable questions that were shown no passage."""
        return _share(not outcome.answered and not outcome.related for outcome in self._answerable())

    @property
    def only_related(self) -> float:
        """The share of answerable questions that were shown related passages, and no answer."""
        return _share(outcome.related for outcome in self._answerable())

    @property
    def wrongly_answered(self) -> float:
        """The share of the other questions that were answered."""
        return _share(outcome.answered for outcome in self._unanswerable())

    @property
    def related_unanswered(self) -> float:
        """The share of the other questions that were shown related passages, and no answer."""
        return _share(outcome.related for outcome in self._unanswerable())

    def refusals(self) -> Refusals:
        """Measure how confidence parts the answerable questions from the others."""
        return measure_kinds(
            self.point,
            [
                Judged(each.confidence, each.status, each.question.answerable, each.question.kind)
                for each in self.outcomes
            ],
        )

    def _answerable(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.question.answerable]

    def _unanswerable(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.question.answerable]


def ask_questions(engine: Engine, questions: Sequence[Question], progress: Progress) -> QuestionReport:
    """Ask every question as a person would, with its conversation, and compare."""
    outcomes = []
    for done, question in enumerate(questions):
        progress("asking", done, len(questions))
        answer = engine.ask(question.turns[-1], context=question.turns[:-1], quotes=QUOTES)
        outcomes.append(_outcome(question, answer))
    progress("asking", len(questions), len(questions))
    return QuestionReport(tuple(outcomes), engine.info, engine.operating_point)


def _outcome(question: Question, answer: Answer) -> Outcome:
    holding, near = _holding(question, answer.quotes), _holding(question, answer.related)
    highlighted = any(
        _holds(quote.document.text[start:end], question.quote or "")
        for quote in holding
        for start, end in quote.highlights
    )
    first = next((FirstQuote(quote.passage.id, quote.document.path, quote.text) for quote in answer.quotes[:1]), None)
    return Outcome(question, answer.status, answer.confidence, _first(holding), highlighted, first, _first(near))


def _holding(question: Question, passages: Sequence[Quote]) -> list[Quote]:
    """Return the passages of the document that is expected that hold the quotation."""
    if not question.answerable:
        return []
    there = [each for each in passages if each.document.path == question.document]
    return [each for each in there if _holds(each.text, question.quote or "")]


def _first(passages: Sequence[Quote]) -> int:
    return passages[0].rank if passages else 0


def _holds(text: str, quotation: str) -> bool:
    """Say whether a text holds a quotation, line ends and runs of white space apart."""
    return " ".join(quotation.split()) in " ".join(text.split())


def _share(flags: Iterator[bool] | Any) -> float:
    values = list(flags)
    return sum(values) / len(values) if values else 0.0
