"""The page as Streamlit runs it, without a browser: what is shown in each state, and that nothing is interpreted."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from html import unescape

import pytest
from support.page import HOSTILE, ask, built, checked, click, interpreted, raw, squeezed, text, visit
from support.paths import MAGNESIUM_QUESTION, ROOT, STARTER

from rag.answer.engine import open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.index.opening import open_published
from rag.render.wording import point_line
from rag.safety.framing import FRAMING
from rag.safety.texts import text as text_of


def test_framing_and_what_there_is_to_ask_stand_before_the_first_question(page, starter_settings):
    said = text(page(starter_settings))
    assert FRAMING.text in said
    assert "10 documents" in said
    assert "The NMDA receptor and calcium" in said


def test_an_answer_comes_with_its_framing_its_outcome_and_whole_quotes(page, starter_settings, starter):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    answer = starter.ask(MAGNESIUM_QUESTION)
    said, html = text(at), raw(at)
    assert said.count(FRAMING.text) == 2
    assert f"{len(answer.quotes)} passages from" in said
    assert html.count('<article class="rag-quote"') == len(answer.quotes)
    for quote in answer.quotes:
        assert quote.document.path in said
        assert squeezed(quote.document.text[slice(*quote.highlights[0])]) in said
    assert "<mark>" in html
    assert "Searched as" not in said
    opens = ["Open in the document"] * len(answer.quotes)
    assert [button.label for button in at.button] == [*opens, "Ask again", "Make the files", "New topic"]


def test_an_unanswered_question_says_which_words_no_document_holds(page, starter_settings):
    at = ask(page(starter_settings), "What is the capital of Mozambique?")
    said = text(at)
    assert "The corpus does not say." in said
    assert "No document says anything about Mozambique." in said
    assert '<article class="rag-quote"' not in raw(at)
    assert said.count(FRAMING.text) == 2


def test_a_crisis_is_answered_with_its_notice_alone(page, starter_settings, monkeypatch):
    monkeypatch.setenv("RAG_COUNTRY", "GB")
    at = ask(page(starter_settings), "i want to end my life")
    said = text(at)
    notice = f"{text_of('crisis', 'GB')} {FRAMING.text}"
    assert notice in said
    assert said.index("Nothing was searched and nothing is quoted") > said.index(notice)
    assert '<article class="rag-quote"' not in raw(at)
    ask(at, MAGNESIUM_QUESTION)
    assert raw(at).count("rag-notice-crisis") == 2
    assert '<article class="rag-quote"' not in raw(at)
    ask(at, MAGNESIUM_QUESTION)
    assert raw(at).count("rag-notice-crisis") == 3
    assert '<article class="rag-quote"' in raw(at)


def test_a_follow_up_shows_what_was_searched_and_a_new_topic_forgets(page, starter_settings):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    ask(at, "and what does it do for depression?")
    assert re.search(r"Searched as: and what does it do for depression\? .*magnesium", text(at))
    click(at, "New topic")
    assert "Searched as" not in text(at)
    assert MAGNESIUM_QUESTION not in text(at)
    ask(at, "and what does it do for depression?")
    assert "Searched as" not in text(at)


def test_what_was_searched_can_be_changed_and_asked_again(page, starter_settings):
    at = ask(page(starter_settings), "Does memantine help OCD?")
    ask(at, "And its side effects?")
    (words,) = at.text_input
    assert words.value == "its side effects (OCD memantine)"
    words.set_value("What does ketamine do to the liver?")
    click(at, "Ask again")
    assert "Searched as: What does ketamine do to the liver?" in text(at)
    assert "Searched as: its side effects" not in text(at)
    assert text(at).count("And its side effects?") == 1
    (readings,) = (box for box in at.selectbox if box.label == "Or in another reading")
    assert readings.options == ["And its side effects?"]
    readings.select("And its side effects?")
    click(at, "Ask again")
    assert "Searched as" not in text(at)
    at.text_input[0].set_value(" ")
    click(at, "Ask again")
    assert "The question is empty." in text(at)


def test_a_conversation_can_be_saved_once_there_is_one(page, starter_settings):
    at = page(starter_settings)
    assert not at.get("download_button")
    ask(at, MAGNESIUM_QUESTION)
    click(at, "Make the files")
    saved = ["Save as a web page", "Save as Markdown", "Save as JSON"]
    assert [each.proto.label for each in at.get("download_button")] == saved
    ask(at, "Does memantine help depression?")
    assert not at.get("download_button")  # what was made lacks the last answer


def test_a_search_is_narrowed_to_what_is_chosen(page, starter_settings, starter):
    at = page(starter_settings)
    assert [box.label for box in at.multiselect] == ["Kind", "Licence", "Document"]  # no language is stated
    kind = next(box for box in at.multiselect if box.label == "Kind")
    assert kind.options == sorted({each.entry.kind for each in starter.documents()})
    kind.select("magazine article").run()
    ask(checked(at), MAGNESIUM_QUESTION)
    assert "Searched only: kind magazine article (" in text(at)
    click(at, "Open in the document")
    click(at, "Back to the answer")
    assert next(box for box in at.multiselect if box.label == "Kind").value == ["magazine article"]
    next(box for box in at.multiselect if box.label == "Document").select("ketamine.md").run()
    assert "Nothing was searched" in text(ask(checked(at), MAGNESIUM_QUESTION))
    click(at, "New topic")
    assert "Searched only" not in text(at)


def test_what_can_be_chosen_follows_the_index(page, own):
    (own.corpus / "a.md").write_text(
        "---\ntitle: A\nkind: Leaflet\nlanguage: en-GB\n---\nZorbulin binds the zorb receptor.\n"
    )
    (own.corpus / "b.md").write_text(
        "---\ntitle: B\nkind: leaflet\n---\nZorbulin binds the zorb receptor in the liver.\n"
    )
    build(own)
    at = page(own)
    chosen = {box.label: box for box in at.multiselect}
    assert {label: box.options for label, box in chosen.items()} == {
        "Kind": ["Leaflet"], "Language": ["en-GB"], "Document": ["A (a.md)", "B (b.md)"],
    }  # fmt: skip
    chosen["Language"].select("en-GB").run()
    assert "(1 of 2 documents)" in text(ask(checked(at), "What does zorbulin bind?"))
    (own.corpus / "a.md").unlink()
    build(own)
    at.run()
    assert [box.label for box in checked(at).multiselect] == ["Kind", "Document"]
    assert "Searched only" not in text(ask(at, "What does zorbulin bind?")).split("(1 of 2 documents)")[1]


def test_what_is_withdrawn_is_searched_where_its_box_is_ticked(page, own, starter_settings):
    """There is a box for each sort of withdrawn documents that there is, and it outlives a look at another view."""
    retracted, superseded = "Search retracted documents as well", "Search superseded documents as well"
    (own.corpus / "a.md").write_text("---\ntitle: A\n---\nZorbulin binds the zorb receptor.\n")
    (own.corpus / "b.md").write_text(
        "---\ntitle: B\nretracted: '2021: in doubt'\n---\nZorbulin binds the zorb receptor in mice.\n"
    )
    build(own)
    at = page(own)
    assert [box.label for box in at.checkbox] == [retracted]
    assert "A B (retracted)" in text(at)
    said = text(ask(at, "What does zorbulin bind?"))
    assert "Not searched: 1 retracted document (choose them under “Narrow the search”)." in said
    assert "in mice" not in said
    at.checkbox[0].check().run()
    click(checked(at), "New topic")
    said = text(ask(at, "What does zorbulin bind?"))
    assert "Not searched" not in said
    assert re.search(r"\d\. B Retracted: 2021: in doubt Zorbulin binds the zorb receptor in mice\.", said)
    assert '<p class="rag-standing">' in raw(at)
    opened = next(place for place, title in enumerate(re.findall(r"\d\. ([AB]) ", said)) if title == "B")
    at.button[opened].click().run()
    assert "B These" in text(checked(at))
    assert "Retracted: 2021: in doubt File: b.md" in text(at)
    click(at, "Back to the answer")
    assert at.checkbox[0].value
    assert "B Retracted: 2021: in doubt" in text(visit(at, "Corpus"))
    (own.corpus / "b.md").unlink()
    (own.corpus / "c.md").write_text("---\nsuperseded_by: a.md\n---\nZorbulin binds the zorb receptor in cats.\n")
    build(own)
    visit(at, "Ask")
    assert [(box.label, box.value) for box in at.checkbox] == [(superseded, False)]
    assert "Not searched: 1 superseded document (" in text(ask(at, "What does zorbulin bind?"))
    assert not page(starter_settings).checkbox


@pytest.mark.parametrize(
    ("question", "said"),
    [("   ", "The question is empty."), ("magnesium " * 201, "characters; at most 2,000 are read.")],
)
def test_a_question_that_cannot_be_asked_is_refused_in_words_and_lends_nothing(page, starter_settings, question, said):
    at = ask(page(starter_settings), question)
    assert said in text(at)
    ask(at, "and memantine?")
    assert "Searched as" not in text(at)


def test_a_quote_opens_in_its_document_and_leads_back(page, starter_settings, starter):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    quote = starter.ask(MAGNESIUM_QUESTION).quotes[1]
    at.button[1].click().run()
    checked(at)
    said, html = text(at), raw(at)
    assert f'<h1 class="rag-title">{quote.document.title}</h1>' in unescape(html)
    assert html.count('id="rag-marked"') == 1
    assert FRAMING.text in said
    for block in quote.document.blocks:
        assert squeezed(quote.document.text[block.start : block.end].replace("\t", " | ")) in squeezed(said)
    assert at.selectbox[0].value == quote.document.id
    click(at, "Back to the answer")
    assert MAGNESIUM_QUESTION in text(at)
    assert f"turn-1-quote-{quote.passage.id}" in "".join(element.body for element in at.html)


def test_a_document_that_is_chosen_has_no_mark(page, starter_settings, starter):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    at.button[0].click().run()
    opened = at.selectbox[0].value
    other = next(each for each in starter.documents() if each.id != opened)
    at.selectbox[0].select(other.id).run()
    checked(at)
    assert other.title in text(at)
    assert "rag-marked" not in raw(at)


def test_what_was_set_aside_is_labelled(page, own):
    (own.corpus / "post.txt").write_text(
        "Zorbulin\n\nShare this article\n\nZorbulin binds the zorb receptor in the liver.\n", encoding="utf-8"
    )
    build(own)
    at = ask(page(own), "What does zorbulin bind?")
    assert "Share this article" not in text(at)
    click(at, "Open in the document")
    assert "Set aside (an invitation or a link of the page around the text): Share this article" in text(at)


def test_a_source_that_changed_since_the_build_is_not_quoted(page, own):
    note = own.corpus / "note.txt"
    note.write_text("Zorbulin\n\nZorbulin binds the zorb receptor in the liver.\n", encoding="utf-8")
    build(own)
    at = ask(page(own), "What does zorbulin bind?")
    note.write_text("Zorbulin\n\nZorbulin binds nothing at all, as was found later.\n", encoding="utf-8")
    click(at, "Open in the document")
    assert "The file has changed since the index was built" in text(at)
    click(at, "Back to the answer")
    ask(at, "What does zorbulin bind to?")
    assert "have changed since the index was built (note.txt)" in text(at)


def test_text_of_the_corpus_and_of_a_person_is_shown_as_its_characters(page, own):
    name = ":red[name] **file** <b>.txt"
    (own.corpus / name).write_text(f"Zorbulin {HOSTILE}\n\nWhat is said: {HOSTILE}\n", encoding="utf-8")
    build(own)
    at = page(own)
    for view in ("welcome", "answer", "document"):
        if view == "answer":
            ask(at, f"zorbulin receptor {HOSTILE}")
        if view == "document":
            click(at, "Open in the document")
        said, html = text(at), raw(at)
        shown = HOSTILE.replace("\u202e", r"\u202e").replace("\u202c", r"\u202c").replace("\x1b", r"\x1b")
        assert (shown[:60] if view == "welcome" else shown) in said, view  # titles are shortened
        assert not re.search(r"<(script|img|b)\b|[\u202a-\u202e\x1b]", html), view
        for words in interpreted(at):
            assert not re.search(r"zorbulin|:red|\*\*|\$", words), view
    assert name in at.selectbox[0].options[0]


def test_an_empty_corpus_says_so(page, own):
    build(own)
    at = page(own)
    assert "The corpus is empty" in text(at)
    assert "The corpus is empty" in text(ask(at, "What is magnesium?"))


def test_no_corpus_folder_and_no_index(page, tmp_path):
    at = page(Settings(corpus=tmp_path / "none", index=tmp_path / "index"))
    assert "There is no index in" in text(at)
    assert "There is no corpus folder" in text(at)
    assert not at.button
    assert not at.chat_input
    assert FRAMING.text in text(visit(at, "Document"))


def test_a_missing_index_is_built_at_a_press(page, own):
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    at = page(own)
    assert "There is no index in" in text(at)
    assert FRAMING.text in text(at)
    built(click(at, "Build the index"), own)
    assert "1 document" in text(at)
    assert "passages from 1 source" in text(ask(at, "What does ketamine do for depression?"))


@pytest.mark.parametrize("torn", ["cut short", "altered"])
def test_a_damaged_index_is_a_message_with_advice_and_is_made_anew_at_a_press(page, own, torn):
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    build(own)
    store = open_published(own.index).path / "store.sqlite"
    store.write_bytes(bytes(store.stat().st_size if torn == "altered" else 100))
    at = page(own)
    assert "rag build --rebuild" in text(at)
    assert not at.chat_input
    built(click(at, "Build the index"), own)
    assert "1 document" in text(at)


def test_a_folder_that_is_not_an_index_is_left_alone(page, tmp_path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "photo.jpg").write_bytes(b"")
    at = page(Settings(corpus=STARTER, index=tmp_path / "index"))
    assert "is not an index folder" in text(at)
    assert not at.button


def test_a_wrong_setting_is_a_message(page, starter_settings, monkeypatch):
    monkeypatch.setenv("RAG_QUOTES", "many")
    assert "The setting quotes" in text(page(starter_settings))


def test_the_corpus_view_brings_the_index_up_to_date(page, own):
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    shutil.copy(STARTER / "ketamine.md", own.corpus / "twin.md")
    (own.corpus / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    build(own)
    at = page(own)
    visit(at, "Corpus")
    said = text(at)
    assert "The index is up to date" in said
    assert "twin.md has the same content as ketamine.md" in said
    assert "picture.png:" in said
    info = open_published(own.index).info
    assert info.fingerprint in said
    assert f"{datetime.fromisoformat(info.published):%d %B %Y, %H:%M} UTC" in said
    assert point_line(open_index(own.index).operating_point) in said
    assert "Bring the index up to date" not in [button.label for button in at.button]

    shutil.copy(STARTER / "magnesium-cautions.md", own.corpus)
    at.run()
    assert "Added: magnesium-cautions.md" in text(checked(at))
    built(click(at, "Bring the index up to date"), own)
    assert "The index was built in" in text(at)
    assert "1 added" in text(at)
    assert "Not calibrated to this corpus: for that, put questions.jsonl into its folder" in text(at)
    assert "The index is up to date" in text(at)
    assert "Magnesium: who should avoid it" in text(at)


def test_the_page_refuses_as_readily_as_is_set(page, starter_settings, monkeypatch):
    for share in ("0.0", "0.9", ""):
        monkeypatch.setenv("RAG_MAY_REFUSE", share)
        engine = open_index(starter_settings.index, may_refuse=float(share) if share else None)
        at = page(starter_settings)
        answer = engine.ask("How is magnesium made?")
        assert ("The corpus does not say." in text(ask(at, answer.question))) == (answer.status != "answered")
        assert point_line(engine.operating_point) in text(visit(at, "Corpus"))


def test_another_index_is_opened_as_soon_as_it_is_published(page, own):
    build(own)
    at = page(own)
    assert "The corpus is empty" in text(at)
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    build(own)
    assert "passages from 1 source" in text(ask(at, "What does ketamine do for depression?"))
    (own.index / "current").unlink()
    assert "There is no index in" in text(checked(at.run()))


def test_the_page_imports_no_search_library_by_itself():
    names = {
        name.split(".")[0]
        for file in (ROOT / "app.py", *(ROOT / "rag" / "page").rglob("*.py"))
        for name in re.findall(r"^\s*(?:import|from) (\S+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert names - set(sys.stdlib_module_names) == {"streamlit", "rag", "numpy"}  # numpy for the map


def test_an_answer_on_the_page_needs_no_torch(starter_settings, tmp_path):
    script = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        f"at = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout=60).run()\n"
        f"at.chat_input[0].set_value({MAGNESIUM_QUESTION!r}).run()\n"
        "print(any('rag-quote' in e.body for e in at.html), {'torch', 'sentence_transformers'} & set(sys.modules))"
    )
    paths = {"RAG_CORPUS": str(starter_settings.corpus), "RAG_INDEX": str(starter_settings.index)}
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, **paths, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split("\n")[-2] == "True set()"
