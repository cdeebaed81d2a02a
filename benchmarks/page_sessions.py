"""Ten people at once, while a larger index is built: do all get an answer, from one index or the other, and how soon.

    python benchmarks/page_sessions.py [--sessions 10] [--documents 200] [--pause 0] [--no-build] [--no-browser]

Each session is a browser context of its own in Debian's chromium. It asks one question after the other, without a
pause unless one is set, and starts a new topic after every fifth; what is measured is the time from Enter until the
outcome of that question stands on the page, by the page's own clock. The index is that of the starter corpus; sections
of it put together by a fixed random choice, every document different, are then added, and the build is started from the
corpus view. Every conversation is saved as JSON from the page and looked at: each answer must name the fingerprint of
the old index or of the new one, each quote be of a document that this index has, and each question be one of that
session's. Server, build and browser share the machine.

With `--no-browser` the sessions speak to the server as Streamlit's frontend does and draw nothing, as where everybody
brings a machine of their own: what is measured is the server's part, and fingerprints are not looked at.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from page_client import Client
from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as PlaywrightError
from rebuild import document
from results import machine, write_section

from rag.building.build import build
from rag.core.config import Settings
from rag.index.opening import OpenIndex, open_published

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
FLAGS += ["--disable-background-timer-throttling", "--disable-renderer-backgrounding"]
FLAGS += ["--disable-backgrounding-occluded-windows"]
QUESTIONS = (
    "How does magnesium act on the NMDA receptor?",
    "Who should not take magnesium?",
    "Does memantine help OCD?",
    "What does ketamine do for depression?",
    "What is the capital of Mozambique?",
)
AFTERWARDS = 6.0  # seconds that are still asked when the new index is there

WATCH = """() => {
  const count = () => document.querySelectorAll('.rag-outcome, .rag-error').length;
  window.asking = {before: count(), began: 0, took: 0};
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter') window.asking = {before: count(), began: performance.now(), took: 0};
  }, true);
  new MutationObserver(() => {
    const now = window.asking;
    if (now.began && !now.took && count() > now.before) now.took = performance.now() - now.began;
  }).observe(document.body, {childList: true, subtree: true});
}"""


@dataclass
class Session:
    """What one session went through: the times in seconds since the beginning, with what each question took."""

    number: int
    took: list[tuple[float, float]] = field(default_factory=list)
    fingerprints: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    unsaved: int = 0


def main() -> None:
    """Measure and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between an answer and the next question")
    parser.add_argument("--no-browser", action="store_true", help="measure the server's part alone")
    parser.add_argument("--no-build", action="store_true", help="ask for 30 seconds, and build nothing")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(corpus=Path(folder, "corpus"), index=Path(folder, "index"))
        shutil.copytree(ROOT / "corpus", settings.corpus)
        build(settings)
        before = open_published(settings.index)
        if not asked.no_build:
            for number in range(asked.documents):
                (settings.corpus / f"{number:05d}.md").write_text(document(number), encoding="utf-8")
        with serving(settings, Path(folder, "log")) as (url, server):
            sessions, lasted = asyncio.run(run(url, asked, settings, before))
            spent = seconds_of(server)
        log = Path(folder, "log").read_text(encoding="utf-8")
    report(sessions, lasted, asked, log, spent)


async def run(
    url: str, asked: argparse.Namespace, settings: Settings, before: OpenIndex
) -> tuple[list[Session], tuple[float, float]]:
    """Let all sessions ask until the new index has been there for a while; return them, and when the build ran."""
    sessions = [Session(number) for number in range(asked.sessions)]
    async with async_playwright() as drive:
        browser = await drive.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        known = {before.info.fingerprint: documents_of(before)}
        visitors = [await visitor(asked, browser, url, known, settings) for _ in sessions]
        began, over = time.monotonic(), asyncio.Event()
        asking = [
            asyncio.create_task(ask_on(visitor, session, began, over, asked.pause))
            for visitor, session in zip(visitors, sessions, strict=True)
        ]
        await asyncio.sleep(5)
        started = finished = 0.0
        if asked.no_build:
            await asyncio.sleep(25)
        else:
            librarian = await opened(browser, f"{url}corpus")
            await librarian.get_by_role("button", name="Bring the index up to date").click()
            started = time.monotonic() - began
            await librarian.get_by_text("The index was built in").wait_for(timeout=900_000)
            finished = time.monotonic() - began
            await asyncio.sleep(AFTERWARDS)
        over.set()
        await asyncio.gather(*asking)
        await browser.close()
    return sessions, (started, finished)


async def opened(browser: Browser, url: str) -> Page:
    """Open the page in a context of its own."""
    page = await (await browser.new_context()).new_page()
    await page.goto(url)
    await page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    await page.evaluate(WATCH)
    return page


async def visitor(
    asked: argparse.Namespace, browser: Browser, url: str, known: dict[str, set[str]], settings: Settings
) -> Browsing | Wired:
    """Open a session, in the browser or without one."""
    if not asked.no_browser:
        return Browsing(await opened(browser, url), known, settings)
    client = Client(url)
    await client.open()
    return Wired(client)


async def ask_on(visitor: Browsing | Wired, session: Session, began: float, over: asyncio.Event, pause: float) -> None:
    """Ask one question after the other; every fifth time look at what was said, and begin a new topic."""
    turn = session.number
    try:
        while not over.is_set():
            own: list[str] = []
            while len(own) < 5 and not over.is_set():
                own_question = f"What is said of session {session.number}?"
                own.append(QUESTIONS[turn % len(QUESTIONS)] if turn % 7 else own_question)
                turn += 1
                seconds = await visitor.ask(own[-1])
                session.took.append((time.monotonic() - began, seconds))
                await asyncio.sleep(pause)
            await visitor.look_at(session, own)
            await visitor.begin_anew()
    except Exception as error:  # noqa: BLE001 # it is what is counted
        session.errors.append(f"{type(error).__name__}: {error}".splitlines()[0])


@dataclass
class Browsing:
    """A session in the browser; `known` are the documents of each index by its fingerprint."""

    page: Page
    known: dict[str, set[str]]
    settings: Settings

    async def ask(self, question: str) -> float:
        """Ask; return the seconds from Enter until the outcome stood on the page."""
        await self.page.get_by_test_id("stChatInput").get_by_role("textbox").fill(question)
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_function("window.asking.took > 0", timeout=60_000)
        took: float = await self.page.evaluate("window.asking.took")
        return took / 1000

    async def look_at(self, session: Session, own: list[str]) -> None:
        """Save the conversation, and look whether its answers are this session's, each from one index."""
        session.errors.extend(await self.page.locator(".rag-error").all_inner_texts())
        await self.page.locator("summary", has_text="Save this conversation").click()
        try:
            await self.page.get_by_role("button", name="Make the files").click()
            async with self.page.expect_download(timeout=10_000) as download:
                await self.page.get_by_role("button", name="Save as JSON").click()
            saved = json.loads(Path(await (await download.value).path()).read_text(encoding="utf-8"))
        except PlaywrightError:
            # Streamlit drops a file that is made at a press when two runs of any session have ended since.
            session.unsaved += 1
            return
        if [turn["answer"]["question"] for turn in saved["turns"]] != own:
            session.errors.append("not this session's questions")
        for turn in saved["turns"]:
            fingerprint = turn["answer"]["index"]["fingerprint"]
            if fingerprint not in self.known:
                published = open_published(self.settings.index)
                self.known[published.info.fingerprint] = documents_of(published)
            session.fingerprints[fingerprint] += 1
            quoted = {quote["document"]["sha256"] for quote in turn["answer"]["quotes"]}
            if not quoted <= self.known.get(fingerprint, set()):
                session.errors.append(f"a quote that is not of index {fingerprint}")

    async def begin_anew(self) -> None:
        """Empty the conversation."""
        await self.page.get_by_role("button", name="New topic").click()
        await self.page.locator(".rag-outcome").first.wait_for(state="detached")


@dataclass
class Wired:
    """A session without a browser."""

    client: Client

    async def ask(self, question: str) -> float:
        """Ask; return the seconds until the outcome had arrived."""
        return (await self.client.ask(question))[0]

    async def look_at(self, session: Session, own: list[str]) -> None:
        """Look whether what is drawn holds this session's questions and no error."""
        drawn = "".join(self.client.drawn)
        asked = [unescape(each) for each in re.findall(r'<h2 class="rag-question"[^>]*>(.*?)</h2>', drawn)]
        if sorted(asked) != sorted(own):  # the newest is sent first
            session.errors.append("not this session's questions")
        session.errors += ["an error on the page"] * drawn.count('class="rag-error"')

    async def begin_anew(self) -> None:
        """Empty the conversation."""
        await self.client.press("New topic")


def documents_of(index: OpenIndex) -> set[str]:
    """Return the hashes of an index's documents."""
    return {record.sha256 for record in index.manifest.documents}


def report(
    sessions: list[Session], lasted: tuple[float, float], asked: argparse.Namespace, log: str, spent: float
) -> None:
    """Write what was measured, before, during and after the build."""
    started, finished = lasted
    took = sorted(each for session in sessions for each in session.took)
    spans = [("no build", 0.0, float("inf"))] if asked.no_build else []
    if not asked.no_build:
        spans = [("before the build", 0, started), ("while it builds", started, finished), ("after it", finished, 1e9)]
    rows = ["| when | questions | a second | p50 s | p95 s | slowest s |", "|---|---|---|---|---|---|"]
    for name, begin, end in spans:
        times = sorted(each for at, each in took if begin <= at < end)
        if times:
            seconds = min(end, took[-1][0]) - begin
            rows.append(
                f"| {name} | {len(times)} | {len(times) / seconds:.1f} | {share(times, 0.5):.2f} "
                f"| {share(times, 0.95):.2f} | {times[-1]:.2f} |"
            )
    fingerprints = sum((session.fingerprints for session in sessions), Counter())
    errors = [error for session in sessions for error in session.errors]
    errors += [line for line in log.splitlines() if "Traceback" in line or "Error" in line]
    pause = f"{asked.pause:g} s between an answer and the next question" if asked.pause else "no pause"
    built = "" if asked.no_build else f"; the build took {finished - started:.0f} s"
    counts = ", ".join(map(str, fingerprints.values()))
    unsaved = sum(session.unsaved for session in sessions)
    looked = "" if asked.no_browser else f" Answers looked at, by index: {counts}; conversations not saved: {unsaved}."
    what = "sessions without a browser" if asked.no_browser else "browser contexts"
    rows.append(f"\n{asked.sessions} {what}, {pause}{built}. Errors: {len(errors)}.{looked}")
    rows.append(f"The server's process took {spent / len(took):.3f} s of a processor for each question.")
    rows.extend(f"- {error}" for error in errors[:10])
    rows.append(f"\n{machine()}")
    how = [name for name, is_so in (("no build", asked.no_build), ("no browser", asked.no_browser)) if is_so]
    title = f"Ten sessions at once ({', '.join(how)})" if how else "Ten sessions at once"
    write_section(title, "\n".join(rows))


def share(times: list[float], part: float) -> float:
    """Return the time that so large a part of all does not exceed."""
    return times[min(len(times) - 1, int(part * len(times)))]


def seconds_of(process: int) -> float:
    """Return the processor time that a process has taken, its threads included and its children not."""
    user, system = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def serving(settings: Settings, log: Path) -> Iterator[tuple[str, int]]:
    """Run the page on a free loopback port; yield its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "RAG_CORPUS": str(settings.corpus), "RAG_INDEX": str(settings.index)}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            while server.poll() is None:
                with contextlib.suppress(OSError), direct.open(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/", server.pid
        finally:
            server.terminate()
            server.wait(timeout=20)


if __name__ == "__main__":
    main()
