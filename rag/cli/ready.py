"""Open, build or refuse: make an engine ready to answer, or withhold an answer without one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from rag.answer.engine import Engine, open_index
from rag.answer.respond import NO_INDEX, respond
from rag.building.status import status
from rag.cli.console import progress_bars, warned
from rag.core.config import Settings
from rag.core.errors import (
    BuildBusy,
    CorpusError,
    IndexMismatch,
    IndexMissing,
    IndexReplaced,
    IndexUnusable,
    ModelError,
    NotFound,
    StorageError,
)
from rag.core.types.answers import Answer
from rag.core.types.ask import Ask
from rag.core.types.protocols import Progress, no_progress
from rag.core.types.reports import BuildReport
from rag.index.opening import open_published
from rag.render.wording import finding_line
from rag.safety.screening import Screened

_TRIES = 5


class ReadyEngine:
    """Answers as an engine does, and makes one ready with the first question that is not withheld.

    The index is looked at then, and again when another has been published. Remarks and progress go to standard error;
    urgent notices come before them.
    """

    def __init__(self, settings: Settings, *, refresh: bool, quiet: bool) -> None:
        self.settings = settings
        self.refresh = refresh
        self.quiet = quiet
        self.engine: Engine | None = None

    def respond(self, ask: Ask) -> Answer:
        """Answer a question, as `Engine.respond` does; one that is withheld needs no index. Raises as `ready_engine`
        does.
        """
        index = self.engine.info if self.engine else NO_INDEX
        return respond(ask, self.settings.country, self._answer, index)

    def _answer(self, screened: Screened) -> Answer:
        with warned(screened.call.urgent, self.quiet) as say:
            if self.engine is None or _superseded(self.engine):
                with progress_bars(self.quiet) as progress:
                    self.engine = ready_engine(self.settings, refresh=self.refresh, progress=progress, say=say)
            return self.engine.answer(screened)


def ready_engine(
    settings: Settings,
    *,
    refresh: bool = True,
    progress: Progress = no_progress,
    say: Callable[[str], None] = lambda remark: None,
) -> Engine:
    """Open the index, building it first where it is missing or, with `refresh`, where the corpus has changed.

    An index that was gone back to stays as it is. When it cannot be brought up to date for now (another build is
    running, the folder cannot be written), the published one answers and `say` is told so. Raises `IndexUnusable` when
    there is an index and it cannot be used, and what `build` raises when there is none.
    """
    try:
        published = open_published(settings.index)
    except IndexMissing:
        say("There is no index yet: building it.")
        _remark(_build(settings, progress), say)
        return _opened(settings, settings.corpus)
    if not settings.corpus.is_dir():
        if settings.corpus != Settings().corpus:  # somebody named it
            raise NotFound(f"There is no corpus folder {settings.corpus}.", "Check the name given with --corpus.")
        return _opened(settings, None)
    if refresh and published.manifest.model != settings.model:
        raise IndexMismatch(
            f"The index was made with the model {published.manifest.model}, the settings say {settings.model}.",
            "Build it with: python -m rag build, or name its model with --model.",
        )
    if not refresh:
        return _opened(settings, settings.corpus)
    try:
        changes = status(settings)
        if published.pinned:
            if not changes.current:
                say("The index was gone back to and the corpus differs from it; to follow it: python -m rag build")
        elif not changes.current:
            say("The corpus has changed: bringing the index up to date.")
            _remark(_build(settings, progress, wait_seconds=0), say)
    except (BuildBusy, CorpusError, ModelError, StorageError) as error:
        say(f"{error.message} Answering from the index as it was published. {error.advice}")
    return _opened(settings, settings.corpus)


def _superseded(engine: Engine) -> bool:
    """Say whether what is published is not what the engine opened: another index, or none."""
    try:
        return engine.superseded()
    except IndexUnusable:
        return True


def _opened(settings: Settings, corpus: Path | None) -> Engine:
    """Open what is published with all its files, so that it answers whatever is published meanwhile."""
    for _ in range(_TRIES):
        engine = open_index(
            settings.index,
            corpus,
            may_refuse=settings.may_refuse,
            may_mislead=settings.may_mislead,
            country=settings.country,
        )
        with suppress(IndexReplaced):
            engine.index.open_files()
            break
    return engine


def _build(settings: Settings, progress: Progress, wait_seconds: float | None = None) -> BuildReport:
    from rag.building.build import WAIT_FOR_OTHER_BUILD, build  # reading and splitting are not needed to ask

    wait = WAIT_FOR_OTHER_BUILD if wait_seconds is None else wait_seconds
    return build(settings, progress=progress, wait_seconds=wait)


def _remark(report: BuildReport, say: Callable[[str], None]) -> None:
    for skipped in report.skipped:
        say(f"Left out {skipped.path}: {skipped.reason} {skipped.advice}")
    for finding in report.findings:
        say(f"Left out {finding_line(finding)}")
