"""Share work among all sessions: one of each task at a time for each corpus, whoever started it."""

from __future__ import annotations

import threading
from typing import Any

from rag.core.config import Settings
from rag.page.jobs.work import Work


class Desk:
    """Keeps the latest work of each task, under way or finished; safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: dict[tuple[str, str, str], Work] = {}

    def start(self, settings: Settings, task: str, *arguments: Any, about: str = "", **named: Any) -> Work:
        """Start a task, or return the one that is under way. `about` is kept with it."""
        with self._lock:
            work = self._latest.get(_key(settings, task))
            if work is None or not work.running:
                work = self._latest[_key(settings, task)] = Work(task, *arguments, about=about, **named)
            return work

    def latest(self, settings: Settings, task: str) -> Work | None:
        """Return the work that is under way or the last that was; None where there was none."""
        return self._latest.get(_key(settings, task))


def _key(settings: Settings, task: str) -> tuple[str, str, str]:
    return task, str(settings.corpus.resolve()), str(settings.index.resolve())
