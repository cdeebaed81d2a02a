"""Ask an opened index: tie the encoder, the index and the answer together."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answer.assemble import answer_question
from rag.answer.respond import respond
from rag.core.dates import today
from rag.core.errors import UnreadableDocument
from rag.core.standing import standing_of
from rag.core.system.threads import on_thread
from rag.core.types.answers import Answer, Filters, IndexInfo, Resolution
from rag.core.types.ask import Ask, earlier_questions
from rag.core.types.documents import Document, Standing
from rag.core.types.passages import Passage
from rag.core.types.reports import Calibration, OperatingPoint
from rag.corpus.scan import sha256_of
from rag.corpus.source_bytes import read_source
from rag.index.opening import OpenIndex, open_published
from rag.safety.screening import Screened
from rag.safety.texts import check_country
from rag.search.answerability import default_calibration
from rag.search.calibration import operating_point
from rag.search.understanding import resolve_within
from rag.text.names.listed_names import listed_names

if TYPE_CHECKING:
    from rag.encoder.cross_encoder import CrossEncoder
    from rag.encoder.cross_encoder_files import Unavailable
    from rag.encoder.onnx import Encoder


class Engine:
    """Answers questions from one published index. Safe to share among threads; opens files when first needed.

    Without `check_sources` it answers as the index would whose corpus has not changed, and says that it did not check.
    `may_refuse` is the share of the questions with an answer for which nothing may be shown, `may_mislead` the share of
    what is answered that may not answer; None is `MAY_REFUSE` and `MAY_MISLEAD`. `country` is whose numbers the safety
    notices name; without one they name none. `today` says which day it is, by which reviews are overdue.
    """

    def __init__(
        self,
        index: OpenIndex,
        corpus: Path | None = None,
        *,
        check_sources: bool = True,
        may_refuse: float | None = None,
        may_mislead: float | None = None,
        country: str | None = None,
        today: Callable[[], datetime.date] = today,
    ) -> None:
        self.index = index
        self.corpus = corpus or index.corpus
        self.check_sources = check_sources
        self.may_refuse = may_refuse
        self.may_mislead = may_mislead
        self.country = country
        self.today = today
        self._hashed: dict[str, tuple[tuple[int, int, int], str]] = {}

    @cached_property
    def encoder(self) -> Encoder:
        """The exported model that lies with the index."""
        from rag.encoder.onnx import Encoder  # whoever only looks at the index needs no onnxruntime

        on_thread(listed_names)  # whoever asks needs all three, and the models are read by a library
        _ = self._reader_to_come
        return Encoder(self.index.encoder_folder)

    @cached_property
    def _reader_to_come(self) -> Callable[[], CrossEncoder | Unavailable]:
        from rag.search.reader import usable_reader

        return on_thread(usable_reader)

    @property
    def reader(self) -> CrossEncoder | None:
        """The cross-encoder that reads what was found, or None where there is none."""
        opened = self._reader_to_come()
        return None if opened.is_missing else opened

    @property
    def no_reader(self) -> str:
        """Why there is no cross-encoder, in words for a person; empty where there is one."""
        opened = self._reader_to_come()
        return opened.why if opened.is_missing else ""

    @cached_property
    def calibration(self) -> Calibration:
        """What turns the judgement of what was found into a confidence: the index's own, or the program's."""
        reader, own = self.reader, self.index.manifest.calibration
        read_by = reader.fingerprint if reader else ""
        return own if own and own.read_by == read_by else default_calibration(read_by)

    @cached_property
    def operating_point(self) -> OperatingPoint:
        """The confidences from which passages are shown, as an answer or as related, and how often that is wrong."""
        return operating_point(self.calibration, self.may_refuse, self.may_mislead)

    @property
    def info(self) -> IndexInfo:
        """Which index this is."""
        return self.index.info

    @property
    def has_corpus(self) -> bool:
        """Whether the corpus folder is here; an index may travel without it."""
        return self.corpus.is_dir()

    def ask(
        self,
        question: str,
        *,
        context: Sequence[str] = (),
        quotes: int = 5,
        filters: Filters = Filters(),
        stood: Sequence[str] | None = None,
        resolution: Resolution | None = None,
    ) -> Answer:
        """Answer a question with at most `quotes` verbatim quotes, or say that the corpus does not.

        `context` holds earlier questions of the conversation, oldest first; `filters` says which documents may be
        quoted; `stood` is how each of the earlier questions was understood, if that is known; `resolution` is how this
        one is, where the person has said so.
        Raises `QuestionError` for a question that cannot be asked, `UsageError` for a filter's date that is
        none, `NotFound` for a filter's document that does not exist, and `IndexUnusable` when the index turns out to
        be damaged.
        """
        earlier = earlier_questions(context, stood or ())
        return self.respond(Ask(question, earlier, quotes, filters, resolution))

    def respond(self, ask: Ask) -> Answer:
        """Screen a question and answer it, or withhold the answer. Raises what `ask` raises."""
        return respond(ask, self.country, self.answer, self.info)

    def answer(self, screened: Screened) -> Answer:
        """Answer a question that has been screened and is not withheld. Raises what `ask` raises."""
        return answer_question(
            screened,
            index=self.index,
            encoder=self.encoder,
            reader=self.reader,
            unchanged=self.is_unchanged if self.check_sources and self.has_corpus else None,
            calibration=self.calibration,
            point=self.operating_point,
            today=self.today(),
        )

    def understand(self, question: str, context: Sequence[str] = ()) -> Resolution:
        """Return how a question is understood after the earlier ones of its conversation, oldest first."""
        return resolve_within(question, earlier_questions(context), self.index, self.encoder)

    def superseded(self) -> bool:
        """Say whether another index has been published since this one was opened."""
        return self.index.folder.read_pointer().generation != self.index.generation

    def is_unchanged(self, document: Document) -> bool:
        """Say whether a document's source file still has the bytes that it was read from.

        A file whose size and times are those of its last hashing here, and settled then, is not hashed again.
        """
        try:
            info = (self.corpus / document.path).stat()
            stamp = (info.st_size, info.st_mtime_ns, info.st_ctime_ns)
            known = self._hashed.get(document.path)
            if known is not None and known[0] == stamp:
                return known[1] == document.sha256
            sha256, settled = sha256_of(read_source(self.corpus, document.path), info)
        except (OSError, UnreadableDocument):
            return False
        if settled:
            self._hashed[document.path] = (stamp, sha256)
        return sha256 == document.sha256

    def standing(self, document: Document) -> Standing:
        """Return what a reader must know of a document today."""
        return standing_of(document.entry, self.today())

    def documents(self) -> list[Document]:
        """Return all documents, in the order of their paths."""
        return list(self.index.store.documents())

    def document(self, name: str) -> Document:
        """Return the document with an id, a beginning of one, or a path. Raises `NotFound`."""
        return self.index.document(name)

    def passage(self, name: str) -> Passage | None:
        """Return the passage with an id or a beginning of one of at least 6 digits, or None."""
        found = self.index.store.find_passages(name) if len(name) >= 6 and _is_hexadecimal(name) else []
        return found[0] if len(found) == 1 else None

    def passages(self, document: Document) -> list[Passage]:
        """Return a document's passages, in order."""
        return self.index.store.passages_of(document.id)


def open_index(
    index: str | os.PathLike[str] = "index",
    corpus: str | os.PathLike[str] | None = None,
    *,
    may_refuse: float | None = None,
    may_mislead: float | None = None,
    country: str | None = None,
) -> Engine:
    """Open the index that is published in a folder; `corpus` is needed only if its sources have moved.

    `may_refuse` is the share of the questions with an answer for which nothing may be shown, `may_mislead` the share of
    what is answered that may not answer; None is the program's own. `country` is the code of the country, such as "US",
    whose numbers the safety notices name; without one they name none.
    Raises `ConfigError` for a country that is not known, and `IndexMissing`, `IndexForeign`, `IndexDamaged` or
    `IndexMismatch`, each saying what to do.
    """
    if country is not None:
        check_country(country)
    return Engine(
        open_published(Path(index)),
        Path(corpus) if corpus is not None else None,
        may_refuse=may_refuse,
        may_mislead=may_mislead,
        country=country,
    )


def _is_hexadecimal(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text)
