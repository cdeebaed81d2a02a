"""What the page says of itself, without a browser."""

from __future__ import annotations

import re

import streamlit
from support.page import interpreted, raw, text, visit

from rag import __version__
from rag.answer.engine import open_index
from rag.cli.main import COMMANDS
from rag.core.config import Settings
from rag.corpus.records.records_folder import RecordsFolder
from rag.page.html import about_html as about
from rag.safety.framing import FRAMING


def test_it_says_what_it_is_worth_and_what_it_runs_on(page, starter_settings, starter):
    at = visit(page(starter_settings), "About")
    said = text(at)
    assert FRAMING.text in said
    assert "an amateur’s speculation, quoted word for word, is still speculation" in said
    point, manifest = starter.operating_point, starter.index.manifest
    assert f"from a confidence of {point.threshold:.2f} on" in said
    assert f"from {point.related_from:.2f} on as related" in said
    assert f"shown nothing {point.wrongly_refused:.0%}" in said
    assert f"shown only related passages {point.only_related:.0%}" in said
    assert f"about {point.wrong_answers * 100:.0f} of 100 answers do not answer" in said
    assert f"answered all the same {point.wrongly_answered:.0%}" in said
    assert f"measured on {point.measured_on}." in said
    for fact in (manifest.model, manifest.encoder, starter.info.fingerprint, "Passages 92", f"Version {__version__}"):
        assert fact in said
    assert "Apache-2.0" in said
    assert (
        f"No question is kept now. Where somebody turns it on, they are in the folder {starter_settings.index}" in said
    )


def test_every_command_that_it_names_is_one(page, starter_settings):
    html = about.command_line_html()
    named = set(re.findall(r"<code>python -m rag (\w+)", html))
    assert named <= set(COMMANDS)
    assert {"query", "gaps"} <= named


def test_how_readily_it_refuses_is_as_set(page, starter_settings, monkeypatch):
    monkeypatch.setenv("RAG_MAY_REFUSE", "0.9")
    point = open_index(starter_settings.index, may_refuse=0.9).operating_point
    said = text(visit(page(starter_settings), "About"))
    assert f"about {point.wrongly_refused * 100:.0f} are then shown nothing" in said


def test_without_an_index_it_still_says_what_word_for_word_means(page, tmp_path):
    said = text(visit(page(Settings(corpus=tmp_path / "none", index=tmp_path / "index")), "About"))
    assert "There is no index in" in said
    assert "Word for word does not mean true" in said
    assert "Privacy" in said
    assert "How often it is wrong" not in said


def test_where_questions_are_kept_is_said_as_characters(page, starter_settings, tmp_path, monkeypatch):
    folder = tmp_path / ":red[x] <b>$y$"
    monkeypatch.setenv("RAG_RECORDS", str(folder))
    folder.mkdir()
    RecordsFolder(folder).file.write_text("")
    at = visit(page(starter_settings), "About")
    assert f"Questions that were kept are in the folder {folder}" in text(at)
    assert "<b>" not in raw(at)
    assert not any("red" in words for words in interpreted(at))


def test_what_is_sent_and_who_can_reach_it_is_said_as_it_is(tmp_path):
    quiet = about.privacy_html(tmp_path, kept=False, statistics=False, address="localhost")
    assert "that is turned off" in quiet
    assert "reached from other machines" not in quiet
    loud = about.privacy_html(tmp_path, kept=False, statistics=True, address=None)
    assert "sends figures on its use to its maker" in loud
    assert "reached from other machines" in loud
    assert streamlit.get_option("browser.gatherUsageStats") in (True, False)
