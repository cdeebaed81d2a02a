"""Verbatim under fire: made-up documents through read, split, index, ask and all surfaces: is a quote ever lost?

    python benchmarks/verbatim.py [--documents 100000] [--batch 2000] [--questions 40] [--seconds 0]

Questions are words of the documents themselves. What a quote is held against is the text that a document was written
from, not what a reader made of it; what a surface shows is read by other people's parsers. With `--seconds` no further
batch is begun after that time. Exits with 1 when a quote is lost.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from generated_documents import Made, make
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from results import machine, write_section
from rich.console import Console

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.core.types.answers import Answer, Quote, Turn
from rag.page.html.document_html import document_html
from rag.render.exporting import conversation_json
from rag.render.json_records import answer_record, to_json
from rag.render.markdown import answer_markdown, conversation_markdown
from rag.render.markup import answer_html
from rag.render.standalone import conversation_html
from rag.render.terminal import print_answer

_STAMP = "2026-02-03T04:05:06+00:00"
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_OURS = set(
    "html head body meta title style header main section article div p h1 h2 h3 h4 h5 h6 pre span ul ol".split()
)
_OURS |= set("li a mark details summary dl dt dd blockquote time nav strong br".split())


@dataclass
class Tally:
    """What was tried, and what was lost."""

    documents: Counter[str] = field(default_factory=Counter)
    left_out: int = 0
    questions: int = 0
    answered: int = 0
    quotes: int = 0
    related: int = 0
    shown: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)


def main() -> None:
    """Try, and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=40, help="how many are asked of each batch")
    parser.add_argument("--seconds", type=int, default=0, help="after which no further batch is begun; 0 for never")
    asked = parser.parse_args()
    tally, began = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, asked.documents, asked.batch):
            if asked.seconds and time.monotonic() - began > asked.seconds:
                break
            numbers = range(start, min(start + asked.batch, asked.documents))
            fire(numbers, asked.questions, Path(folder), tally)
            print(
                f"{sum(tally.documents.values())} documents, {tally.quotes} quotes, {len(tally.lost)} lost", flush=True
            )
    for each in tally.lost[:20]:
        print(each)
    write_section("Verbatim under fire", report(tally, time.monotonic() - began))
    sys.exit(1 if tally.lost else 0)


def fire(numbers: Sequence[int], questions: int, folder: Path, tally: Tally, index: Path | None = None) -> None:
    """Build an index of some documents, ask it words of theirs, and hold every quote against what was written."""
    settings = Settings(corpus=folder / "corpus", index=index or folder / "index")
    shutil.rmtree(settings.corpus, ignore_errors=True)
    settings.corpus.mkdir()
    made = {one.name: one for one in map(make, numbers)}
    for one in made.values():
        (settings.corpus / one.name).write_bytes(one.data)
        tally.documents[one.name.rpartition(".")[2]] += 1
    report = build(settings)
    tally.left_out += len(report.skipped)
    tally.lost += [f"{skipped.path} was left out: {skipped.reason}" for skipped in report.skipped]
    engine = open_index(settings.index, settings.corpus)
    chance = Random(f"questions of {numbers[0]}")
    for _ in range(questions):
        words = chance.choice(chance.choice(list(made.values())).sentences).rstrip(".").split(" ")
        at = chance.randrange(max(1, len(words) - 7))
        question = " ".join(words[at : at + 8])
        answer = engine.ask(question)
        tally.questions += 1
        tally.answered += answer.is_answered
        tally.quotes += len(answer.quotes)
        tally.related += len(answer.related)
        tally.lost += [f"{question!a}: {what}" for what in lost_in(answer, made, engine, tally.shown)]


def lost_in(answer: Answer, made: dict[str, Made], engine: Engine, shown: Counter[str]) -> list[str]:
    """Return what of an answer's passages is not its source's, in the answer itself and on each surface."""
    passages = answer.quotes or answer.related
    lost = [what for passage in passages for what in _astray(passage, made[passage.document.path].text)]
    for name, surface in SURFACES.items():
        shown[name] += len(passages)
        begun = name == "terminal" and bool(answer.related)  # which shows how they begin
        lost += [f"{name}: {what}" for what in surface(answer, [_slice(each, made, begun) for each in passages])]
    for quote in passages:
        words = _slice(quote, made)
        shown["document view"] += 1
        page = document_html(engine.document(quote.passage.document_id))
        lost += [f"document view: {what}" for what in _of_html(page, [words], "//article")]
    return lost


def _slice(quote: Quote, made: dict[str, Made], begun: bool = False) -> str:
    """Return what is expected of a passage: all of it, or its first sentence alone."""
    span = quote.passage.sentences[0] if begun else (quote.passage.start, quote.passage.end)
    return made[quote.document.path].text[slice(*span)]


def _astray(quote: Quote, text: str) -> list[str]:
    """Say which of a quote's stretches is not in the text at its place."""
    stretches = [
        ("quote", quote.passage.start, quote.passage.end, quote.text),
        ("prefix", quote.passage.start - len(quote.prefix), quote.passage.start, quote.prefix),
        ("suffix", quote.passage.end, quote.passage.end + len(quote.suffix), quote.suffix),
        *(("label", cue.start, cue.end, cue.text) for cue in quote.cues),
        *(("companion", each.start, each.end, each.text) for each in quote.companions),
    ]
    lost = [f"{what} {said!a} is not at {start}" for what, start, end, said in stretches if text[start:end] != said]
    if not quote.text.strip():
        lost.append("an empty quote")
    inside = all(0 <= start < end <= len(text) for start, end in quote.highlights)
    return lost if inside else [*lost, f"highlights outside: {quote.highlights}"]


def _as_seen(text: str) -> str:
    """Return a text as a screen has it: what steers as an escape, and nothing that screens lay out by themselves.

    That is white space and, between cells, bars.
    """
    escaped = _STEERING.sub(lambda one: f"\\x{ord(one[0]):02x}" if ord(one[0]) < 256 else f"\\u{ord(one[0]):04x}", text)
    return "".join(escaped.replace("|", " ").split())


def _missing(shown: str, expected: Sequence[str]) -> list[str]:
    """Say which quotes are not there, one after the other."""
    at, lost = 0, []
    for words in expected:
        found = shown.find(words, at)
        if found < 0:
            lost.append(f"{words!a} is not shown")
        else:
            at = found
    return lost


def _of_html(shown: str, expected: Sequence[str], path: str) -> list[str]:
    lost = [f"raw {found[0]!a}"] if (found := _STEERING.search(shown)) else []
    root = lxml_html.document_fromstring(shown)
    if strange := {str(element.tag) for element in root.iter()} - _OURS:
        lost.append(f"elements that are not ours: {sorted(strange)}")
    quotes = "\n".join("".join(element.itertext()) for element in root.xpath(path))
    return lost + _missing(_as_seen(quotes), list(map(_as_seen, expected)))


def _of_terminal(answer: Answer, expected: Sequence[str]) -> list[str]:
    out = io.StringIO()
    print_answer(answer, Console(file=out, width=80, no_color=True, highlight=False, markup=False, emoji=False))
    lost = [f"raw {found[0]!a}"] if (found := _STEERING.search(out.getvalue())) else []
    # Bars stand beside quotes, and bullets before items that show none of their own.
    bare = re.compile("[│┃•]")
    seen = bare.sub("", _as_seen(out.getvalue()))
    return lost + _missing(seen, [bare.sub("", _as_seen(words)) for words in expected])


def _of_json(line: str, texts: Callable[[dict[str, Any]], list[str]], expected: Sequence[str]) -> list[str]:
    lost = [f"raw {found[0]!a}"] if (found := _STEERING.search(line)) else []
    said = texts(json.loads(line))
    return lost if said == list(expected) else [*lost, f"{said!a} instead of {list(expected)!a}"]


def _texts(record: dict[str, Any]) -> list[str]:
    """Return what a record quotes, or what is related where it quotes nothing, turn by turn."""
    answers = [turn["answer"] for turn in record.get("turns", [{"answer": record}])]
    return [passage["text"] for answer in answers for passage in answer["quotes"] or answer["related"]]


def _turns(answer: Answer) -> list[Turn]:
    return [Turn(answer.question, answer, _STAMP)]


_IN_MARKDOWN = "//blockquote | //li[p]"
_QUOTED = "//blockquote | //*[@class='rag-related-text']"
SURFACES: dict[str, Callable[[Answer, Sequence[str]], list[str]]] = {
    "terminal": _of_terminal,
    "JSON": lambda answer, expected: _of_json(to_json(answer_record(answer)), _texts, expected),
    "HTML": lambda answer, expected: _of_html(answer_html(answer), expected, _QUOTED),
    "Markdown": lambda answer, expected: _of_html(
        MarkdownIt("commonmark").render(answer_markdown(answer)), expected, _IN_MARKDOWN
    ),
    "conversation, JSON": lambda answer, expected: _of_json(
        conversation_json(_turns(answer), _STAMP), _texts, expected
    ),
    "conversation, Markdown": lambda answer, expected: _of_html(
        MarkdownIt("commonmark").render(conversation_markdown(_turns(answer), _STAMP)), expected, _IN_MARKDOWN
    ),
    "conversation, page": lambda answer, expected: _of_html(
        conversation_html(_turns(answer), _STAMP), expected, _QUOTED
    ),
}


def report(tally: Tally, seconds: float) -> str:
    """Return the section's table."""
    formats = ", ".join(f"{count:,} {name}" for name, count in sorted(tally.documents.items()))
    rows = [
        f"{sum(tally.documents.values()):,} documents ({formats}) of a sentence or two, {tally.left_out} left out; "
        f"{tally.questions:,} questions, {tally.answered:,} answered, with {tally.quotes:,} quotes, and "
        f"{tally.related:,} related passages without an answer; "
        f"{len(tally.lost)} lost; {seconds / 60:.0f} minutes.\n",
        "| surface | passages held against their source |",
        "|---|---|",
        f"| the answer itself | {tally.quotes + tally.related:,} |",
        *(f"| {name} | {count:,} |" for name, count in tally.shown.items()),
        f"\n{machine()}",
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
