"""The view where questions are asked: examples, the outcome, citations, the nearest topics, and why."""

from __future__ import annotations

import re
from html import unescape

import pytest
from support.page import HOSTILE, ask, checked, click, interpreted, raw, squeezed, text, visit
from support.paths import MAGNESIUM_QUESTION

from rag.building.build import build
from rag.page.examples import examples
from rag.page.html.citing_html import COPYING
from rag.render.citations.citation_formats import FORMATS, citation
from rag.render.wording import NEAREST, outcome, topic_name, topic_place

UNANSWERED = "How tall is the Eiffel tower?"


def test_examples_of_the_corpus_are_asked_at_a_press(page, starter_settings, starter):
    at = page(starter_settings)
    labels = [button.label for button in at.button]
    assert tuple(labels) == examples(starter.index)
    click(at, labels[1])
    assert f">{labels[1]}</h2>" in unescape(raw(at))
    assert outcome(starter.ask(labels[1])) in text(at)
    assert not [button for button in at.button if button.label in labels]
    ask(at, MAGNESIUM_QUESTION)
    assert text(at).count(labels[1]) == 1  # asked once


def test_hostile_headings_are_no_examples_and_no_labels(page, own):
    heads = "".join(f"## Zorbulin {number} {HOSTILE}\n\nZorbulin is here.\n\n" for number in range(6))
    (own.corpus / "a.md").write_text(f"# Zorbulin\n\n{heads}", encoding="utf-8")
    build(own)
    at = page(own)
    assert not at.button
    assert "Questions to begin with" not in text(at)


def test_the_outcome_stands_first_after_the_notices(page, starter_settings, starter):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    ask(at, "and what does it do for depression?")
    said = text(at).split("and what does it do for depression?", 1)[1]
    assert re.match(
        r" These are .* change anything\. \d passages? from \d sources?, word for word\..* Searched as: ", said
    )


def test_a_quote_is_cited_in_every_format(page, starter_settings, starter):
    at = ask(page(starter_settings), MAGNESIUM_QUESTION)
    answer = starter.ask(MAGNESIUM_QUESTION)
    shown = re.findall(r"<pre[^>]*>(.*?)</pre>", raw(at), re.DOTALL)
    cited = [citation(quote, form).replace("\r\n", "\n") for quote in answer.quotes for form in FORMATS]
    assert [unescape(each) for each in shown] == cited
    names = re.findall(r"<button[^>]*>(.*?)</button>", raw(at))
    assert names[:4] == [f"Copy as {name}" for name in ("plain text", "BibTeX", "RIS", "CSL-JSON")]
    assert [each.body for each in at.html].count(COPYING) == 1


def test_a_refusal_names_the_nearest_topics_and_opens_one(page, starter_settings, starter):
    at = ask(page(starter_settings), UNANSWERED)
    topics = starter.ask(UNANSWERED).topics
    said = text(at)
    named = [said.index(f"{topic_name(topic)} {topic_place(topic)}") for topic in topics]
    assert said.index("The corpus does not say.") < said.index(NEAREST) < named[0]
    assert named == sorted(named)
    assert '<article class="rag-quote"' not in raw(at)
    quoted = starter.document(topics[1].path).text[topics[1].passage.start : topics[1].passage.end]
    assert squeezed(quoted)[:60] not in said
    opens = [button.label for button in at.button if button.label.startswith("Open topic")]
    assert opens == [f"Open topic {number}" for number in range(1, len(topics) + 1)]
    click(at, "Open topic 2")
    assert f'<h1 class="rag-title">{topics[1].title}</h1>' in unescape(raw(at))
    assert raw(at).count('id="rag-marked"') == 1
    click(at, "Back to the answer")
    assert NEAREST in text(at)


@pytest.mark.parametrize(("question", "why"), [(MAGNESIUM_QUESTION, "these passages"), (UNANSWERED, "no answer")])
def test_the_scores_are_told_in_figures_as_well(page, starter_settings, starter, question, why):
    at = ask(page(starter_settings), question)
    answer = starter.ask(question)
    said = text(at).split(f"Why {why}")[1]
    assert f"Confidence {answer.confidence:.2f}" in said
    assert f"the threshold of {answer.threshold:.2f}" in said
    assert f"as an answer from {answer.threshold:.2f} on, as related from {answer.related_from:.2f} on" in said
    for each in answer.candidates:
        shown = f"as {each.rank}" if each.rank else "no"
        assert squeezed(f"{topic_name(each.topic)} {shown} {each.score:.2f}") in squeezed(said)
    assert raw(at).count("<caption>") == 1
    assert raw(at).count('<th scope="row"') == len(answer.candidates)
    assert "</details>" in raw(at)


def test_a_crisis_has_no_topics_and_no_scores(page, starter_settings):
    at = ask(page(starter_settings), "i want to end my life")
    assert NEAREST not in text(at)
    assert "rag-why" not in raw(at)
    assert "Search for something else instead" not in [box.label for box in at.expander]


def test_the_first_question_too_can_be_searched_differently(page, starter_settings):
    at = ask(page(starter_settings), UNANSWERED)
    assert at.text_input[0].value == UNANSWERED
    at.text_input[0].set_value("How long does ketamine last?")
    click(at, "Ask again")
    assert "Searched as: How long does ketamine last?" in text(at)
    assert '<article class="rag-quote"' in raw(at)
    assert text(at).count(UNANSWERED) == 1


def test_the_conversation_is_still_there_after_another_view(page, starter_settings):
    at = ask(ask(page(starter_settings), MAGNESIUM_QUESTION), UNANSWERED)
    before = raw(at)
    for view in ("Corpus", "Document"):
        visit(at, view)
        assert MAGNESIUM_QUESTION not in text(at)
        visit(at, "Ask")
        assert raw(at) == before


def test_hostile_text_is_shown_as_its_characters_in_citations_topics_and_scores(page, own, monkeypatch):
    monkeypatch.setenv("RAG_MAY_MISLEAD", "0.9")  # whatever lacks nothing is answered
    entry = f"---\ntitle: >\n  Zorbulin {HOSTILE.replace(chr(27), '')}\nauthors: ['{HOSTILE[:40]}']\nkind: '<b>'\n---\n"
    (own.corpus / "a.md").write_text(
        f"{entry}# Zorbulin <img src=x onerror=alert(3)>\n\nZorbulin is made.\n", encoding="utf-8"
    )
    build(own)
    at = page(own)
    for question in ("What is zorbulin?", "zorbulin in the law of Mozambique, Peru and Greenland on Tuesdays"):
        ask(checked(at), question)
    html = raw(at)
    assert "rag-citation" in html
    assert "rag-scores" in html
    assert not re.search(r"<(script|img|b)\b|[\u202a-\u202e\x1b]", html)
    for words in interpreted(at):
        assert not re.search(r"zorbulin|:red|\*\*|\$", words)
