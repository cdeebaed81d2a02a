"""Ask a curator's own questions of the index: is the quotation found, are the unanswerable ones refused?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.answer.engine import Engine
from rag.core.types.answers import Answer, IndexInfo
from rag.core.types.outcomes import OUTCOMES, Status
from rag.core.types.protocols import Progress
from rag.core.types.reports import OperatingPoint
from rag.corpus.question_set import Question
from rag.evaluation.refusal import Judged, Refusals, measure_kinds

QUOTES = 5


@dataclass(frozen=True, slots=True)
class FirstQuote:
    """The first quote of an answer: the passage's id, the document's path, and the exact text."""

    passage: str
    document: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a question. `rank` is that of the first quote that holds the quotation, 0 for none."""

    question: Question
    status: Status
    confidence: float
    rank: int
    highlighted: bool
    first: FirstQuote | None = None

    @property
    def answered(self) -> bool:
        """Whether quotes were shown."""
        return OUTCOMES[self.status].is_answered


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
    def highlighted(self) -> float:
        """The share of answerable questions whose quotation is inside a highlight."""
        return _share(outcome.highlighted for outcome in self._answerable())

    @property
    def wrongly_refused(self) -> float:
        """The share of answerable questions that were refused."""
        return _share(not outcome.answered for outcome in self._answerable())

    @property
    def wrongly_answered(self) -> float:
        """The share of the other questions that were answered."""
        return _share(outcome.answered for outcome in self.outcomes if not outcome.question.answerable)

    def refusals(self) -> Refusals:
        """Measure how confidence parts the answerable questions from the others."""
        return measure_kinds(
            self.point,
            [
                Judged(each.confidence, each.answered, each.question.answerable, each.question.kind)
                for each in self.outcomes
            ],
        )

    def _answerable(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.question.answerable]


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
    rank, highlighted = 0, False
    for quote, text, spans in _shown(question, answer):
        if _holds(text, question.quote or ""):
            rank = rank or quote
            highlighted = highlighted or any(_holds(span, question.quote or "") for span in spans)
    first = next((FirstQuote(quote.passage.id, quote.document.path, quote.text) for quote in answer.quotes[:1]), None)
    return Outcome(question, answer.status, answer.confidence, rank, highlighted, first)


def _shown(question: Question, answer: Answer) -> Iterator[tuple[int, str, list[str]]]:
    """Yield rank, text and highlighted sentences of the quotes from the document that is expected."""
    for quote in answer.quotes:
        if question.answerable and quote.document.path == question.document:
            text = quote.document.text
            yield quote.rank, quote.text, [text[start:end] for start, end in quote.highlights]


def _holds(text: str, quotation: str) -> bool:
    """Say whether a text holds a quotation, line ends and runs of white space apart."""
    return " ".join(quotation.split()) in " ".join(text.split())


def _share(flags: Iterator[bool] | Any) -> float:
    values = list(flags)
    return sum(values) / len(values) if values else 0.0
