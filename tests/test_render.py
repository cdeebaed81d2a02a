"""Every surface shows the framing, the exact words, and nothing raw."""

from __future__ import annotations

import importlib
import inspect
import io
import json
import pkgutil
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

import rag.render
from rag.answer.framing import FRAMING
from rag.build import build
from rag.config import Settings
from rag.engine import Engine, open_index
from rag.render.characters import json_safe, one_line, visible
from rag.render.layout import outcome
from rag.render.markdown import answer_markdown
from rag.render.markup import answer_html
from rag.render.records import answer_record, to_json
from rag.render.terminal import print_answer
from rag.types import Answer, Filters

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> **salt** $x$ :red[salt] `salt` [salt](javascript:1) "
    "\x1b[31mred\x1b[0m \x07 \u202eturned\u202c &amp; \x9b1m salt calms the heart >= 5 -- :smile: | \ufeff end."
)
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def terminal(answer: Answer, width: int = 80, color: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, highlight=False, markup=False, emoji=False, no_color=not color
    )
    print_answer(answer, console)
    return out.getvalue()


class VisibleWords(HTMLParser):
    """What a browser shows of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "mark":
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @classmethod
    def of(cls, html: str) -> str:
        parser = cls()
        parser.feed(html)
        parser.close()
        return " ".join("".join(parser.words).split())


SURFACES: dict[str, Callable[[Answer], str]] = {
    "terminal": terminal,
    "records": lambda answer: json.dumps(answer_record(answer)),
    "markup": answer_html,
    "markdown": answer_markdown,
}


def flat(text: str) -> str:
    return " ".join(text.split())


def plain(surface: str, shown: str) -> str:
    """Reduce a surface to the words that a reader gets."""
    if surface == "markup":
        return VisibleWords.of(shown)
    if surface == "markdown":
        return VisibleWords.of(MarkdownIt("commonmark").render(shown))
    if surface == "terminal":
        return flat(re.sub(r"[│┃•]", " ", shown))
    return flat(json.dumps(json.loads(shown), ensure_ascii=False))


@pytest.fixture(scope="module")
def answers(starter: Engine) -> dict[str, Answer]:
    answered = starter.ask("Who should not take magnesium?")
    return {
        "answered": answered,
        "not_in_corpus": starter.ask("How do I renew my passport?"),
        "withheld": replace(answered, status="withheld", quotes=()),
    }


def test_every_renderer_is_tested_here() -> None:
    takes_answers = {
        module.name
        for module in pkgutil.iter_modules(rag.render.__path__)
        for _, function in inspect.getmembers(importlib.import_module(f"rag.render.{module.name}"), inspect.isfunction)
        if function.__module__ == f"rag.render.{module.name}"
        and "answer" in inspect.signature(function).parameters
        and not function.__name__.startswith("_")
    }
    assert takes_answers - {"layout"} == SURFACES.keys()


@pytest.mark.parametrize("status", ["answered", "not_in_corpus", "withheld"])
@pytest.mark.parametrize("surface", SURFACES)
def test_every_answer_on_every_surface_bears_the_framing(surface: str, status: str, answers: dict[str, Answer]) -> None:
    shown = plain(surface, SURFACES[surface](answers[status]))
    assert FRAMING.text in shown
    quotes = answers[status].quotes
    if quotes and surface != "records":
        assert shown.index(FRAMING.text) < shown.index(flat(quotes[0].text)[-30:])


@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_shows_quotes_without_the_framing(surface: str, answers: dict[str, Answer]) -> None:
    with pytest.raises(ValueError, match="without its framing"):
        SURFACES[surface](replace(answers["answered"], notices=()))


@pytest.mark.parametrize("surface", SURFACES)
def test_every_word_of_every_quote_is_shown(surface: str, starter: Engine) -> None:
    answer = starter.ask("What did the open-label study of memantine in depression find?")
    shown = plain(surface, SURFACES[surface](answer))
    for quote in answer.quotes:
        words = quote.text.replace("\t", " | ") if surface != "records" else json.dumps(quote.text, ensure_ascii=False)
        assert flat(words).strip('"') in shown
        assert quote.document.title in shown


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_says_that_an_answer_was_filtered(surface: str, starter: Engine) -> None:
    filters = Filters(
        documents=("ketamine.md", "magnesium-cautions.md"), licences=(HOSTILE, "Apache-2.0"), since="2014-11"
    )
    answer = starter.ask("Who should not take magnesium?", filters=filters)
    shown = SURFACES[surface](answer)
    if surface == "records":
        assert json.loads(shown)["filters"] == {
            "documents": ["ketamine.md", "magnesium-cautions.md"],
            "licences": [HOSTILE, "Apache-2.0"],
            "since": "2014-11",
        }
        assert json.loads(shown)["documents_searched"] == 2
        return
    assert not UNSAFE.search(shown)
    assert flat(
        "Searched only: document ketamine.md or magnesium-cautions.md; "
        f"licence {one_line(HOSTILE)} or Apache-2.0; since 2014-11 (2 of 10 documents)."
    ) in plain(surface, shown)
    assert "Searched only" not in plain(surface, SURFACES[surface](starter.ask("Who should not take magnesium?")))


@pytest.mark.parametrize(
    ("question", "filters", "said"),
    [
        ("What is ketamine?", Filters(until="1999"), "Nothing was searched: no document is known to pass all filters."),
        ("How do I renew my passport?", Filters(since="1999"), "The documents that were searched do not say."),
    ],
)
def test_a_filtered_no_does_not_speak_for_the_whole_corpus(
    question: str, filters: Filters, said: str, starter: Engine
) -> None:
    assert outcome(starter.ask(question, filters=filters)).startswith(said)


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_terminal_keeps_its_width(width: int, answers: dict[str, Answer]) -> None:
    for line in terminal(answers["answered"], width).splitlines():
        assert len(line) <= width or line.strip().startswith("http")


def test_colour_is_only_for_terminals(answers: dict[str, Answer]) -> None:
    assert "\x1b[" in terminal(answers["answered"], color=True)
    assert "\x1b[" not in terminal(answers["answered"])


@pytest.fixture
def hostile(own: Settings) -> Answer:
    (own.corpus / "a.txt").write_text(f"Of salt\n\n{HOSTILE}", encoding="utf-8")
    build(own)
    answer = open_index(own.index).ask(f"Does salt calm the heart? {HOSTILE}")
    assert answer.status == "answered"
    assert HOSTILE in answer.quotes[0].text
    return answer


@pytest.mark.parametrize("surface", ["terminal", "markup", "markdown"])
def test_hostile_text_is_shown_as_its_characters(surface: str, hostile: Answer) -> None:
    raw = SURFACES[surface](hostile)
    assert not UNSAFE.search(raw)
    shown = plain(surface, raw)
    assert flat(visible(HOSTILE)) in shown
    html = {"markup": raw, "markdown": MarkdownIt("commonmark").render(raw)}.get(surface, "")
    parser = VisibleWords()
    parser.feed(html)
    assert not {"script", "img", "a", "code", "em"} & set(parser.tags)


def test_json_holds_the_exact_characters_and_nothing_raw(hostile: Answer) -> None:
    line = to_json(answer_record(hostile))
    assert not UNSAFE.search(line)
    assert "\n" not in line
    assert json.loads(line)["quotes"][0]["text"] == hostile.quotes[0].text


def test_the_json_of_an_answer(starter: Engine) -> None:
    record = answer_record(starter.ask("Who should not take magnesium?"))
    assert {
        "schema", "status", "question", "searched_as", "filters", "documents_searched", "notices", "confidence",
        "missing_terms", "suggestions", "quotes", "index", "took_ms",
    } <= record.keys()  # fmt: skip
    assert (record["filters"], record["documents_searched"]) == ({}, 10)
    quote = record["quotes"][0]
    assert {
        "rank", "id", "text", "start", "end", "prefix", "suffix", "highlights", "document", "section", "page", "lines",
        "link", "attribution", "cues", "scores",
    } <= quote.keys()  # fmt: skip
    assert {
        "id", "path", "sha256", "title", "authors", "publisher", "published", "reviewed_on", "url", "licence",
    } <= quote["document"].keys()  # fmt: skip
    assert quote["attribution"] == {"kind": "author", "name": None, "url": None}
    assert quote["scores"].keys() == {"fused", "dense", "lexical"}
    assert record["index"].keys() == {"fingerprint", "documents", "passages", "published"}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x1b[31m", "a\\x1b[31m"),
        ("\u202eab", "\\u202eab"),
        ("\x9b", "\\x9b"),
        ("a\tb\nc", "a\tb\nc"),
        ("\udc80", "\\udc80"),
        ("naïve 镁 👩", "naïve 镁 👩"),
    ],
)
def test_visible(raw: str, shown: str) -> None:
    assert visible(raw) == shown


def test_one_line_and_json_safe() -> None:
    assert one_line("a\n b\x07") == "a b\\x07"
    assert json.loads(json_safe(json.dumps("\u202e\x9b", ensure_ascii=False))) == "\u202e\x9b"
