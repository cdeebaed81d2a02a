"""Define what is asked and found: filters, hits, quotes, notices, the answer.

All offsets are code points into `Document.text`, half-open (`start` included, `end` not).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rag.core.types.documents import Block, Document, Standing, Withdrawal
from rag.core.types.outcomes import OUTCOMES, Status
from rag.core.types.passage_readings import PassageReading
from rag.core.types.passages import CueKind, Passage, Side

ShortfallKind = Literal["unknown", "apart", "unsure"]
NoticeKind = Literal["framing", "dosing", "emergency", "crisis", "poisoning"]
CompanionKind = Literal["caveat", "lead-in", "header"]


@dataclass(frozen=True, slots=True)
class Filters:
    """The documents that a search may quote; a field that is empty narrows nothing.

    `documents` are ids, beginnings of ids (4 characters or more) or paths in the corpus. A language is a BCP 47 tag and
    lets every tag pass that begins with it: "en" lets "en-GB" pass. `since` and `until` are ISO 8601 (a year, a month
    or a day) and mean its first and its last day. A document's date is that of its publication, or else of its review.
    What a filter asks of a document must be stated: one without a date passes no filter on dates.

    Retracted and superseded documents are left out, one that is both as a retracted one, unless they are included.
    """

    documents: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    include_retracted: bool = False
    include_superseded: bool = False

    @property
    def active(self) -> bool:
        """Whether anything is asked of a document; to include what is withdrawn asks nothing."""
        return replace(self, include_retracted=False, include_superseded=False) != Filters()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The number of documents that passed a question's filters and were not searched because they are withdrawn."""

    retracted: int = 0
    superseded: int = 0


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """A sentence's span, its cosine with the question, the share of the question's weight that its words hold.

    `score` is how well it answers, for choosing among sentences; `side` whether it reports an effect or denies one.
    """

    span: tuple[int, int]
    cosine: float
    coverage: float
    score: float
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """`dense` is a cosine, `lexical` a BM25 score, `fused` what the ranking used."""

    fused: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with its place in the index (`row`), and its sentences as they match the question.

    `absolute` is the fused score without feedback, which means the same for every question. `duplicates` say the same
    in the same words. `terms` are those of the passage, of its title and of its headings. `bonus` is what it counts
    in the order of hits that a heading above it speaks of what is asked. `reading` is what a cross-encoder says of it,
    where it was read.
    """

    row: int
    passage: Passage
    scores: Scores
    absolute: float
    sentences: tuple[SentenceMatch, ...]
    duplicates: tuple[Passage, ...] = ()
    terms: frozenset[str] = frozenset()
    bonus: float = 0.0
    reading: PassageReading | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A fixed text that stands with an answer."""

    kind: NoticeKind
    text: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A label on words that stand in a quote, with their span in the document."""

    kind: CueKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Companion:
    """Words of the document that may not be left behind when a sentence beside them is quoted, with their span."""

    kind: CompanionKind
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another passage that says the same as a quote: which, and in which document, withdrawn or not."""

    passage: Passage
    path: str
    title: str
    withdrawn: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as it is shown: its exact text, its place, whose words it is, and from where.

    `highlights` are spans in the document's text, the best first. `also_in` are other places that say the same in the
    same words. `blocks` are the document's blocks that the quote touches, so that a screen can lay it out as the source
    does. `cues` are labels on words of the quote, in its order. `companions` are words of the document outside of the
    quote that belong to a highlighted sentence. `sides`, where the answer's sources differ, are those that this one is
    on. `standing` is the document's on the day of the question. `lacks` are the names of the question that neither the
    passage nor its title or headings speak of.
    """

    rank: int
    passage: Passage
    text: str
    prefix: str
    suffix: str
    highlights: tuple[tuple[int, int], ...]
    document: Document
    blocks: tuple[Block, ...]
    link: str | None
    cues: tuple[Cue, ...]
    scores: Scores
    also_in: tuple[Elsewhere, ...] = ()
    companions: tuple[Companion, ...] = ()
    sides: tuple[Side, ...] = ()
    standing: Standing = Standing()
    lacks: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        """Where the quote begins in the document's text."""
        return self.passage.start

    @property
    def end(self) -> int:
        """Where the quote ends in the document's text."""
        return self.passage.end

    @property
    def page_label(self) -> str | None:
        """What the file calls the quote's page where it does not simply count it."""
        return self.blocks[0].page_label if self.blocks else None


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The index that answered. `fingerprint` changes with everything that can change an answer."""

    fingerprint: str
    documents: int
    passages: int
    published: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words of the corpus that are spelled much like a word of the question that no document holds, likeliest first."""

    term: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """A question as it was understood within its conversation.

    `resolved` is the question as it stands by itself, `reason` why that is not as it was typed; None where it is.
    `borrowed_words` are those of earlier questions, behind it in brackets. `choices` are other readings of it.
    """

    resolved: str
    reason: str | None = None
    borrowed_words: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A place of the corpus, named by the title of its document and the headings above it, never by its text."""

    passage: Passage
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found: where it stands, what the ranking made of it, and as which quote it is shown, if so."""

    topic: Topic
    score: float
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why passages near a question are no answer to it.

    "unknown": no document speaks of the `names`; "apart": documents do, and no passage speaks of all of them together;
    "unsure": nothing is lacking, and the passages may not answer. `covered` are names that the passages do speak of.
    Names are as they were typed.
    """

    kind: ShortfallKind
    names: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question. `notices` always holds the framing.

    `names` are what the question is about, as typed. `related` are passages near it that are no answer, without
    highlights, and `shortfall` says why they are none; `quotes` are empty then. Where nothing is near, `shortfall`
    names what no document speaks of, if there is such.

    `documents_searched` counts the documents that passed the filters: all of the index where there was none, but for
    those that were `left_out`.
    `sources_differ` says that among the quotes are sentences that report an effect and ones that deny it. `resolution`
    is how the question was understood within its conversation, None where it stands as it was typed.
    `topics` are the nearest that the corpus does cover where it does not say, and no answer. `candidates` are the best
    passages that were found, in the order of the search; from a confidence of `threshold` on, some are shown as an
    answer, from `related_from` on as related. A withheld answer has none of these.
    """

    status: Status
    question: str
    searched_as: str
    notices: tuple[Notice, ...]
    confidence: float
    missing_terms: tuple[str, ...]
    quotes: tuple[Quote, ...]
    index: IndexInfo
    took_ms: float
    changed_sources: tuple[str, ...] = ()
    sources_checked: bool = True
    suggestions: tuple[Suggestion, ...] = ()
    filters: Filters = Filters()
    documents_searched: int = 0
    sources_differ: bool = False
    resolution: Resolution | None = None
    left_out: LeftOut = LeftOut()
    threshold: float = 0.0
    topics: tuple[Topic, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    names: tuple[str, ...] = ()
    related: tuple[Quote, ...] = ()
    shortfall: Shortfall | None = None
    related_from: float = 0.0

    @property
    def is_answered(self) -> bool:
        """Whether quotes are shown as an answer."""
        return OUTCOMES[self.status].is_answered

    @property
    def is_withheld(self) -> bool:
        """Whether nothing of what there may be is shown: a notice comes first, or the sources have changed."""
        return OUTCOMES[self.status].is_withheld

    @property
    def is_searched(self) -> bool:
        """Whether anything was searched; where a notice comes first, nothing is."""
        return not self.is_withheld or bool(self.changed_sources)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation with its answer, and when it was asked (ISO 8601, with the time zone)."""

    question: str
    answer: Answer
    asked_at: str

    @property
    def resolved(self) -> str:
        """The question as it was understood."""
        return self.answer.resolution.resolved if self.answer.resolution else self.question


@dataclass(frozen=True, slots=True)
class QuotedDocument:
    """A document, how it stands, and its quotes, each with the number of the question that it was given to."""

    document: Document
    standing: Standing
    quotes: tuple[tuple[int, Quote], ...]
