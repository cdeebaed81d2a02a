"""Bring the index up to date with the corpus: find what changed, then read, split, encode and publish that.

Where nothing changed, nothing that reads, splits or encodes is even imported.
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
from rag.index.manifest import Recipe
from rag.index.opening import OpenIndex, open_published
from rag.index.publishing import Generation, IndexWriter

WAIT_FOR_OTHER_BUILD = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class CorpusFiles:
    """The corpus-wide files: synonyms.txt and questions.jsonl."""

    synonyms: SynonymFile
    questions: QuestionFile

    @staticmethod
    def of(corpus: Path) -> CorpusFiles:
        """Read those of a corpus folder; what cannot be read of them is named in each."""
        return CorpusFiles(read_synonyms(corpus), read_question_set(corpus))


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
    keep_apart(settings)
    run = _Run.begun(settings, progress)
    with IndexWriter.holding(run.folder, wait_seconds) as writer:
        run.folder.write_fingerprints(run.scanned.fingerprints)
        previous = None if rebuild else _usable(settings.index)
        changes = run.difference(previous)
        if previous is not None and changes.current:
            writer.unpin()
            return run.report(previous, changes, changes.skipped)
        generation, encoded = run.make(previous, check_encoder=rebuild)
        progress("publishing", 0, 1)
        published = writer.publish(generation)
        progress("publishing", 1, 1)
    return run.report(published, changes, generation.recipe.skipped, published=True, encoded=encoded)


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
    keep_apart(settings)
    open_published(settings.index)  # before the lock is taken, which would make a folder where there is none
    run = _Run.begun(settings, progress)
    with IndexWriter.holding(run.folder, wait_seconds) as writer:
        published = open_published(settings.index)
        changes = run.difference(published)
        if changes.current and not rebuild:
            yield BuiltAside(published, published, run.report(published, changes, changes.skipped))
            return
        generation, encoded = run.make(None if rebuild else published, check_encoder=rebuild)
        with writer.unpublished(generation) as unpublished:
            report = run.report(unpublished, changes, generation.recipe.skipped, encoded=encoded)
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


@dataclass(frozen=True, slots=True)
class _Run:
    """One build: its settings, when it began (monotonic seconds), what was found in the corpus folder."""

    settings: Settings
    folder: IndexFolder
    progress: Progress
    began: float
    scanned: Scan
    files: CorpusFiles

    @staticmethod
    def begun(settings: Settings, progress: Progress) -> _Run:
        """Scan the corpus. Raises `NotFound` for a missing corpus folder, and `IndexForeign`."""
        began, folder = time.monotonic(), IndexFolder(settings.index)
        folder.refuse_foreign()
        scanned = scan(settings.corpus, folder.read_fingerprints())
        return _Run(settings, folder, progress, began, scanned, CorpusFiles.of(settings.corpus))

    def difference(self, previous: OpenIndex | None) -> CorpusStatus:
        """Say what this build would change of an index."""
        synonyms, questions = self.files.synonyms.sha256, self.files.questions.sha256
        return difference(previous, self.scanned, self.settings, synonyms_sha256=synonyms, questions_sha256=questions)

    def make(self, previous: OpenIndex | None, *, check_encoder: bool) -> tuple[Generation, int]:
        """Return the generation of what was found, and how many passages had to be encoded for it.

        What did not change is taken over from the previous index. Raises `ModelError` and `StorageError`.
        """
        settings, progress = self.settings, self.progress
        with storage_errors(settings.index):
            exported = ensure_exported(settings.model, self.folder.encoders, progress, check_hashes=check_encoder)
        from rag.building.preparation import Preparation, reusable
        from rag.encoder.onnx import Encoder

        encoder = Encoder(exported)
        previous = reusable(previous, encoder)
        work = Preparation(settings.corpus, encoder, previous, progress, settings.reading, settings.precision)
        documents, skipped = work.documents(self.scanned.sources)
        vectors = work.vectors(documents)
        questions, calibrate = self.files.questions, None
        if questions.calibrates:
            from rag.building.calibrating import calibration
            from rag.search.reader import usable_reader

            reader = usable_reader()
            calibrate = calibration(questions, encoder, None if reader.is_missing else reader, progress)
        recipe = Recipe(
            model=settings.model,
            encoder=encoder.fingerprint,
            precisions=vectors.precisions,
            making=making(),
            synonyms_sha256=self.files.synonyms.sha256,
            calibrated_with=calibrated_with(questions.sha256),
            skipped=(*self.scanned.skipped, *skipped),
            duplicates=self.scanned.duplicates,
        )
        generation = Generation(
            recipe=recipe,
            documents=documents,
            previous=previous,
            vectors=vectors.passages,
            sentences=vectors.sentences,
            corpus=settings.corpus,
            calibrate=calibrate,
            synonyms=self.files.synonyms.rules,
        )
        return generation, vectors.encoded

    def report(
        self,
        opened: OpenIndex,
        changes: CorpusStatus,
        skipped: tuple[SkippedSource, ...],
        *,
        published: bool = False,
        encoded: int = 0,
    ) -> BuildReport:
        """Report on the index that this build ended with, by what it changed."""
        manifest, point = opened.manifest, None
        if manifest.calibration is not None:
            from rag.search.calibration import operating_point

            point = operating_point(manifest.calibration, self.settings.may_refuse, self.settings.may_mislead)
        indexed = {record.path for record in manifest.documents}
        return BuildReport(
            fingerprint=manifest.fingerprint,
            published=published,
            added=tuple(path for path in changes.added if path in indexed),
            changed=tuple(path for path in changes.changed if path in indexed),
            removed=changes.removed,
            documents=len(manifest.documents),
            passages=manifest.passages,
            encoded=encoded,
            skipped=skipped,
            duplicates=manifest.duplicates,
            seconds=time.monotonic() - self.began,
            findings=(*self.files.synonyms.problems, *self.files.questions.problems),
            operating_point=point,
        )


def _usable(index: Path) -> OpenIndex | None:
    """Return the published index, or None when there is none that can be used: then all is made anew."""
    try:
        return open_published(index)
    except IndexUnusable:
        return None
