"""A conversation as a file: Markdown, JSON and a page that stands alone, with every word and nothing from elsewhere."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt
from support.properties import examples

from rag import __version__
from rag.answer.conversation import Conversation
from rag.answer.engine import Engine
from rag.core.types.answers import Answer, Cue, IndexInfo, Quote, Scores, Turn
from rag.core.types.documents import Attribution, Block, CatalogueEntry, Document, Standing
from rag.core.types.passages import Passage
from rag.render.exporting import EXPORTS, conversation_json
from rag.render.json_records import answer_record
from rag.render.markdown import conversation_markdown
from rag.render.standalone import conversation_html, style
from rag.render.wording import place, understood, whose_words
from rag.safety.framing import FRAMING
from rag.text.characters import one_line, visible

WHEN = "2026-02-03T04:05:06+00:00"
QUESTIONS = ("Does memantine help OCD?", "And depression?", "How do I renew my passport?", "I want to kill myself")


@pytest.fixture(scope="module")
def turns(starter: Engine) -> tuple[Turn, ...]:
    conversation = Conversation(starter)
    for question in QUESTIONS:
        conversation.ask(question)
    return conversation.turns


@pytest.fixture(scope="module")
def page(turns: Sequence[Turn]) -> html.HtmlElement:
    return parsed(conversation_html(turns, WHEN))


def parsed(text: str) -> html.HtmlElement:
    return html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", recover=False))


def flat(text: str) -> str:
    return " ".join(text.split())


def as_shown(text: str) -> str:
    return flat(text.replace("\t", " | "))


def words_of(element: html.HtmlElement) -> str:
    """Return what a browser shows, with marks and labels running on and everything else apart."""
    parts = [element.text or ""]
    for child in element:
        parts += [words_of(child) if isinstance(child.tag, str) else "", child.tail or ""]
    return ("" if element.tag in ("mark", "span") else " ").join(("", "".join(parts), ""))


def quotes_of(turns: Sequence[Turn]) -> list[str]:
    return [quote.text for turn in turns for quote in turn.answer.quotes]


def test_json_is_one_object_with_every_answer_as_it_is(turns: Sequence[Turn]) -> None:
    exported = conversation_json(turns, WHEN)
    assert exported.count("\n") == 1
    record = json.loads(exported)
    assert {name: record[name] for name in ("schema", "version", "exported_at")} == {
        "schema": 2, "version": __version__, "exported_at": WHEN,
    }  # fmt: skip
    assert [turn["answer"] for turn in record["turns"]] == [answer_record(turn.answer) for turn in turns]
    assert [turn["asked_at"] for turn in record["turns"]] == [turn.asked_at for turn in turns]
    assert [quote["text"] for turn in record["turns"] for quote in turn["answer"]["quotes"]] == quotes_of(turns)
    assert record["index"] == record["turns"][0]["answer"]["index"]


def test_the_index_of_a_conversation_is_the_one_that_was_opened(turns: Sequence[Turn]) -> None:
    crisis = replace(turns[-1], answer=replace(turns[-1].answer, index=replace(turns[-1].answer.index, fingerprint="")))
    assert json.loads(conversation_json([turns[0], crisis], WHEN))["index"] == answer_record(turns[0].answer)["index"]
    assert json.loads(conversation_json([crisis], WHEN))["index"] is None
    assert "Index" not in conversation_html([crisis], WHEN)


@pytest.mark.parametrize("ending", [".md", ".html"])
def test_every_quote_stands_in_every_export_word_for_word(ending: str, turns: Sequence[Turn]) -> None:
    exported = EXPORTS[ending](turns, WHEN)
    shown = flat(words_of(parsed(exported if ending == ".html" else MarkdownIt("commonmark").render(exported))))
    assert len(quotes_of(turns)) > 5
    for turn in turns:
        assert turn.question in shown
        assert all(flat(line) in shown for line in understood(turn.answer))
        for quote in turn.answer.quotes:
            assert as_shown(quote.text) in shown
            assert place(quote) in shown
            assert f"Whose words: {whose_words(quote.passage.attribution)}" in shown
            assert all(as_shown(each.text) in shown for each in quote.companions)
            assert all(f"“{one_line(cue.text)}”" in shown for cue in quote.cues)
    assert shown.count(turns[0].answer.index.fingerprint) == len(turns)
    assert all(turn.asked_at in shown for turn in turns)
    assert f"Exported at {WHEN} by rag {__version__}" in shown


def test_markdown_has_its_headings_in_order(turns: Sequence[Turn]) -> None:
    tokens = MarkdownIt("commonmark").parse(conversation_markdown(turns, WHEN))
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    assert levels[:3] == [1, 2, 3]
    assert levels.count(1) == 1
    assert levels.count(2) == len(turns)


def test_the_page_opens_without_anything_from_elsewhere(page: html.HtmlElement, turns: Sequence[Turn]) -> None:
    assert not page.xpath("//script | //link | //img | //iframe | //object | //embed | //form | //base | //@src")
    assert not [name for name in page.xpath("//@*") if name.attrname.startswith("on")]
    links = {
        quote.link or quote.document.entry.source_url for turn in turns for quote in turn.answer.quotes
    } - {None}  # fmt: skip
    assert set(page.xpath("//@href")) == links
    assert all(link.startswith(("https://", "http://")) for link in page.xpath("//@href"))
    assert not re.search(r"url\(|@import|</", style())
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]


def test_the_page_can_be_read_by_anybody(page: html.HtmlElement, turns: Sequence[Turn]) -> None:
    assert page.get("lang") == "en"
    assert page.xpath("string(//title)") == f"Conversation: {QUESTIONS[0]}"
    assert page.xpath("//meta[@name='viewport']")
    levels = [int(each.tag[1]) for each in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels[:3] == [1, 2, 3]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [each.text for each in page.xpath("//h2")] == list(QUESTIONS)
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    assert set(page.xpath("//@aria-labelledby")) <= set(names)
    assert all("open" in each.attrib for each in page.xpath("//details"))  # what is folded away is not printed


def test_the_style_is_the_pages_own_without_streamlit() -> None:
    css = style()
    assert "data-testid" not in css
    assert css.count("{") == css.count("}")
    for part in (".rag-passage {", "prefers-color-scheme: dark", "@media print", "max-width: 640px"):
        assert part in css


def test_a_conversation_of_nothing_is_a_page_too() -> None:
    assert parsed(conversation_html([], WHEN)).xpath("string(//title)") == "Conversation"
    assert json.loads(conversation_json([], WHEN))["turns"] == []
    assert conversation_markdown([], WHEN).startswith("# Conversation\n")


AWKWARD = [*string.punctuation, *"<script> </style> </h2> ]]> <!-- &#60; \x1b[31m \u202e \udcff".split(), "\n"]
ANYTHING = st.lists(st.one_of(st.sampled_from(AWKWARD), st.characters()), min_size=1, max_size=30).map("".join)


def made_of(asked: str, titled: str) -> list[Turn]:
    """Return a conversation whose every word is one of two texts."""
    text = f"{titled}."
    entry = CatalogueEntry(source_title=titled, authors=(titled,), kind=titled, licence=titled)
    document = Document("d", f"{titled}.txt", "d", "text/plain", "utf-8", titled, text, (), entry)
    passage = Passage("p", "d", 0, len(text), ((0, len(text)),), (), Attribution("quoted", titled), None, (1, 1))
    quote = Quote(
        rank=1, passage=passage, text=text, prefix="", suffix="", highlights=(), document=document,
        blocks=(Block(0, len(text), "paragraph"),), link="https://example.org/#<'\">", scores=Scores(1, 1, 1),
        cues=(Cue("hedge", text, 0, len(text)),), standing=Standing(retracted=titled),
    )  # fmt: skip
    answer = Answer(
        status="answered", question=asked, searched_as=f"{asked} {titled}", notices=(FRAMING,), confidence=1,
        missing_terms=(titled,), quotes=(quote,), index=IndexInfo("f", 1, 1, titled), took_ms=0,
    )  # fmt: skip
    return [Turn(asked, answer, titled)]


@examples(80)
@given(ANYTHING, ANYTHING)
def test_whatever_was_asked_or_stands_there_is_shown_as_its_characters(asked: str, titled: str) -> None:
    turns = made_of(asked, titled)
    page = parsed(conversation_html(turns, titled))
    assert [each.tag for each in page.iter()] == [
        each.tag for each in parsed(conversation_html(made_of("a", "b"), "c")).iter()
    ]
    assert page.xpath("string(//h2)") == visible(asked)
    assert page.xpath("string(//blockquote)") == visible(f"{titled}.")
    assert page.xpath("//@href") == ["https://example.org/#<'\">"]
    rendered = MarkdownIt("commonmark").render(conversation_markdown(turns, titled))
    assert {each.tag for each in parsed(rendered).iter()} <= {
        "html", "body", "h1", "h2", "h3", "p", "strong", "blockquote", "ul", "li", "a", "br",
    }  # fmt: skip
    assert json.loads(conversation_json(turns, titled))["turns"][0]["answer"] == answer_record(turns[0].answer)
