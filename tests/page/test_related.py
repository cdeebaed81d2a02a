"""A related answer on the page: told apart from an answer wherever it is shown, opened, mapped and kept."""

from __future__ import annotations

import re
from html import unescape

import pytest
from support.page import ask, click, raw, squeezed, text, visit

from rag.answer.engine import open_index
from rag.corpus.records.records_folder import records_folder
from rag.render.lacking import near_count
from rag.render.wording import outcome
from rag.safety.framing import FRAMING

QUESTION = "Can I take zorbulin with lithium?"
LEAFLET = "# Zorbulin\n\nZorbulin calms the heart of the sailor. Zorbulin is taken with water in the evening.\n"


@pytest.fixture
def leaflet(prebuilt):
    """A leaflet that does not speak of lithium, which is a drug."""
    return prebuilt({"zorbulin.md": LEAFLET})


@pytest.fixture
def related(leaflet):
    answer = open_index(leaflet.index).ask(QUESTION)
    assert (answer.status, answer.quotes) == ("related", ())
    return answer


def test_what_is_lacking_stands_first_and_passages_are_folded_away_unmarked(page, leaflet, related):
    at = ask(page(leaflet), QUESTION)
    html, said = raw(at), text(at)
    assert outcome(related) in said
    assert "lithium" in outcome(related)
    (folded,) = (each for each in at.expander if each.label == near_count(related))
    assert not folded.proto.expanded
    assert [each.label for each in folded.button] == ["Open in the document"] * len(related.related)
    within = "".join(each.body for each in folded.get("html"))
    assert within.count("<article") == within.count("rag-related-passage") == len(related.related)
    for quote in related.related:
        assert squeezed(quote.text) in squeezed(unescape(re.sub(r"<[^>]*>", " ", within)))
    assert html.index("rag-outcome") < html.index("rag-related-passage")
    for mark in ("<mark", "rag-quote", "rag-copy", "<h3"):
        assert mark not in html, mark
    assert said.count(FRAMING.text) == 2


def test_it_opens_as_a_passage_that_is_no_quote_and_leads_back_to_where_it_was_folded(page, leaflet, related):
    at = click(ask(page(leaflet), QUESTION), "Open in the document")
    html, said = raw(at), text(at)
    assert html.count('id="rag-marked"') == 1
    assert "The passage that was opened" in said
    assert "Hit " not in said
    assert "last answer" not in said
    assert "Next hit" not in [each.label for each in at.button]
    click(at, "Back to the answer")
    (folded,) = (each for each in at.expander if each.label == near_count(related))
    assert folded.proto.expanded
    assert f"turn-1-related-{related.related[0].passage.id}" in "".join(
        each.body for each in at.html if each.body.startswith("<script>document.getElementById")
    )


def test_no_document_shows_hits_of_an_answer_that_is_only_related(page, leaflet):
    at = ask(page(leaflet), QUESTION)
    visit(at, "Document")
    at.selectbox[0].select_index(0).run()
    for mark in ("rag-marked", "rag-other-hit", "rag-also-hit"):
        assert mark not in raw(at), mark


def test_the_verdict_names_both_thresholds_and_what_is_shown_as_related(page, leaflet, related):
    said = text(ask(page(leaflet), QUESTION)).split("Why no answer")[1]
    assert f"as an answer from {related.threshold:.2f} on, as related from {related.related_from:.2f} on" in said
    assert said.count("as related 0.") == len(related.related)
    assert not re.search(r"as \d", said)


def test_the_map_rings_nothing_and_names_what_was_shown_as_near(page, leaflet, related):
    at = visit(ask(page(leaflet), QUESTION), "Map")
    assert "No passage was quoted as an answer, so none has a ring." in text(at)
    assert "rag-hit" not in raw(at)
    assert text(at).count("shown as near, and not an answer") == len(related.related)
    assert "quoted as 1" not in text(at)


def test_it_is_kept_as_related_and_it_can_be_said_whether_it_helped(page, leaflet):
    at = page(leaflet)
    at.toggle[0].set_value(True).run()
    click(ask(at, QUESTION), "This helped")
    assert "Kept: this helped." in text(at)
    (kept,) = records_folder(leaflet).read().questions
    assert (kept.status, kept.quotes, kept.helped) == ("related", (), True)
