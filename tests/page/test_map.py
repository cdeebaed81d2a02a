"""The view of the map, without a browser."""

from __future__ import annotations

import re

from support.page import HOSTILE, ask, checked, click, interpreted, raw, text, visit
from support.paths import MAGNESIUM_QUESTION

from rag.answer.engine import open_index
from rag.building.build import build
from rag.safety.framing import FRAMING


def test_before_a_question_there_is_the_corpus(page, starter_settings, starter):
    at = visit(page(starter_settings), "Map")
    said, html = text(at), raw(at)
    assert FRAMING.text in said
    assert "Ask a question, and it is marked here" in said
    assert html.count('<i class="rag-mark') == 76
    assert "not always close in meaning" in said
    assert "rag-asked" not in html
    table = html[html.index("<table") :]
    for document in starter.documents():
        assert document.title.replace("'", "&#x27;") in table
    assert table.count('scope="row"') == 10


def test_the_last_question_is_marked_and_what_is_near_can_be_opened(page, starter_settings, starter):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    visit(at, "Map")
    said, html = text(at), raw(at)
    assert f"Marked: {MAGNESIUM_QUESTION}" in said
    assert html.count('class="rag-asked"') == 1
    assert html.count('class="rag-hit"') == len(starter.ask(MAGNESIUM_QUESTION).quotes)
    assert "quoted as 1" in said
    assert [button.label for button in at.button] == [f"Open {rank} in the document" for rank in range(1, 9)]
    near = re.search(r"1\. (.*?) › (.*?) Cosine", said)
    assert near
    click(at, "Open 1 in the document")
    assert f'<h1 class="rag-title">{near[1]}' in raw(at)
    assert raw(at).count('id="rag-marked"') == 1
    click(at, "Back to the map")
    assert MAGNESIUM_QUESTION in text(at)


def test_an_unanswered_question_is_marked_without_quotes(page, starter_settings):
    at = visit(ask(page(starter_settings), "What is the capital of Mozambique?"), "Map")
    assert raw(at).count('class="rag-asked"') == 1
    assert 'class="rag-hit"' not in raw(at)
    assert "Near is not yet an answer" in text(at)


def test_nothing_is_near_a_cry_for_help(page, starter_settings):
    at = visit(ask(page(starter_settings), "i want to end my life"), "Map")
    assert "Your last question is not marked" in text(at)
    assert "end my life" not in text(at)
    assert "rag-asked" not in raw(at)
    assert not at.button


def test_an_empty_corpus_and_none(page, own, tmp_path):
    at = visit(page(own), "Map")
    assert "There is no index in" in text(at)
    build(own)
    assert "There is nothing to show" in text(checked(at.run()))
    (own.corpus / "a.txt").write_text("Salt calms the heart of the sailor.")
    build(own)
    assert raw(checked(at.run())).count('<i class="rag-mark') == 1


def test_hostile_titles_sections_and_questions_are_characters(page, own):
    (own.corpus / "a.md").write_text(f"# {HOSTILE}\n\n## {HOSTILE}\n\nZorbulin binds: {HOSTILE}\n", encoding="utf-8")
    (own.corpus / "b.md").write_text("---\ntitle: ':red[b] <b>$x$</b> zorbulin'\n---\nZorbulin.\n", encoding="utf-8")
    build(own)
    at = visit(ask(page(own), f"zorbulin? {HOSTILE}"), "Map")
    said, html = text(at), raw(at)
    # The question with an attack in it, in the line that names it.
    assert HOSTILE[:60] in said
    assert not re.search(r"<(script|img|b)\b(?! class=\"rag-)|[\u202a-\u202e\x1b]", html)
    for words in interpreted(at):
        assert not re.search(r"zorbulin|:red|\*\*|\$", words)
    assert open_index(own.index).info.documents == 2
