"""Every surface shows the framing, the exact words, and nothing raw."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples
from support.related import related_to
from support.surfaces import HOSTILE, RECORDS, SCREENS, SURFACES, UNSAFE, VisibleWords, flat, html_of, plain, terminal

import rag.render
from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.core.types.answers import Answer, Elsewhere, Filters, LeftOut
from rag.core.types.documents import Block, Standing
from rag.render.json_records import answer_record, to_json
from rag.render.layout import paragraphs
from rag.render.wording import outcome
from rag.safety.framing import FRAMING
from rag.text.characters import json_safe, one_line, visible

MODULES = {"terminal", "json_records", "markup", "markdown"}
CONVERSATION_MODULES = {"json_records", "markdown", "standalone", "exporting"}


@pytest.fixture(scope="module")
def answers(starter: Engine) -> dict[str, Answer]:
    answered = starter.ask("Who should not take magnesium?")
    return {
        "answered": answered,
        "not_in_corpus": starter.ask("How do I renew my passport?"),
        "withheld": replace(answered, status="withheld", quotes=()),
        "related": related_to(answered),
    }


def test_every_renderer_is_tested_here() -> None:
    takes = [
        (module.name, inspect.signature(function).parameters)
        for module in pkgutil.iter_modules(rag.render.__path__)
        for _, function in inspect.getmembers(importlib.import_module(f"rag.render.{module.name}"), inspect.isfunction)
        if function.__module__ == f"rag.render.{module.name}" and not function.__name__.startswith("_")
    ]
    assert {module for module, parameters in takes if "answer" in parameters} - {"wording", "lacking"} == MODULES
    assert {module for module, parameters in takes if "turns" in parameters} == CONVERSATION_MODULES


@pytest.mark.parametrize("status", ["answered", "related", "not_in_corpus", "withheld"])
@pytest.mark.parametrize("surface", SURFACES)
def test_every_answer_on_every_surface_bears_the_framing(surface: str, status: str, answers: dict[str, Answer]) -> None:
    shown = plain(surface, SURFACES[surface](answers[status]))
    assert FRAMING.text in shown
    quotes = answers[status].quotes or answers[status].related
    if quotes and surface not in RECORDS:
        assert shown.index(FRAMING.text) < shown.index(quotes[0].document.title)


@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_shows_quotes_without_the_framing(surface: str, answers: dict[str, Answer]) -> None:
    with pytest.raises(ValueError, match="without its framing"):
        SURFACES[surface](replace(answers["answered"], notices=()))


@pytest.mark.parametrize("surface", SURFACES)
def test_every_word_of_every_quote_is_shown(surface: str, starter: Engine) -> None:
    answer = starter.ask("What did the open-label study of memantine in depression find?")
    shown = plain(surface, SURFACES[surface](answer))
    for quote in answer.quotes:
        words = (
            quote.text.replace("\t", " | ") if surface not in RECORDS else json.dumps(quote.text, ensure_ascii=False)
        )
        assert flat(words).strip('"') in shown
        assert quote.document.title in shown


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_says_that_an_answer_was_filtered(surface: str, starter: Engine) -> None:
    filters = Filters(
        documents=("ketamine.md", "magnesium-cautions.md"), licences=(HOSTILE, "Apache-2.0"), since="2014-11"
    )
    answer = starter.ask("Who should not take magnesium?", filters=filters)
    shown = SURFACES[surface](answer)
    if surface in RECORDS:
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


@pytest.mark.parametrize("surface", SURFACES)
def test_how_a_document_stands_is_said_before_its_words_as_its_characters(
    surface: str, answers: dict[str, Answer]
) -> None:
    answer = answers["answered"]
    quote = answer.quotes[0]
    standing = Standing(HOSTILE, f"new/{HOSTILE}.md", "2024-06", ("low", f"GRADE {HOSTILE}"))
    shown = SURFACES[surface](replace(answer, quotes=(replace(quote, standing=standing),)))
    lines = [
        f"Retracted: {HOSTILE}",
        f"Superseded by new/{HOSTILE}.md",
        "Review was due on 2024-06",
        f"Evidence grade: low (GRADE {HOSTILE})",
    ]
    if surface in RECORDS:
        assert json.loads(shown)["quotes"][0]["standing"] == lines
        return
    assert not UNSAFE.search(shown)
    words = plain(surface, shown)
    assert " ".join(map(one_line, lines)) in words
    assert words.index("Retracted:") < words.index(flat(quote.text)[:40])
    parser = VisibleWords()
    parser.feed(html_of(surface, shown))
    assert not {"script", "img", "a", "code", "em"} & set(parser.tags)


@pytest.mark.parametrize(
    ("left", "active", "searched", "line", "says"),
    [
        (LeftOut(), False, 10, None, "The corpus does not say."),
        (LeftOut(1, 2), False, 7, "1 retracted and 2 superseded documents (--include-retracted, --include-superseded)",
         "The documents that were searched do not say."),
        (LeftOut(1, 0), True, 1, "1 retracted document (--include-retracted)",
         "The documents that were searched do not say."),
        (LeftOut(0, 1200), True, 0, "1,200 superseded documents (--include-superseded)",
         "Nothing was searched: every document that passes all filters is superseded."),
        (LeftOut(3, 1), False, 0, "3 retracted and 1 superseded documents (--include-retracted, --include-superseded)",
         "Nothing was searched: every document is retracted or superseded."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("surface", SURFACES)
def test_what_was_left_out_is_said_and_how_it_is_reached(
    surface: str, left: LeftOut, active: bool, searched: int, line: str | None, says: str, answers: dict[str, Answer]
) -> None:
    filters = Filters(kinds=("leaflet",)) if active else Filters()
    answer = replace(answers["not_in_corpus"], left_out=left, documents_searched=searched, filters=filters)
    shown = plain(surface, SURFACES[surface](answer))
    assert says in shown
    if surface in RECORDS:
        assert json.loads(shown)["left_out"] == {"retracted": left.retracted, "superseded": left.superseded}
    elif line:
        assert f"Not searched: {line}." in shown
    else:
        assert "Not searched" not in shown


@pytest.mark.parametrize("surface", SURFACES)
def test_where_else_the_same_is_said_is_shown_as_its_characters(surface: str, answers: dict[str, Answer]) -> None:
    quote = answers["answered"].quotes[0]
    twin = replace(quote.passage, id="twin", lines=(3, 5), page=None)
    places = (
        Elsewhere(twin, "other.md", HOSTILE, "superseded"),
        Elsewhere(replace(twin, lines=(7, 7), page=2), "b/\x1b[31m.txt", "Of <b>salt</b>"),
        Elsewhere(replace(twin, lines=None), "c.html", "C"),
    )
    shown = SURFACES[surface](replace(answers["answered"], quotes=(replace(quote, also_in=places),)))
    if surface in RECORDS:
        first, second, third = json.loads(shown)["quotes"][0]["also_in"]
        assert first == {
            "id": "twin",
            "document": "other.md",
            "title": HOSTILE,
            "withdrawn": "superseded",
            "start": twin.start,
            "end": twin.end,
            "lines": [3, 5],
        }
        assert (second["lines"], third["lines"]) == ([7, 7], None)
        return
    assert not UNSAFE.search(shown)
    expected = (
        f"Also in: {one_line(HOSTILE)} (other.md, lines 3–5; superseded); "
        r"Of <b>salt</b> (page 2, b/\x1b[31m.txt, line 7); C (c.html)"
    )
    assert flat(expected) in plain(surface, shown)
    parser = VisibleWords()
    parser.feed(html_of(surface, shown))
    assert not {"script", "img", "b"} & set(parser.tags)


@pytest.mark.parametrize("surface", SURFACES)
def test_a_quote_that_stands_nowhere_else_says_nothing_of_it(surface: str, answers: dict[str, Answer]) -> None:
    quotes = tuple(replace(quote, also_in=()) for quote in answers["answered"].quotes)
    shown = SURFACES[surface](replace(answers["answered"], quotes=quotes))
    assert "Also in" not in shown
    assert surface not in RECORDS or json.loads(shown)["quotes"][0]["also_in"] == []


@pytest.mark.parametrize("surface", SCREENS)
def test_the_order_of_highlights_changes_nothing_on_a_screen(surface: str, answers: dict[str, Answer]) -> None:
    """They come best first; what is shown keeps the order of the text."""
    quote = max(answers["answered"].quotes, key=lambda quote: len(quote.passage.sentences))
    spans = quote.passage.sentences[:3]
    assert len(spans) == 3
    shown = {
        SURFACES[surface](replace(answers["answered"], quotes=(replace(quote, highlights=order),)))
        for order in permutations(spans)
    }
    assert len(shown) == 1
    assert flat(quote.text) in plain(surface, shown.pop())


def test_json_has_the_highlights_best_first(answers: dict[str, Answer]) -> None:
    quote = max(answers["answered"].quotes, key=lambda quote: len(quote.passage.sentences))
    order = tuple(reversed(quote.passage.sentences[:2]))
    record = answer_record(replace(answers["answered"], quotes=(replace(quote, highlights=order),)))
    assert record["quotes"][0]["highlights"] == [list(span) for span in order]


SPANS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair)))


@examples(200)
@given(st.lists(SPANS, max_size=5), st.randoms(use_true_random=False), st.integers(0, 30), st.integers(0, 30))
def test_a_layout_is_the_text_whatever_is_highlighted_in_whatever_order(
    spans: list[tuple[int, int]], chance: Random, one: int, other: int
) -> None:
    text = "abcdefghij klmnopqrs tuvwxyzABC"
    blocks = [Block(0, 10, "paragraph"), Block(11, 20, "list item"), Block(21, 31, "paragraph")]
    start, end = sorted((one, other))
    laid_out = list(paragraphs(text, blocks, start, end, spans))
    chance.shuffle(spans)
    assert list(paragraphs(text, blocks, start, end, spans)) == laid_out
    shown = "".join(run.text for paragraph in laid_out for run in paragraph.runs)
    assert shown == "".join(text[max(start, block.start) : max(start, min(end, block.end))] for block in blocks)
    lit = {character for paragraph in laid_out for run in paragraph.runs if run.highlighted for character in run.text}
    assert lit == {text[place] for a, b in spans for place in range(max(a, start), min(b, end))} - {" "}


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


@pytest.mark.parametrize("surface", SCREENS)
def test_hostile_text_is_shown_as_its_characters(surface: str, hostile: Answer) -> None:
    raw = SURFACES[surface](hostile)
    assert not UNSAFE.search(raw)
    shown = plain(surface, raw)
    assert flat(visible(HOSTILE)) in shown
    parser = VisibleWords()
    parser.feed(html_of(surface, raw))
    assert not {"script", "img", "a", "code", "em"} & set(parser.tags)


def test_json_holds_the_exact_characters_and_nothing_raw(hostile: Answer) -> None:
    line = to_json(answer_record(hostile))
    assert not UNSAFE.search(line)
    assert "\n" not in line
    assert json.loads(line)["quotes"][0]["text"] == hostile.quotes[0].text


def test_the_json_of_an_answer(starter: Engine) -> None:
    record = answer_record(starter.ask("Who should not take magnesium?"))
    assert {
        "schema", "status", "question", "searched_as", "filters", "documents_searched", "left_out", "notices",
        "confidence", "missing_terms", "suggestions", "quotes", "index", "took_ms", "names", "related", "related_from",
        "shortfall",
    } <= record.keys()  # fmt: skip
    assert (record["filters"], record["documents_searched"]) == ({}, 10)
    quote = record["quotes"][0]
    assert {
        "rank", "id", "text", "start", "end", "prefix", "suffix", "highlights", "document", "section", "page", "lines",
        "link", "attribution", "cues", "scores", "also_in", "standing", "lacks",
    } <= quote.keys()  # fmt: skip
    assert {
        "id", "path", "sha256", "title", "authors", "publisher", "published", "reviewed_on", "url", "licence",
        "review_due", "retracted", "superseded_by", "evidence_grade", "evidence_scheme",
    } <= quote["document"].keys()  # fmt: skip
    assert (record["left_out"], quote["standing"]) == ({"retracted": 0, "superseded": 0}, [])
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
