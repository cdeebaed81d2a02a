"""The frozen dataclasses that travel between rooms, and the Protocols at the expensive seams.

All offsets are code points into `Document.text`, half-open (`start` included, `end` not).
This module imports nothing from `rag`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy

BlockKind = Literal["heading", "paragraph", "list item", "table row", "quotation", "footnote", "caption", "code"]
Statement = Literal["plain", "aim", "finding"]
Status = Literal["answered", "not_in_corpus", "withheld"]
NoticeKind = Literal["framing", "dosing", "emergency", "crisis", "poisoning"]
CueKind = Literal["design", "subjects", "hedge", "speculation", "effect", "no_effect", "dose", "funding", "grade"]
Side = Literal["effect", "no_effect"]
CompanionKind = Literal["caveat", "lead-in", "header"]
Withdrawal = Literal["retracted", "superseded"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose words a stretch of text is: the document's author, or somebody whom it quotes."""

    kind: Literal["author", "quoted"] = "author"
    name: str | None = None
    url: str | None = None


AUTHOR = Attribution()


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What is known of a source. Dates are ISO 8601: a year, a month or a day; `language` is a BCP 47 tag.

    `url` is where the document itself can be read; `source_title` and `source_url` name what a document restates.
    `retracted` is a date, a reason or "yes"; `superseded_by` a path in the corpus, a title or an address. Of these two
    an empty text says that it is not so, which a document's own entry need not say. `evidence_grade` is one that was
    published, of the scheme that `evidence_scheme` names.
    """

    title: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    url: str | None = None
    published: str | None = None
    reviewed_on: str | None = None
    review_due: str | None = None
    licence: str | None = None
    kind: str | None = None
    language: str | None = None
    notes: str | None = None
    retracted: str | None = None
    superseded_by: str | None = None
    evidence_grade: str | None = None
    evidence_scheme: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a reader must know of a document today.

    `review_was_due` is a date that is over; `evidence` is a published grade with the name of its scheme, never one
    without the other.
    """

    retracted: str | None = None
    superseded_by: str | None = None
    review_was_due: str | None = None
    evidence: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents a search may quote; a field that is empty narrows nothing.

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
    """How many documents passed the filters of a question, and were not searched because they are withdrawn."""

    retracted: int = 0
    superseded: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A file under the corpus folder: `path` is relative to it, with forward slashes."""

    path: str
    sha256: str
    entry: CatalogueEntry = CatalogueEntry()


@dataclass(frozen=True, slots=True)
class SkippedSource:
    """A file that was left out, with the reason and what to do about it; `sha256` if its bytes could be read."""

    path: str
    reason: str
    advice: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item… at `start:end` of the document's text.

    `section` is the heading path, a heading's own text included. `furniture` is the reason why the block
    is set aside as not part of what the document says, or None. `wrapped` says that line ends inside the
    block come from hard wrapping and may be shown as spaces. `lines` are the source's, from 1, inclusive.
    `page` is counted from 1; `page_label` is what the file calls that page where it calls it otherwise ("iv").
    """

    start: int
    end: int
    kind: BlockKind
    section: tuple[str, ...] = ()
    attribution: Attribution = AUTHOR
    furniture: str | None = None
    page: int | None = None
    lines: tuple[int, int] | None = None
    wrapped: bool = False
    page_label: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One source as it was read: the canonical text, its blocks, and what is known of it.

    `id` is the beginning of `sha256`, the hash of the source's bytes.
    """

    id: str
    path: str
    sha256: str
    media_type: str
    encoding: str
    title: str
    text: str
    blocks: Sequence[Block]
    entry: CatalogueEntry


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document that is searched and quoted as a whole.

    `sentences` are spans in the document's text, in order. A passage that is only a heading has none;
    it is kept so that passages cover the document, but it is never an answer.
    """

    id: str
    document_id: str
    start: int
    end: int
    sentences: tuple[tuple[int, int], ...]
    section: tuple[str, ...]
    attribution: Attribution
    page: int | None
    lines: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class PassageWords:
    """A passage as its words are matched: the search terms of each sentence, in order.

    `statements` says of each sentence whether it tells what somebody set out to learn or what was found, `sides`
    whether its words report an effect or deny one; None for both and for neither.
    """

    sentences: tuple[tuple[str, ...], ...]
    statements: tuple[Statement, ...]
    sides: tuple[Side | None, ...]


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

    `absolute` is the fused score without feedback, which means the same for every question. `twins` say the same in the
    same words.
    """

    row: int
    passage: Passage
    scores: Scores
    absolute: float
    sentences: tuple[SentenceMatch, ...]
    twins: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A fixed text that stands with an answer."""

    kind: NoticeKind
    text: str


CueSpan = tuple[CueKind, int, int]
"""A cue's kind, and its span in the document."""


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
    does. `cues` are labels on words of the quote, in its order. `along` are words of the document outside of the quote
    that belong to a highlighted sentence. `sides`, where the answer's sources differ, are those that this one is on.
    `standing` is the document's on the day of the question.
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
    along: tuple[Companion, ...] = ()
    sides: tuple[Side, ...] = ()
    standing: Standing = Standing()

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
class OperatingPoint:
    """The confidence from which quotes are shown as an answer, and how often that is wrong.

    `wrongly_refused` is the share of the questions with an answer that it refuses, `wrongly_answered` of those without
    one that it answers, both as measured on the questions that `measured_on` names.
    """

    threshold: float
    wrongly_refused: float
    wrongly_answered: float
    measured_on: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure the judgement is of questions whose answer is known to be there (`good`) or not (`bad`).

    Both hold confidences in ascending order. A confidence is the probability of slope · log-odds + intercept.
    """

    slope: float
    intercept: float
    good: tuple[float, ...]
    bad: tuple[float, ...]
    measured_on: str


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered. `fingerprint` changes with everything that can change an answer."""

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
    """How a question was understood within its conversation.

    `standing` is the question as it stands by itself, `reason` why that is not as it was typed; None where it is.
    `lent` are words of earlier questions that stand behind it in brackets. `choices` are other readings of it.
    """

    standing: str
    reason: str | None = None
    lent: tuple[str, ...] = ()
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
class Answer:
    """What is said to one question. `notices` always holds the framing.

    `documents_searched` counts the documents that passed the filters: all of the index where there was none, but for
    those that were `left_out`.
    `sources_differ` says that among the quotes are sentences that report an effect and ones that deny it. `resolution`
    is how the question was understood within its conversation, None where it stands as it was typed.
    `topics` are the nearest that the corpus does cover where it does not say, and no answer. `candidates` are the best
    passages that were found, in the order of the search; from a confidence of `threshold` on, some are shown. A
    withheld answer has none of these.
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


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Paths are relative to the corpus folder.

    `findings` are lines of the synonyms and of the question set that are not used. `operating_point` is as measured on
    the corpus's own questions; None where there are too few, and the program's own stands.
    """

    fingerprint: str
    published: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    documents: int
    passages: int
    encoded: int
    skipped: tuple[SkippedSource, ...]
    duplicates: tuple[tuple[str, str], ...]
    seconds: float
    findings: tuple[Finding, ...] = ()
    operating_point: OperatingPoint | None = None


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """The index against the corpus. `current` means that nothing would change.

    `state` is a hash of what the corpus holds: what was found of the same state still holds.
    """

    current: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[SkippedSource, ...]
    duplicates: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...] = field(default=())
    state: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `kind` is a stable name; `lines` and `page` are the source's, where there are any."""

    path: str
    level: Literal["problem", "warning", "note"]
    kind: str
    message: str
    lines: tuple[int, int] | None = None
    page: int | None = None


class TextEncoder(Protocol):
    """Turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> numpy.ndarray:
        """Return float32 rows of unit length, one a text, shape (len(texts), dimensions)."""
        ...


class Vocabulary(Protocol):
    """The words of an index, as its lexical side knows them."""

    def terms(self, text: str) -> list[str]:
        """Return the search terms of a text: lower case, no stop words, stemmed."""
        ...

    def inverse_document_frequency(self, term: str) -> float:
        """Return BM25's idf of a term; the greatest there is for one that no passage holds."""
        ...

    def contains(self, term: str) -> bool:
        """Say whether any passage holds the term."""
        ...


class Progress(Protocol):
    """Is told how far long work has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` units of a stage are finished."""
        ...


TokenCounter = Callable[[str], int]


def no_progress(stage: str, done: int, total: int) -> None:
    """Ignore progress."""
