"""The page in a real browser: Debian's chromium, headless, against a server on a loopback port.

Screenshots go to the folder $RAG_SCREENSHOTS, or to pytest's temporary one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.paths import MAGNESIUM_QUESTION, ROOT

from rag.building.build import build
from rag.core.config import Settings
from rag.safety.framing import FRAMING

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium (Debian: apt install chromium)")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic",
)  # fmt: skip
LOOPBACK = ("127.0.0.1", "localhost")
HOSTILE = "<script>window.broken=1</script> <img src=x onerror=window.broken=1> **bold** $x$ :red[hi] about zorbulin"

# The contrast of every text in sight against what is painted behind it (WCAG 2: 1 to 21), the worst first.
# Colours are resolved by painting them, since computed styles keep color-mix() and transparency.
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


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    """One browser for all tests here."""
    with playwright.sync_playwright() as drive:
        opened = drive.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(starter_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the starter corpus."""
    with serving(starter_settings, tmp_path_factory.mktemp("server") / "log") as url:
        yield url


@pytest.fixture
def shot(tmp_path: Path) -> Callable[[playwright.Page, str], None]:
    """Takes a screenshot under a name."""
    folder = Path(os.environ.get("RAG_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: playwright.Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    return take


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_visit(browser, address, shot, scheme, width):
    with visiting(browser, address, color_scheme=scheme, viewport={"width": width, "height": 780}) as page:

        def looks_right(view: str) -> None:
            page.wait_for_timeout(400)  # scrolling and fading in
            shot(page, f"{scheme}-{width}-{view}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, view
            overflowing = page.locator('[data-testid="stMain"]').evaluate("e => e.scrollWidth - e.clientWidth")
            assert overflowing <= 0, view
            assert page.locator("h1").count() == 1, view
            levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(e => Number(e.tagName[1]))")
            assert levels[0] == 1, view
            assert all(below - above <= 1 for above, below in pairwise(levels)), (view, levels)
            worst = page.evaluate(CONTRASTS)
            assert len(worst) > 5, view
            assert worst[0][0] >= 4.5, (view, worst[:5])

        framing = page.get_by_text(FRAMING.text)
        playwright.expect(framing).to_be_in_viewport()
        playwright.expect(page.get_by_role("textbox")).to_be_in_viewport()
        looks_right("1-first")

        page.get_by_text("Narrow the search").click()
        playwright.expect(page.get_by_role("combobox")).to_have_count(3)
        looks_right("1-narrowing")
        page.get_by_text("Narrow the search").click()

        ask(page, MAGNESIUM_QUESTION)
        playwright.expect(page.get_by_text("word for word.")).to_be_in_viewport()
        playwright.expect(framing).to_have_count(2)
        playwright.expect(framing.last).to_be_in_viewport()
        assert page.locator("article.rag-quote mark").count() >= 1
        looks_right("2-answer")

        ask(page, "What is the capital of Mozambique?")
        playwright.expect(page.get_by_text("The corpus does not say.")).to_be_in_viewport()
        looks_right("3-unanswered")

        second = page.locator("article.rag-quote").nth(1)
        words = second.locator("mark").first.inner_text()
        page.get_by_role("button", name="Open in the document").nth(1).click()
        playwright.expect(page.locator("#rag-marked")).to_be_in_viewport()
        assert words in " ".join(page.locator(".rag-marked").all_inner_texts())
        looks_right("4-document")

        page.get_by_role("button", name="Back to the answer").click()
        playwright.expect(second).to_be_in_viewport()
        looks_right("5-back")

        page.get_by_role("link", name="Corpus").click()
        playwright.expect(page.get_by_role("table").get_by_text("The NMDA receptor and calcium")).to_be_visible()
        looks_right("6-corpus")
        page.get_by_role("heading", name="Index").scroll_into_view_if_needed()
        looks_right("7-corpus-end")

        assert "magnesium" not in page.url.lower()
        page.go_back()
        playwright.expect(page.get_by_role("heading", name=MAGNESIUM_QUESTION)).to_be_visible()


def test_the_page_works_from_the_keyboard(browser, address):
    with visiting(browser, address) as page:
        ask(page, MAGNESIUM_QUESTION)
        page.get_by_role("button", name="Open in the document").first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        focused = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert focused == "solid"
        page.keyboard.press("Enter")
        playwright.expect(page.locator("#rag-marked")).to_be_in_viewport()
        assert page.locator("html").get_attribute("lang")


def test_a_search_is_narrowed_from_the_keyboard(browser, address, shot):
    with visiting(browser, address) as page:
        page.locator("summary", has_text="Narrow the search").focus()
        page.keyboard.press("Enter")
        kind = page.get_by_role("combobox", name="Kind")
        playwright.expect(kind).to_be_visible()
        page.keyboard.press("Tab")
        playwright.expect(kind).to_be_focused()
        page.wait_for_timeout(400)  # unfolding and scrolling, which would shut the list again
        page.keyboard.type("magazine")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        playwright.expect(page.get_by_role("button", name="Remove magazine article")).to_be_visible()
        ask(page, "Who should not take magnesium?")
        playwright.expect(page.get_by_text("Searched only: kind magazine article (2 of 10 documents).")).to_be_visible()
        shot(page, "narrowed")
        page.locator("summary", has_text="Narrow the search").scroll_into_view_if_needed()
        worst = page.evaluate(CONTRASTS)
        assert worst[0][0] >= 4.5, worst[:5]


def test_a_follow_up_is_searched_differently_and_the_conversation_saved(browser, address, shot, tmp_path):
    with visiting(browser, address) as page:
        ask(page, "Does memantine help OCD?")
        playwright.expect(page.get_by_role("heading", name="Does memantine help OCD?")).to_be_visible()
        ask(page, "And depression?")
        playwright.expect(page.get_by_text("Searched as: Does memantine help depression?")).to_be_visible()
        page.locator("summary", has_text="Search for something else instead").click()
        field = page.get_by_role("textbox", name="Search for")
        playwright.expect(field).to_have_value("Does memantine help depression?")
        field.fill("Does ketamine help depression?")
        page.get_by_role("button", name="Ask again").click()
        playwright.expect(page.get_by_text("Searched as: Does ketamine help depression?")).to_be_visible()
        assert page.get_by_text("Searched as:").count() == 1
        page.locator("summary", has_text="Save this conversation").click()
        make = page.get_by_role("button", name="Make the files")
        playwright.expect(make).to_have_count(1)  # that of the page before may still be there
        make.click()
        playwright.expect(page.get_by_role("button", name="Save as JSON")).to_be_visible()
        shot(page, "saving")
        worst = page.evaluate(CONTRASTS)
        assert worst[0][0] >= 4.5, worst[:5]
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as a web page").click()
        download.value.save_as(tmp_path / "saved.html")
    alone = browser.new_page()
    alone.goto((tmp_path / "saved.html").as_uri())
    playwright.expect(alone.get_by_text("Searched as: Does ketamine help depression?")).to_be_visible()
    assert alone.locator("blockquote").count() >= 2
    alone.close()


def test_a_hostile_document_is_shown_and_does_nothing(browser, own, shot, tmp_path):
    (own.corpus / ":red[name] **file**.txt").write_text(f"Zorbulin {HOSTILE}\n\nIt says: {HOSTILE}\n", encoding="utf-8")
    (own.corpus / "catalogue.toml").write_text(f"[':red[name] **file**.txt']\nkind = '{HOSTILE}'\n", encoding="utf-8")
    build(own)
    with serving(own, tmp_path / "log") as url, visiting(browser, url) as page:
        page.get_by_text("Narrow the search").click()
        kind = page.get_by_role("combobox", name="Kind")
        kind.scroll_into_view_if_needed()
        page.wait_for_timeout(400)  # unfolding and scrolling, which would shut the list again
        unfolded(page, kind, HOSTILE)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        playwright.expect(page.get_by_role("group", name="Selected values")).to_contain_text(HOSTILE)
        ask(page, f"What of zorbulin? {HOSTILE}")
        for view in ("hostile-answer", "hostile-document", "hostile-corpus"):
            if view == "hostile-document":
                page.get_by_role("button", name="Open in the document").first.click()
                page.locator("#rag-marked").wait_for()
                unfolded(page, page.get_by_role("combobox"), ":red[name] **file**.txt")
            if view == "hostile-corpus":
                page.keyboard.press("Escape")
                page.get_by_role("link", name="Corpus").click()
                page.get_by_role("table").wait_for()
            page.wait_for_timeout(300)
            shot(page, view)
            assert HOSTILE[:60] in page.locator("body").inner_text(), view
            assert page.evaluate("window.broken") is None, view
            assert page.locator('[data-testid="stMain"] img').count() == 0, view
        log = (tmp_path / "log").read_text(encoding="utf-8")
        assert "zorbulin" not in log


def test_the_index_is_brought_up_to_date_from_the_page(browser, own, shot, tmp_path):
    with serving(own, tmp_path / "log") as url, visiting(browser, url) as page:
        playwright.expect(page.get_by_text("There is no index in")).to_be_visible()
        shot(page, "no-index")
        page.get_by_role("button", name="Build the index").click()
        playwright.expect(page.get_by_text("The corpus is empty")).to_be_visible()
        shot(page, "empty-corpus")
        for source in sorted((ROOT / "corpus").glob("*.md"))[:4]:
            shutil.copy(source, own.corpus)
        page.get_by_role("link", name="Corpus").click()
        playwright.expect(page.get_by_text("Added: amphetamine-tolerance.md")).to_be_visible()
        shot(page, "corpus-changed")
        page.get_by_role("button", name="Bring the index up to date").click()
        page.get_by_role("progressbar").wait_for()
        playwright.expect(page.get_by_text("4 added")).to_be_visible(timeout=30_000)
        playwright.expect(page.get_by_text("The index is up to date")).to_be_visible()
        shot(page, "corpus-built")


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


@contextlib.contextmanager
def serving(settings: Settings, log: Path) -> Iterator[str]:
    """Run the page on a free loopback port until it is no longer needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "RAG_CORPUS": str(settings.corpus), "RAG_INDEX": str(settings.index)}
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", server, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server answers; fail with its log when it ends or takes too long."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), direct.open(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    pytest.fail(f"the page's server did not start: {log.read_text(errors='replace')[-2000:]}")


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
