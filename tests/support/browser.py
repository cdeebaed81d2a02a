"""Drive Debian's chromium, headless, against a server of the page on a loopback port."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rag.core.config import Settings
from support.paths import ROOT

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else shutil.which("chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic",
)  # fmt: skip
playwright.expect.set_options(timeout=20_000)  # what is waited for comes at once, or late where much else runs
LOOPBACK = ("127.0.0.1", "localhost")
HOSTILE = "<script>window.broken=1</script> <img src=x onerror=window.broken=1> **bold** $x$ :red[hi] about zorbulin"

CONTRASTS = """() => {
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
  const paint = canvas.getContext('2d', {willReadFrequently: true});
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const fill = colour => { paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); };
  const pixel = () => light(paint.getImageData(0, 0, 1, 1).data);
  const found = [];
  for (const element of document.querySelectorAll('[data-testid="stApp"] *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    if (element.closest('style, script, :disabled')) continue;
    const behind = [];
    for (let e = element; e; e = e.parentElement) behind.unshift(getComputedStyle(e).backgroundColor);
    fill('white'); behind.forEach(fill);
    const back = pixel(); fill(getComputedStyle(element).color); const front = pixel();
    const ratio = (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
    const what = element.tagName + '.' + element.className + ': ' + element.textContent.slice(0, 40);
    found.push([Math.round(ratio * 100) / 100, what]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}"""
"""Gives the contrast of every text in sight against what is painted behind it (WCAG 2: 1 to 21), the worst first.

Colours are resolved by painting them, since computed styles keep color-mix() and transparency.
"""

SETTLED = """still => {
  const main = document.querySelector('[data-testid="stMain"]');
  const app = document.querySelector('[data-testid="stApp"]');
  if (!main || !app) return false;
  const busy = app.dataset.testScriptState !== 'notRunning' || document.querySelector('[data-stale="true"]') !== null
    || document.getAnimations().some(each => each.playState === 'running'
      && each.effect.getComputedTiming().endTime !== Infinity);
  const place = [scrollY, main.scrollTop, main.scrollHeight].join();
  if (busy || place !== window.placeBefore) window.stillSince = performance.now();
  window.placeBefore = place;
  return performance.now() - window.stillSince >= still;
}"""
"""Says whether the script has run, all has faded in, and nothing has scrolled or grown for so many milliseconds."""

STILL = 150
"""For how many milliseconds the page has to be still: longer than a click takes to reach the server."""


class Server:
    """The page's server: it reads `rag.toml` for each visit, so it can be turned to another corpus while it runs."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.folder, self.log, self.url = folder, folder / "log", f"http://127.0.0.1:{port}/"
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        environment = {name: value for name, value in os.environ.items() if name not in ("RAG_CORPUS", "RAG_INDEX")}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
        command += ["--server.port", str(port), "--server.headless", "true"]
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
            )

    def serve(self, settings: Settings) -> str:
        """Show the corpus and the index of these settings from now on; returns the page's address."""
        lines = [f"{name} = {json.dumps(str(getattr(settings, name)))}\n" for name in ("corpus", "index")]
        (self.folder / "new.toml").write_text("".join(lines), encoding="utf-8")
        (self.folder / "new.toml").replace(self.folder / "rag.toml")
        return self.url

    def wait_until_healthy(self) -> None:
        """Return once the server answers; fail with its log when it ends or takes too long."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(OSError), direct.open(f"{self.url}_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        pytest.fail(f"the page's server did not start: {self.log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """End the server."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def visiting(browser: playwright.Browser, url: str, **how: object) -> Iterator[playwright.Page]:
    """Open the page in a context of its own, in which nothing may leave this machine or break."""
    context = browser.new_context(**how)
    page = context.new_page()
    strangers: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: strangers.append(request.url) if not is_local(request.url) else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("dialog", lambda dialog: broken.append(dialog.message))
    page.goto(url)
    page.get_by_role("heading", level=1).wait_for()
    yield page
    context.close()
    assert not strangers
    assert not broken


def settle(page: playwright.Page) -> None:
    """Return once nothing on the page moves any more."""
    page.wait_for_function(SETTLED, arg=STILL)


def assert_well_made(page: playwright.Page, width: int, view: str) -> None:
    """Check what must hold of every view once it is still: nothing cut off, headings in order, text legible."""
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, view
    assert page.locator('[data-testid="stMain"]').evaluate("e => e.scrollWidth - e.clientWidth") <= 0, view
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(e => Number(e.tagName[1]))")
    assert levels[0] == 1, view
    assert levels.count(1) == 1, view
    assert all(below - above <= 1 for above, below in pairwise(levels)), (view, levels)
    assert_legible(page, view)


def assert_legible(page: playwright.Page, view: str = "") -> None:
    """Check that every text in sight has the contrast that small text needs."""
    worst = page.evaluate(CONTRASTS)
    assert len(worst) > 5, view
    assert worst[0][0] >= 4.5, (view, worst[:5])


def ask(page: playwright.Page, question: str) -> None:
    """Type a question and wait for what is said to it."""
    answered = page.locator(".rag-outcome, .rag-error").count()
    page.get_by_role("textbox", name="Ask a question").fill(question)
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".rag-outcome, .rag-error")).to_have_count(answered + 1, timeout=30_000)


def unfolded(page: playwright.Page, box: playwright.Locator, held: str) -> None:
    """Unfold the list of a box, again where the page was drawn anew meanwhile, which shuts it."""
    option = page.get_by_role("option").filter(has_text=held)
    for _ in range(10):
        box.press("ArrowDown")
        with contextlib.suppress(playwright.TimeoutError):
            option.wait_for(timeout=2_000)
            return
    playwright.expect(option).to_be_visible()


def is_local(url: str) -> bool:
    """Say whether a request stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in LOOPBACK
