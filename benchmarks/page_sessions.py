"""Ten people at once, while a larger index is built: do all get an answer, from one index or the other, and how soon.

    python benchmarks/page_sessions.py [--sessions 10] [--documents 200] [--pause 0] [--no-build]

Each session is a browser context of its own in Debian's chromium. It asks one question after the other, without a
pause unless one is set, and starts a new topic after every fifth; what is measured is the time from Enter until the
outcome of that question stands on the page, by the page's own clock. The index is that of the starter corpus; sections
of it put together by a fixed random choice, every document different, are then added, and the build is started from the
corpus view. Every conversation is saved as JSON from the page and looked at: each answer must name the fingerprint of
the old index or of the new one, each quote be of a document that this index has, and each question be one of that
session's. Server, build and browser share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
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
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright
from rebuild import document
from results import machine, write_section

from rag.build import build
from rag.config import Settings
from rag.index import OpenIndex, open_published

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


def main() -> None:
    """Measure and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between an answer and the next question")
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
        with serving(settings, Path(folder, "log")) as url:
            sessions, lasted = asyncio.run(run(url, asked, settings, before))
        log = Path(folder, "log").read_text(encoding="utf-8")
    report(sessions, lasted, asked, log)


async def run(
    url: str, asked: argparse.Namespace, settings: Settings, before: OpenIndex
) -> tuple[list[Session], tuple[float, float]]:
    """Let all sessions ask until the new index has been there for a while; return them, and when the build ran."""
    sessions = [Session(number) for number in range(asked.sessions)]
    async with async_playwright() as drive:
        browser = await drive.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        pages = [await opened(browser, url) for _ in sessions]
        began, over = time.monotonic(), asyncio.Event()
        known = {before.info.fingerprint: documents_of(before)}
        asking = [
            asyncio.create_task(ask_on(page, session, began, over, asked.pause, known, settings))
            for page, session in zip(pages, sessions, strict=True)
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


async def ask_on(
    page: Page,
    session: Session,
    began: float,
    over: asyncio.Event,
    pause: float,
    known: dict[str, set[str]],
    settings: Settings,
) -> None:
    """Ask one question after the other; every fifth time look at what was said, and begin a new topic."""
    turn = session.number
    try:
        while not over.is_set():
            own = []
            for _ in range(5):
                question = (
                    QUESTIONS[turn % len(QUESTIONS)] if turn % 7 else f"What is said of session {session.number}?"
                )
                turn += 1
                own.append(question)
                await page.get_by_test_id("stChatInput").get_by_role("textbox").fill(question)
                await page.keyboard.press("Enter")
                await page.wait_for_function("window.asking.took > 0", timeout=60_000)
                session.took.append((time.monotonic() - began, await page.evaluate("window.asking.took") / 1000))
                await asyncio.sleep(pause)
                if over.is_set():
                    break
            await look_at(page, session, own, known, settings)
            await page.get_by_role("button", name="New topic").click()
            await page.locator(".rag-outcome").first.wait_for(state="detached")
    except Exception as error:  # noqa: BLE001 # it is what is counted
        session.errors.append(str(error).splitlines()[0])


async def look_at(page: Page, session: Session, own: list[str], known: dict[str, set[str]], settings: Settings) -> None:
    """Save the conversation from the page, and look whether its answers are this session's, each from one index."""
    if shown := await page.locator(".rag-error").all_inner_texts():
        session.errors.extend(shown)
    await page.locator("summary", has_text="Save this conversation").click()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="As JSON").click()
    saved = json.loads(Path(await (await download.value).path()).read_text(encoding="utf-8"))
    if [turn["answer"]["question"] for turn in saved["turns"]] != own:
        session.errors.append("not this session's questions")
    for turn in saved["turns"]:
        answer = turn["answer"]
        fingerprint = answer["index"]["fingerprint"]
        if fingerprint not in known:
            published = open_published(settings.index)
            known[published.info.fingerprint] = documents_of(published)
        session.fingerprints[fingerprint] += 1
        if not {quote["document"]["sha256"] for quote in answer["quotes"]} <= known.get(fingerprint, set()):
            session.errors.append(f"a quote that is not of index {fingerprint}")


def documents_of(index: OpenIndex) -> set[str]:
    """Return the hashes of an index's documents."""
    return {record.sha256 for record in index.manifest.documents}


def report(sessions: list[Session], lasted: tuple[float, float], asked: argparse.Namespace, log: str) -> None:
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
    rows.append(
        f"\n{asked.sessions} sessions, {pause}; the build took {finished - started:.0f} s. Errors: {len(errors)}. "
        f"Answers looked at: {sum(fingerprints.values())}, from {len(fingerprints)} "
        f"{'index' if len(fingerprints) == 1 else 'indexes'} ({', '.join(map(str, fingerprints.values()))})."
    )
    rows.extend(f"- {error}" for error in errors[:10])
    rows.append(f"\n{machine()}")
    write_section(f"Ten sessions at once{' (no build)' if asked.no_build else ''}", "\n".join(rows))


def share(times: list[float], part: float) -> float:
    """Return the time that so large a part of all does not exceed."""
    return times[min(len(times) - 1, int(part * len(times)))]


@contextlib.contextmanager
def serving(settings: Settings, log: Path) -> Iterator[str]:
    """Run the page on a free loopback port."""
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
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(timeout=20)


if __name__ == "__main__":
    main()
