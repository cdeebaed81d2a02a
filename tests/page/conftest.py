"""The page, run with settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.page import checked
from support.paths import ROOT

from rag.core.config import Settings


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Settings], AppTest]:
    """Runs the page with settings, in a working folder of its own."""

    def run(settings: Settings) -> AppTest:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("RAG_CORPUS", str(settings.corpus))
        monkeypatch.setenv("RAG_INDEX", str(settings.index))
        return checked(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run())

    return run
