"""The document view without a browser: hits, the outline, long documents, pages of PDF files."""

from __future__ import annotations

import re
from html import unescape

import pytest
from click.testing import CliRunner
from made.pdf_file import Piece, by_hand, column, pdf_file
from streamlit.testing.v1 import AppTest
from support.nesting import nested
from support.page import HOSTILE, ask, checked, click, interpreted, raw, squeezed, text, visit
from support.paths import MAGNESIUM_QUESTION

import rag.page.session_pictures
from rag.building.build import build
from rag.cli.main import command
from rag.core.errors import UnreadableDocument
from rag.page import document_text
from rag.page.found_places import Opened, hits_in, in_order, last_answered
from rag.page.html.document_html import headings

SHEETS = (
    [Piece("Zorbulin", 72, 790, 20, True), *column(["Nobody knows what glimmers are."])],
    [Piece("The receptor", 72, 790, 20, True), *column(["Zorbulin binds the zorb receptor of the liver."])],
    [Piece("Elsewhere", 72, 790, 20, True), *column(["The spleen has been looked at as well."])],
)


def choose(at: AppTest, label: str, option: object) -> AppTest:
    """Choose an option of a list."""
    next(box for box in at.selectbox if box.label == label).select(option).run()
    return checked(at)


def button(at: AppTest, label: str) -> object:
    return next(each for each in at.button if each.label == label)


def hit_line(at: AppTest) -> str:
    return unescape(re.search(r'<p class="rag-hit-line"[^>]*>(.*?)</p>', raw(at))[1])


def test_hits_are_gone_through_document_by_document_and_round(page, starter_settings, starter):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    answer = starter.ask(MAGNESIUM_QUESTION)
    every = in_order(answer)
    assert sorted(quote.rank for quote in every) == [1, 2, 3, 4, 5]
    assert len({quote.document.id for quote in every}) > 1
    at.button[0].click().run()
    place = every.index(answer.quotes[0])
    for step in range(len(every) + 1):
        quote = every[(place + step) % len(every)]
        html = raw(checked(at))
        number = every.index(quote) + 1
        here = sum(other.document.id == quote.document.id for other in every)
        assert hit_line(at) == f"Hit {number} of 5 (quote {quote.rank} of the answer); {here} of them in this document."
        assert f'<h1 class="rag-title">{quote.document.title}</h1>' in unescape(html)
        assert html.count('id="rag-marked"') == 1
        marked = " ".join(re.findall(r"<mark>(.*?)</mark>", html, re.DOTALL))
        assert squeezed(unescape(marked)) == squeezed(" ".join(quote.text.split()))
        assert html.count('class="rag-other-hit"') == here - 1
        click(at, "Next hit")
    click(at, "Previous hit")
    assert f"Hit {place + 1} of 5" in hit_line(at)
    click(at, "Next hit")
    click(at, "Back to the answer")
    quote = every[(place + 1) % 5]
    assert f"turn-1-quote-{quote.passage.id}" in "".join(
        element.body for element in at.html if "scroll" in element.body
    )


def test_a_document_that_is_chosen_shows_the_hits_of_the_last_answer(page, starter_settings, starter):
    at = visit(ask(page(starter_settings), MAGNESIUM_QUESTION), "Document")
    quoted = starter.ask(MAGNESIUM_QUESTION).quotes[0].document
    choose(at, "Document", quoted.id)
    here = len(hits_in(quoted, starter.ask(MAGNESIUM_QUESTION)))
    assert hit_line(at) == f"The last answer has 5 hits; {here} of them in this document."
    assert "rag-marked" not in raw(at)
    assert raw(at).count('class="rag-other-hit"') == here
    assert "Back to the answer" not in [each.label for each in at.button]
    click(at, "Next hit")
    assert hit_line(at).startswith("Hit ")
    assert 'id="rag-marked"' in raw(at)
    other = next(each for each in starter.documents() if not hits_in(each, starter.ask(MAGNESIUM_QUESTION)))
    choose(at, "Document", other.id)
    assert "rag-hit-line" not in raw(at)


def test_without_an_answer_there_are_no_hits(page, starter_settings, starter):
    at = visit(page(starter_settings), "Document")
    choose(at, "Document", starter.documents()[0].id)
    assert "rag-hit-line" not in raw(at)
    assert [each.label for each in at.button] == []
    assert last_answered([]) is None


def test_an_answer_without_quotes_has_no_hits(page, starter_settings, starter):
    at = ask(ask(page(starter_settings), MAGNESIUM_QUESTION), "What is the capital of Mozambique?")
    quoted = starter.ask(MAGNESIUM_QUESTION).quotes[0].document
    choose(visit(at, "Document"), "Document", quoted.id)
    assert "rag-hit-line" not in raw(at)


def test_a_hit_that_is_moved_stays_with_its_answer(starter):
    answer = starter.ask(MAGNESIUM_QUESTION)
    opened = Opened(answer, answer.quotes[2], "turn-4")
    assert opened.moved(0) == opened
    assert opened.moved(len(answer.quotes)) == opened
    assert opened.moved(1).moved(-1) == opened
    assert opened.place == f"turn-4-quote-{answer.quotes[2].passage.id}"


def test_an_outline_links_every_heading_of_the_text(page, starter_settings, starter):
    at = visit(page(starter_settings), "Document")
    for document in starter.documents():
        choose(at, "Document", document.id)
        html = raw(at)
        links = nested(re.search(r"<nav.*?</nav>", html, re.DOTALL)[0])
        assert [depth for _, depth in links] == [len(each.section) for each in headings(document)]
        for link, _ in links:
            assert html.count(f'id="{link[1:]}"') == 1


def test_a_long_document_is_shown_around_the_hit_and_whole_at_a_press(page, own, monkeypatch):
    chapters = [f"# Chapter {n}\n\nThe liver is chapter {n} of this handbook.\n" for n in range(40)]
    chapters[30] += "\nZorbulin binds the zorb receptor in the liver.\n"
    (own.corpus / "book.md").write_text("\n".join(chapters))
    build(own)
    monkeypatch.setattr(document_text, "LONGEST", 1_000)
    monkeypatch.setattr(document_text, "STRETCH", 400)
    at = ask(page(own), "What does zorbulin bind?")
    click(at, "Open in the document")
    said = text(at)
    assert re.search(r"This document is long: shown are \d+ of its [\d,]+ characters \(\d+%\), around the hit\.", said)
    assert 'id="rag-marked"' in raw(at)
    assert "chapter 30 of" in said
    assert "chapter 3 of" not in said
    assert "<nav" not in raw(at)
    click(at, "Show what comes after")
    assert "from where you chose" in text(at)
    assert "chapter 30 of" not in text(at)
    choose(at, "Go to a heading", 3)
    assert "chapter 3 of" in text(at)
    assert next(box for box in at.selectbox if box.label == "Go to a heading").value is None
    at.checkbox[0].check().run()
    assert all(f"chapter {n} of" in text(checked(at)) for n in range(40))
    assert "<nav" in raw(at)
    assert 'id="rag-marked"' in raw(at)


def picture(at: AppTest) -> str | None:
    found = re.search(r'<img src="data:image/png;base64,[^"]+" alt="([^"]*)">', raw(at))
    return found[1] if found else None


def test_a_quote_of_a_pdf_file_opens_beside_a_picture_of_its_page(page, own):
    (own.corpus / "paper.pdf").write_bytes(pdf_file(*SHEETS))
    build(own)
    at = ask(page(own), "What does zorbulin bind?")
    at.button[0].click().run()
    checked(at)
    assert picture(at) == "Page 2, the passage outlined"
    assert raw(at).count('class="rag-box-fill"') == 2  # the heading and the line
    assert "Zorbulin binds the zorb receptor" in text(at)
    assert "Nobody knows" not in text(at)
    assert at.number_input[0].value == 2
    assert at.number_input[0].label == "Page (of 3)"
    click(at, "Next page")
    assert picture(at) in ("Page 3", "Page 3, another hit outlined")
    assert "spleen" in text(at)
    assert "rag-marked" not in raw(at)
    assert button(at, "Next page").disabled
    at.number_input[0].set_value(1).run()
    assert picture(checked(at)) in ("Page 1", "Page 1, another hit outlined")
    assert button(at, "Previous page").disabled
    choose(at, "Go to a heading", 1)
    assert picture(at) == "Page 2, the passage outlined"
    at.checkbox[0].check().run()
    assert "spleen" in text(checked(at))
    assert "<nav" in raw(at)
    assert re.findall(r'id="rag-page-(\d)"', raw(at)) == ["1", "2", "3"]


def test_a_pdf_file_that_is_chosen_begins_at_its_first_page(page, own):
    (own.corpus / "paper.pdf").write_bytes(pdf_file(*SHEETS))
    build(own)
    at = visit(page(own), "Document")
    at.selectbox[0].select_index(0).run()
    assert picture(checked(at)) == "Page 1"
    assert "rag-box" not in raw(at)


def test_a_pdf_file_that_changed_is_shown_without_pictures(page, own):
    file = own.corpus / "paper.pdf"
    file.write_bytes(pdf_file(*SHEETS))
    build(own)
    at = ask(page(own), "What does zorbulin bind?")
    file.write_bytes(pdf_file(column(["Zorbulin binds nothing."])))
    at.button[0].click().run()
    said = text(checked(at))
    assert "There is no picture of the page: the file has changed since the index was built." in said
    assert "The file has changed since the index was built; this is its text as it was then." in said
    assert "Zorbulin binds the zorb receptor" in said
    assert picture(at) is None
    click(at, "Next page")
    assert "spleen" in text(at)


def test_an_index_without_its_corpus_has_no_pictures(page, own):
    (own.corpus / "paper.pdf").write_bytes(pdf_file(*SHEETS))
    build(own)
    own.corpus.rename(own.corpus.with_name("elsewhere"))
    at = visit(page(own), "Document")
    at.selectbox[0].select_index(0).run()
    assert "There is no picture of the page: the corpus folder is not here." in text(checked(at))


def test_a_page_that_cannot_be_drawn_is_a_sentence_beside_its_text(page, own, monkeypatch):
    (own.corpus / "paper.pdf").write_bytes(pdf_file(*SHEETS))
    build(own)

    def fail(*_: object) -> None:
        raise UnreadableDocument("Drawing the page failed: SIGSEGV ended it.", "Open the file in a PDF program.")

    monkeypatch.setattr(rag.page.session_pictures, "draw_apart", fail)
    at = ask(page(own), "What does zorbulin bind?")
    at.button[0].click().run()
    said = text(checked(at))
    assert "There is no picture of the page. Drawing the page failed: SIGSEGV ended it. Open the file in a PDF" in said
    assert "Zorbulin binds the zorb receptor" in said


def test_a_picture_is_drawn_once_and_few_are_kept(page, own, monkeypatch):
    (own.corpus / "paper.pdf").write_bytes(pdf_file(*SHEETS))
    build(own)
    drawn = []
    draw = rag.page.session_pictures.draw_apart
    monkeypatch.setattr(rag.page.session_pictures, "draw_apart", lambda *how: drawn.append(how[0].page) or draw(*how))
    monkeypatch.setattr(rag.page.session_pictures, "KEPT", 2)
    at = visit(page(own), "Document")
    at.selectbox[0].select_index(0).run()
    for label in ("Next page", "Previous page", "Next page", "Next page", "Previous page", "Previous page"):
        click(at, label)
    assert drawn == [1, 2, 3, 1]
    assert len(at.session_state.pictures) == 2


def test_hostile_text_is_shown_as_its_characters_in_every_part(page, own):
    hostile = HOSTILE.replace("\x1b", "")
    (own.corpus / "note.md").write_text(
        f"---\ntitle: 'T {hostile}'\n---\n# One {hostile}\n\nZorbulin receptor one.\n\n## Two\n\nNo.\n\n"
        f"# {hostile}\n\nIt is.\n"
    )
    label = "<< /Nums [ 0 << /P (<img src=x onerror=alert\\(1\\)> :red[x]) >> ] >>"
    (own.corpus / "paper.pdf").write_bytes(
        by_hand([["The glimmer receptor <script>alert\\(1\\)</script> **bold** $x$ binds."]], f"/PageLabels {label}")
    )
    build(own)
    for question in ("zorbulin receptor", "glimmer receptor binds"):
        at = ask(page(own), question)
        at.button[0].click().run()
        html = raw(checked(at))
        for tag in re.findall(r"<[a-zA-Z][^>]*>", html):
            assert not re.match(r"<(script|b|a href=.http)\b", tag), tag
            assert "onerror" not in tag, tag
        assert not re.search(r"[\u202a-\u202e]", html)
        for words in interpreted(at):
            assert not re.search(r"zorbulin|glimmer|:red|\*\*|\$|<", words)
    assert "Page 1 (“<img src=x onerror=alert(1)> :red[x]”)" in text(at)


@pytest.mark.parametrize("number", [1, 2])
def test_hits_are_named_in_the_text(page, starter_settings, number):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    at.button[number].click().run()
    name = re.search(r"Hit \d of 5", hit_line(checked(at)))[0]
    assert f'role="group" aria-label="{name}"' in raw(at)


def test_the_command_line_shows_where_pages_begin(own):
    (own.corpus / "paper.pdf").write_bytes(pdf_file(*SHEETS))
    build(own)
    ran = CliRunner().invoke(command, ["show", "paper.pdf", "--corpus", str(own.corpus), "--index", str(own.index)])
    places = [ran.stdout.index(words) for words in ("[Page 1]", "glimmers", "[Page 2]", "zorb receptor", "[Page 3]")]
    assert places == sorted(places)
