"""Bringing the index up to date with the corpus: what changed, then read, split, encode, publish.

When nothing changed, nothing that reads, splits or encodes is even imported.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.building.status import difference
from rag.building.versions import calibrated_with, making
from rag.core.config import Settings, keep_apart
from rag.core.errors import IndexUnusable
from rag.core.system.files import storage_errors
from rag.core.types.documents import SkippedSource
from rag.core.types.protocols import Progress, no_progress
from rag.core.types.reports import BuildReport, CorpusStatus
from rag.corpus.question_set import QuestionFile, read_question_set
from rag.corpus.scan import Scan, scan
from rag.corpus.synonyms_file import SynonymFile, read_synonyms
from rag.encoder.model import ensure_exported
from rag.index.folder import IndexFolder
from rag.index.opening import OpenIndex, open_published
from rag.index.publishing import Generation, IndexWriter

WAIT_FOR_OTHER_BUILD = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class _Beside:
    """What lies beside the documents in the corpus folder, and says something of all of them."""

    synonyms: SynonymFile
    questions: QuestionFile

    def difference(self, previous: OpenIndex | None, found: Scan, settings: Settings) -> CorpusStatus:
        """Say what a build of what was found with these would change."""
        synonyms, questions = self.synonyms.sha256, self.questions.sha256
        return difference(previous, found, settings, synonyms_sha256=synonyms, questions_sha256=questions)


def build(
    settings: Settings,
    *,
    rebuild: bool = False,
    progress: Progress = no_progress,
    wait_seconds: float = WAIT_FOR_OTHER_BUILD,
) -> BuildReport:
    """Bring the index up to date with the corpus and publish it; `rebuild` takes nothing over.

    A source, or a line of the synonyms or of the question set, that cannot be read is left out and named in the report.
    Raises `NotFound` for a missing corpus folder, `IndexForeign`, `BuildBusy`, `ModelError`, `StorageError`; whatever
    is raised, the published index stays.
    """
    began = time.monotonic()
    keep_apart(settings)
    folder = IndexFolder(settings.index)
    folder.refuse_foreign()
    found = scan(settings.corpus, folder.read_fingerprints())
    beside = _Beside(read_synonyms(settings.corpus), read_question_set(settings.corpus))
    with IndexWriter.holding(folder, wait_seconds) as writer:
        folder.write_fingerprints(found.fingerprints)
        previous = None if rebuild else _usable(settings.index)
        changes = beside.difference(previous, found, settings)
        if previous is not None and changes.current:
            writer.unpin()
            return _report(previous, changes, changes.skipped, beside, settings, began, published=False, encoded=0)
        generation, encoded = _make(settings, folder, found, beside, previous, progress, check_encoder=rebuild)
        progress("publishing", 0, 1)
        published = writer.publish(generation)
        progress("publishing", 1, 1)
    return _report(published, changes, generation.skipped, beside, settings, began, published=True, encoded=encoded)


@dataclass(frozen=True, slots=True)
class BuiltAside:
    """The published index, the one that a build would publish (the same one if nothing changed), and what it took."""

    published: OpenIndex
    unpublished: OpenIndex
    report: BuildReport


@contextlib.contextmanager
def built_aside(
    settings: Settings,
    *,
    rebuild: bool = False,
    progress: Progress = no_progress,
    wait_seconds: float = WAIT_FOR_OTHER_BUILD,
) -> Iterator[BuiltAside]:
    """Build as `build` would and publish nothing: what is made stays until the end of the block.

    Other builds wait meanwhile. Raises what `build` raises, and `IndexUnusable` when nothing usable is published.
    """
    began = time.monotonic()
    keep_apart(settings)
    open_published(settings.index)  # before the lock is taken, which would make a folder where there is none
    folder = IndexFolder(settings.index)
    found = scan(settings.corpus, folder.read_fingerprints())
    beside = _Beside(read_synonyms(settings.corpus), read_question_set(settings.corpus))
    with IndexWriter.holding(folder, wait_seconds) as writer:
        published = open_published(settings.index)
        changes = beside.difference(published, found, settings)
        if changes.current and not rebuild:
            report = _report(published, changes, changes.skipped, beside, settings, began, published=False, encoded=0)
            yield BuiltAside(published, published, report)
            return
        previous = None if rebuild else published
        generation, encoded = _make(settings, folder, found, beside, previous, progress, check_encoder=rebuild)
        with writer.unpublished(generation) as unpublished:
            report = _report(
                unpublished, changes, generation.skipped, beside, settings, began, published=False, encoded=encoded
            )
            yield BuiltAside(published, unpublished, report)


def go_back(settings: Settings, wait_seconds: float = WAIT_FOR_OTHER_BUILD, *, follow: bool = False) -> OpenIndex:
    """Publish the previous index again; it stays until the next build. Raises `NotFound` when there is none.

    After going back, the previous one is the newer; with `follow` it is brought up to date with the corpus as before.
    """
    with IndexWriter.holding(IndexFolder(settings.index), wait_seconds) as writer:
        opened = writer.go_back()
        if follow:
            writer.unpin()
            opened.pinned = False
        return opened


def _make(
    settings: Settings,
    folder: IndexFolder,
    found: Scan,
    beside: _Beside,
    previous: OpenIndex | None,
    progress: Progress,
    *,
    check_encoder: bool,
) -> tuple[Generation, int]:
    """Return the generation of what was found, and how many passages had to be encoded for it."""
    with storage_errors(settings.index):
        exported = ensure_exported(settings.model, folder.encoders, progress, check_hashes=check_encoder)
    from rag.building.preparation import Preparation, reusable
    from rag.encoder.onnx import Encoder

    encoder = Encoder(exported)
    previous = reusable(previous, encoder)
    work = Preparation(settings.corpus, encoder, previous, progress, settings.reading, settings.precision)
    documents, skipped = work.documents(found.sources)
    vectors = work.vectors(documents)
    questions, calibrate = beside.questions, None
    if questions.calibrates:
        from rag.building.calibrating import calibration

        calibrate = calibration(questions, encoder, progress)
    generation = Generation(
        documents=documents,
        previous=previous,
        vectors=vectors.passages,
        sentences=vectors.sentences,
        precisions=vectors.precisions,
        corpus=settings.corpus,
        model=settings.model,
        encoder=encoder.fingerprint,
        making=making(),
        calibrated_with=calibrated_with(questions.sha256),
        calibrate=calibrate,
        skipped=(*found.skipped, *skipped),
        duplicates=found.duplicates,
        synonyms=beside.synonyms.rules,
        synonyms_sha256=beside.synonyms.sha256,
    )
    return generation, vectors.encoded


def _usable(index: Path) -> OpenIndex | None:
    """Return the published index, or None when there is none that can be used: then all is made anew."""
    try:
        return open_published(index)
    except IndexUnusable:
        return None


def _report(
    opened: OpenIndex,
    was: CorpusStatus,
    skipped: tuple[SkippedSource, ...],
    beside: _Beside,
    settings: Settings,
    began: float,
    *,
    published: bool,
    encoded: int,
) -> BuildReport:
    manifest, point = opened.manifest, None
    if manifest.calibration is not None:
        from rag.search.calibration import operating_point

        point = operating_point(manifest.calibration, settings.may_refuse)
    indexed = {record.path for record in manifest.documents}
    return BuildReport(
        fingerprint=manifest.fingerprint,
        published=published,
        added=tuple(path for path in was.added if path in indexed),
        changed=tuple(path for path in was.changed if path in indexed),
        removed=was.removed,
        documents=len(manifest.documents),
        passages=manifest.passages,
        encoded=encoded,
        skipped=skipped,
        duplicates=manifest.duplicates,
        seconds=time.monotonic() - began,
        findings=(*beside.synonyms.problems, *beside.questions.problems),
        operating_point=point,
    )
