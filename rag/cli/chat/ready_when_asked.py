"""An engine that the first question makes ready, so that a crisis is answered whether or not there is an index."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.assemble import NO_INDEX, unsearched
from rag.answer.engine import Engine
from rag.cli.console import progress_bars, warned
from rag.cli.ready import ready_engine
from rag.core.config import Settings
from rag.core.errors import IndexUnusable
from rag.core.types.answers import Answer, Filters, Resolution
from rag.safety.hearing import hear


class ReadyWhenAsked:
    """Answers as an engine does. The index is looked at with the first question, and when another was published."""

    def __init__(self, settings: Settings, *, refresh: bool, quiet: bool) -> None:
        self.settings = settings
        self.refresh = refresh
        self.quiet = quiet
        self.engine: Engine | None = None

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
        """Answer a question, as `Engine.ask` does."""
        understood = resolution.standing if resolution else None
        said, called = hear(question, context, self.settings.country, understood=understood)
        if called.withheld:
            return unsearched(said, called, self.engine.info if self.engine else NO_INDEX, filters)
        with warned(called.urgent, self.quiet) as say:
            if self.engine is None or _superseded(self.engine):
                with progress_bars(self.quiet) as progress:
                    self.engine = ready_engine(self.settings, refresh=self.refresh, progress=progress, say=say)
            return self.engine.ask(
                question, context=context, quotes=quotes, filters=filters, stood=stood, resolution=resolution
            )


def _superseded(engine: Engine) -> bool:
    """Say whether what is published is not what the engine opened: another index, or none."""
    try:
        return engine.superseded()
    except IndexUnusable:
        return True
