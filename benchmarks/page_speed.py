"""The page in a browser: how soon it is there, and how soon the outcome of a question is, from pressing Enter.

    python benchmarks/page_speed.py [--index FOLDER] [--rounds 5]

Serves the page over the starter corpus and drives Debian's chromium. Each round has a server of its own, so that its
first answer is that of a page that has been there for two seconds; an empty Streamlit page, which says every question
again, is served before it. Without --index the index is built first, in a folder that is removed again.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from results import machine, write_section

from rag.building.build import build
from rag.core.config import Settings

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
EMPTY = """import streamlit as st
st.html('<h1>Empty</h1>')
said = st.session_state.setdefault('said', [])
if question := st.chat_input('Ask a question'):
    said.append(question)
for each in said:
    st.html(f'<p class="rag-outcome">{each}</p>')
"""
"""A page that answers each question with itself: what Streamlit and the browser take by themselves."""
QUESTIONS = (
    "How does magnesium act on the NMDA receptor?", "Who should not take magnesium?", "Does memantine help OCD?",
    "What is excitotoxicity?", "How do I renew my passport?", "How long does ketamine last?",
    "Which medicines does magnesium disturb?", "What is desensitization?", "What does calcium do in a nerve cell?",
    "Which foods have magnesium?",
)  # fmt: skip

PAINTED = """window.painted = new Promise(done => {
  new MutationObserver((_, watch) => {
    if (document.querySelector('h1')) { watch.disconnect(); done(performance.now()); }
  }).observe(document, {childList: true, subtree: true});
});"""

ASKED = """() => {
  const outcomes = () => document.querySelectorAll('.rag-outcome').length, before = outcomes();
  window.asked = new Promise(done => {
    let began;
    addEventListener('keydown', () => { began = performance.now(); }, {once: true, capture: true});
    new MutationObserver((_, watch) => {
      if (outcomes() > before) { watch.disconnect(); done(performance.now() - began); }
    }).observe(document.body, {childList: true, subtree: true});
  });
}"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    times: dict[str, list[float]] = {}
    with contextlib.ExitStack() as held:
        scratch = Path(held.enter_context(tempfile.TemporaryDirectory()))
        index = given.index or scratch / "index"
        if given.index is None:
            build(Settings(corpus=ROOT / "corpus", index=index))
        (scratch / "empty.py").write_text(EMPTY)
        browser = held.enter_context(sync_playwright()).chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for _ in range(given.rounds):
            with serving(scratch / "empty.py", index) as address:
                page = browser.new_page()
                keep(times, "an empty Streamlit page is there", opened(page, address))
                for question in QUESTIONS:
                    keep(times, "an empty Streamlit page repeats a question", answered(page, question))
                    page.wait_for_timeout(300)
                page.close()
            with serving(ROOT / "app.py", index) as address:
                page = browser.new_page()
                keep(times, "the page is there", opened(page, address))
                page.wait_for_timeout(2000)  # a question is typed first
                for number, question in enumerate(QUESTIONS):
                    what = "the first answer" if not number else "a later answer"
                    keep(times, what, answered(page, question))
                    page.wait_for_timeout(500)  # what is asked next is read first
                page.close()
        browser.close()
    rows = [
        f"| {what} | {statistics.median(each):.0f} | {max(each):.0f} | {len(each)} |" for what, each in times.items()
    ]
    head = ["| what | median ms | worst ms | times |", "|---|---|---|---|"]
    said = f"{given.rounds} servers, each asked {len(QUESTIONS)} questions in one conversation."
    write_section("The page in a browser", "\n".join([said, "", *head, *rows, "", machine()]))


def keep(times: dict[str, list[float]], what: str, took: float) -> None:
    """Keep a time under what it is of."""
    times.setdefault(what, []).append(took)


def opened(page: Page, address: str) -> float:
    """Open a page; return the milliseconds until its heading is there."""
    page.add_init_script(PAINTED)
    page.goto(address)
    return float(page.evaluate("window.painted"))


def answered(page: Page, question: str) -> float:
    """Ask a question; return the milliseconds from pressing Enter until its outcome is there."""
    page.get_by_role("textbox", name="Ask a question").fill(question)
    page.evaluate(ASKED)
    page.keyboard.press("Enter")
    return float(page.evaluate("window.asked"))


@contextlib.contextmanager
def serving(script: Path, index: Path) -> Iterator[str]:
    """Serve a Streamlit page on a free loopback port until it is no longer needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "RAG_CORPUS": str(ROOT / "corpus"), "RAG_INDEX": str(index.resolve())}
    server = subprocess.Popen(command(script, port), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/"
        wait_for(f"{address}_stcore/health")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def command(script: Path, port: int) -> Sequence[str]:
    """Return the command that serves a page."""
    return (sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port))


def wait_for(address: str) -> None:
    """Return once a server answers. Raises `TimeoutError` when it does not within a minute."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError), direct.open(address, timeout=5):
            return
        time.sleep(0.1)
    raise TimeoutError(address)


if __name__ == "__main__":
    main()
