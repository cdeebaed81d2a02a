"""One browser and one server for all tests of the page in a browser.

Screenshots go to the folder $RAG_SCREENSHOTS; without it none are taken.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.core.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from support.browser import Server


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser; skips where there is none."""
    from support.browser import CHROMIUM, FLAGS, playwright

    if CHROMIUM is None:
        pytest.skip("there is no chromium (Debian: apt install chromium)")
    with playwright.sync_playwright() as drive:
        opened = drive.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server, for the browser there is."""
    from support.browser import Server

    running = Server(tmp_path_factory.mktemp("server"))
    try:
        running.wait_until_healthy()
        yield running
    finally:
        running.stop()


@pytest.fixture
def address(server: Server, starter_settings: Settings) -> str:
    """The page over the starter corpus."""
    return server.serve(starter_settings)


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Takes a screenshot under a name, where a folder for them is named: each takes as long as a question."""
    folder = os.environ.get("RAG_SCREENSHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take
