"""Show an answer on every surface of rag/render, and reduce what is shown to the words that a reader gets."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from rich.console import Console

from rag.core.types.answers import Answer, Turn
from rag.render.exporting import conversation_json
from rag.render.json_records import answer_record
from rag.render.markdown import answer_markdown, conversation_markdown
from rag.render.markup import answer_html
from rag.render.standalone import conversation_html
from rag.render.terminal import print_answer

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> **salt** $x$ :red[salt] `salt` [salt](javascript:1) "
    "\x1b[31mred\x1b[0m \x07 \u202eturned\u202c &amp; \x9b1m salt calms the heart >= 5 -- :smile: | \ufeff end."
)
STAMP = "2026-02-03T04:05:06+00:00"
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


def of_conversation(render: Callable[[Sequence[Turn], str], str]) -> Callable[[Answer], str]:
    """Return what shows an answer as the only one of a conversation."""
    return lambda answer: render([Turn(answer.question, answer, STAMP)], STAMP)


def only_record(answer: Answer) -> str:
    (turn,) = json.loads(of_conversation(conversation_json)(answer))["turns"]
    return json.dumps(turn["answer"])


SURFACES: dict[str, Callable[[Answer], str]] = {
    "terminal": terminal,
    "records": lambda answer: json.dumps(answer_record(answer)),
    "records of a conversation": only_record,
    "markup": answer_html,
    "page of a conversation": of_conversation(conversation_html),
    "markdown": answer_markdown,
    "markdown of a conversation": of_conversation(conversation_markdown),
}
RECORDS = ("records", "records of a conversation")
SCREENS = [surface for surface in SURFACES if surface not in RECORDS]


def html_of(surface: str, shown: str) -> str:
    """Return a surface as HTML; nothing where it is none."""
    if surface in ("markup", "page of a conversation"):
        return shown
    return MarkdownIt("commonmark").render(shown) if "markdown" in surface else ""


def flat(text: str) -> str:
    return " ".join(text.split())


def plain(surface: str, shown: str) -> str:
    """Reduce a surface to the words that a reader gets."""
    if html := html_of(surface, shown):
        return VisibleWords.of(html)
    if surface == "terminal":
        return flat(re.sub(r"[│┃•]", " ", shown))
    return flat(json.dumps(json.loads(shown), ensure_ascii=False))
