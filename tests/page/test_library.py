"""The view of the corpus as Streamlit runs it: the table, adding, removing, building beside the page, going back."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import time

import pytest
from support.page import HOSTILE, built, checked, click, interpreted, raw, text, visit
from support.paths import STARTER

from rag.answer.engine import open_index
from rag.building.build import build, go_back
from rag.core.config import Settings
from rag.core.errors import RagError, UsageError
from rag.core.types.documents import Standing
from rag.core.types.reports import Finding
from rag.corpus.catalogue import read_catalogue
from rag.corpus.editing import catalogue_values, put
from rag.corpus.lint.copies import copies_among
from rag.index.opening import open_published
from rag.index.previous_generation import kept_beside
from rag.page.html import library_html as corpus
from rag.page.intake import Upload, look
from rag.page.jobs.desk import Desk
from rag.page.jobs.work import Work
from rag.page.listing import ListedDocument, ListingFilter, counted, listed, narrowed, narrowed_findings
from rag.page.rebuilding import desk

TODAY = datetime.date(2026, 11, 25)
LEAFLET = b"Zorbulin\n\nShare this article\n\nZorbulin binds the zorb receptor in the liver.\n"


def test_a_look_changes_nothing_and_says_what_was_read(own):
    (own.corpus / "old.md").write_text("# Old\n\n" + " ".join(f"word{n}" for n in range(60)))
    (own.corpus / "taken.md").write_text("# Taken\n\nAnother text.\n")
    build(own)
    before = sorted(own.corpus.iterdir())
    copy = " ".join(f"word{n}" for n in range(60)).encode()
    uploads = [
        Upload("leaflet.txt", LEAFLET, {"licence": "CC BY 4.0"}),
        Upload("broken.pdf", b"%PDF-1.4 not one"),
        Upload("copy.md", b"# New\n\n## Part\n\n" + copy),
        Upload("dir/taken.md", b"# Taken\n\nSomething else.\n"),
        Upload("Leaflet.txt", LEAFLET),
        Upload("synonyms.txt", b"a = b"),
        Upload("same.md", (own.corpus / "old.md").read_bytes()),
    ]
    leaflet, broken, copied, taken, twice, reserved, same = look(own, uploads, TODAY)
    assert sorted(own.corpus.iterdir()) == before
    assert leaflet.seen.title == "Zorbulin"
    assert leaflet.seen.words == 9
    assert dict(leaflet.seen.blocks) == {"paragraph": 2}
    assert leaflet.seen.beginning.startswith("Zorbulin\nZorbulin binds")
    assert copied.seen.outline == ((1, "New"), (2, "Part"))
    assert leaflet.seen.furniture == 1
    assert leaflet.seen.set_aside[0][1] == "Share this article"
    assert leaflet.seen.entry.licence == "CC BY 4.0"
    assert "no licence" not in {finding.kind for finding in leaflet.seen.findings}
    assert "no source" in {finding.kind for finding in leaflet.seen.findings}
    assert broken.refused and "no PDF" in broken.refused[0]
    assert "stands in old.md as well" in copied.seen.findings[0].message
    assert (taken.taken, taken.path, leaflet.taken) == (True, "taken.md", False)
    assert "Another of these files" in twice.refused[0]
    assert "keeps the name" in reserved.refused[0]
    assert "same content" in {finding.kind for finding in same.seen.findings}


def test_copies_are_found_in_either_direction(own):
    (own.corpus / "a.md").write_text("# A\n\n" + " ".join(f"word{n}" for n in range(60)))
    (own.corpus / "b.md").write_text("# B\n\n" + " ".join(f"word{n}" for n in range(200)))
    build(own)
    a, b = open_index(own.index).documents()
    assert [finding.path for finding in copies_among([a], [a, b])] == ["a.md"]
    (finding,) = copies_among([b], [a, b])
    assert finding.path == "b.md"
    assert "It holds" in finding.message


def test_putting_replaces_only_what_it_may(own):
    known = catalogue_values({"title": "Zorbulin", "notes": ""})
    assert put(own.corpus, "a.md", LEAFLET, known) == "added"
    assert read_catalogue(own.corpus)["a.md"].title == "Zorbulin"
    assert put(own.corpus, "a.md", LEAFLET, {}) == "unchanged"
    assert put(own.corpus, "a.md", b"# Other\n", {}) == "taken"
    assert (own.corpus / "a.md").read_bytes() == LEAFLET
    assert put(own.corpus, "a.md", b"# Other\n", {}, replace=True) == "replaced"
    (own.corpus / "folder").mkdir()
    assert put(own.corpus, "folder", LEAFLET, {}, replace=True) == "folder"
    with pytest.raises(UsageError, match="review due 'soon' cannot be kept"):
        catalogue_values({"review_due": "soon"})


def test_documents_are_narrowed(starter):
    sources = [(document, 3) for document in starter.documents()]
    finding = Finding("ketamine.md", "warning", "no licence", "Its licence is not stated.")
    rows = listed(sources, starter.standing, [finding])
    assert [row.document.path for row in narrowed(rows, ListingFilter(with_findings=True))] == ["ketamine.md"]
    assert [row.document.path for row in narrowed(rows, ListingFilter("KETAMINE depression"))] == ["ketamine.md"]
    kind = next(document.entry.kind for document, _ in sources if document.entry.kind)
    assert {row.document.entry.kind for row in narrowed(rows, ListingFilter(kinds=(kind.upper(),)))} == {kind}
    assert not narrowed(rows, ListingFilter(withdrawn=True))
    overdue = ListedDocument(sources[0][0], 1, Standing(review_was_due="2020"))
    withdrawn = ListedDocument(sources[0][0], 1, Standing(superseded_by="b.md"))
    assert narrowed([overdue, withdrawn], ListingFilter(overdue=True)) == [overdue]
    assert narrowed([overdue, withdrawn], ListingFilter(withdrawn=True)) == [withdrawn]
    assert listed(sources, starter.standing, None)[0].findings is None
    assert counted([finding, finding, Finding("a", "problem", "x", "y")]) == "1 problem, 2 warnings"
    assert narrowed_findings([finding], ["note"], "") == []
    assert narrowed_findings([finding], [], "ketamine LICENCE") == [finding]


def test_work_is_done_beside_and_says_how_far_it_has_come(own):
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    work = Work("build", own, wait_seconds=1.0)
    assert work.wait(60)
    assert (work.state, work.error) == ("done", None)
    assert work.result.added == ("ketamine.md",)
    assert work.step.stage == "publishing"
    assert corpus.progress_line(work) == (1.0, "Publishing: 1 of 1")


def test_work_that_fails_says_why(own):
    work = Work("build", Settings(own.corpus / "none", own.index))
    assert work.wait(60)
    assert work.state == "failed"
    assert "There is no corpus folder" in str(work.error)
    work = Work("build", own, wrong=1)
    assert work.wait(60)
    assert str(work.error).startswith("The build failed (TypeError).")


def test_work_is_stopped_and_what_was_published_stays(own):
    build(own)
    before = open_published(own.index).generation
    for source in STARTER.glob("*.md"):
        shutil.copy(source, own.corpus)
    shared = Desk()
    work = shared.start(own, "build", own)
    assert shared.start(own, "build", own) is work
    assert shared.latest(own, "build") is work
    until = time.monotonic() + 60
    while work.step.stage != "encoding" and time.monotonic() < until:
        time.sleep(0.02)
    work.stop()
    assert (work.state, work.running) == ("stopped", False)
    assert open_published(own.index).generation == before
    assert Work("build", own).wait(60)
    assert open_published(own.index).info.documents == 10


def test_the_other_index_is_gone_to_and_come_back_from(own):
    assert kept_beside(own.index) is None
    build(own)
    assert kept_beside(own.index) is None
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    build(own)
    kept = kept_beside(own.index)
    assert (kept.info.documents, kept.newer) == (0, False)
    assert go_back(own).pinned
    assert kept_beside(own.index).newer
    assert not go_back(own, follow=True).pinned
    assert not open_published(own.index).pinned


def test_files_are_seen_before_they_go_in_and_built_beside_the_page(page, own):
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    build(own)
    at = visit(page(own), "Corpus")
    hand_over(at, ("../zorbulin.txt", LEAFLET, "text/plain"), ("broken.pdf", b"%PDF-1.4 x", "application/pdf"))
    field(at, "Licence").set_value("CC BY 4.0")
    click(at, "Read these files")
    said = text(at)
    assert "File 1: ../zorbulin.txt It goes in as zorbulin.txt: folders in its name are left off." in said
    assert "Zorbulin binds the zorb receptor in the liver." in said
    assert "Set aside as not part of the text: 1 piece" in said
    assert "It is damaged, or no PDF file." in said
    assert not (own.corpus / "zorbulin.txt").exists()
    next(each for each in at.text_input if each.label == "Title").set_value("All of zorbulin").run()
    next(each for each in at.text_input if each.label == "Published" and "-1-" in each.key).set_value("last year").run()
    click(at, "Add to the corpus")
    assert "The published 'last year' cannot be kept." in text(at)
    assert not (own.corpus / "zorbulin.txt").exists()
    next(each for each in at.text_input if each.label == "Published" and "-1-" in each.key).set_value("2024").run()
    click(at, "Add to the corpus")
    assert "Added: zorbulin.txt" in text(at)
    entry = read_catalogue(own.corpus)["zorbulin.txt"]
    assert (entry.title, entry.licence, entry.published) == ("All of zorbulin", "CC BY 4.0", "2024")
    assert "What was read" not in text(at.run())
    built(click(at, "Bring the index up to date"), own)
    assert "The index was built in" in text(at)
    assert "All of zorbulin" in text(at)
    click(at, "Go back to the index before")
    assert "All of zorbulin" not in text(at)
    assert "This is an earlier index, gone back to" in text(at)
    click(at, "Go forward to the newer index")
    assert "gone back to" not in text(at)
    assert "All of zorbulin" in text(at)


def test_a_taken_name_is_replaced_only_if_that_is_said(page, own):
    (own.corpus / "zorbulin.txt").write_text("# Another\n\nAnother text.\n")
    build(own)
    at = visit(page(own), "Corpus")
    hand_over(at, ("zorbulin.txt", LEAFLET, "text/plain"))
    click(at, "Read these files")
    assert "The corpus has another file of this name." in text(at)
    assert next(button for button in at.button if button.label == "Add to the corpus").disabled
    (box,) = (box for box in at.checkbox if box.label == "Replace the file of that name by file 1")
    box.check().run()
    click(at, "Add to the corpus")
    assert "Replaced: zorbulin.txt" in text(at)
    assert (own.corpus / "zorbulin.txt").read_bytes() == LEAFLET


def test_files_that_are_put_away_leave_nothing(page, own):
    build(own)
    at = visit(page(own), "Corpus")
    click(at, "Read these files")
    assert "Choose files first" in text(at)
    hand_over(at, ("zorbulin.txt", LEAFLET, "text/plain"))
    click(at, "Read these files")
    click(at, "Put them away")
    assert "What was read" not in text(at)
    assert not list(own.corpus.iterdir())


def test_a_document_is_removed_once_it_was_named_and_asked_for_twice(page, own):
    for name in ("ketamine.md", "memantine-studies.md"):
        shutil.copy(STARTER / name, own.corpus)
    build(own)
    at = visit(page(own), "Corpus")
    chooser(at).select("ketamine.md").run()
    click(at, "Remove it")
    assert "Remove “ Ketamine: effects on depression" in text(at)
    click(at, "Keep it")
    assert (own.corpus / "ketamine.md").exists()
    chooser(at).select("ketamine.md").run()
    click(at, "Remove it")
    click(at, "Yes, remove this document")
    assert not (own.corpus / "ketamine.md").exists()
    assert "Removed: ketamine.md" in text(at)
    built(click(at, "Bring the index up to date"), own)
    assert "1 removed" in text(at)
    assert open_published(own.index).info.documents == 1


def test_a_check_is_made_when_it_is_asked_for_and_kept(page, own):
    (own.corpus / "bare.txt").write_text("Zorbulin binds the zorb receptor in the liver.\n")
    (own.corpus / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    build(own)
    at = visit(page(own), "Corpus")
    assert "Nobody has checked the corpus" in text(at)
    assert "not checked" in text(at)
    click(at, "Check the corpus")
    assert desk().latest(own, "check").wait(60)
    at.run()
    assert re.search(r"Found: 1 problem, \d warnings, 1 note", text(at))
    assert "no licence" in text(at)
    assert "Check the corpus" not in [button.label for button in at.button]
    (level,) = (box for box in at.multiselect if box.label == "Level")
    level.select("problem").run()
    assert "picture.png" in text(checked(at))
    assert "no licence" not in raw(at)
    assert [each.proto.label for each in at.get("download_button")] == ["Save these findings as JSON"]
    (own.corpus / "bare.txt").write_text("Zorbulin binds nothing.\n")
    at.run()
    assert "The corpus has changed since it was checked." in text(at)
    click(at, "Check the corpus")
    assert desk().latest(own, "check").wait(60)
    record = desk().latest(own, "check")
    assert json.dumps([finding.kind for finding in record.result])


def test_every_session_sees_a_build_and_its_end(page, own):
    build(own)
    first, second = visit(page(own), "Corpus"), visit(page(own), "Corpus")
    for source in STARTER.glob("*.md"):
        shutil.copy(source, own.corpus)
    click(first.run(), "Bring the index up to date")
    second.run()
    for at in (first, second):
        if desk().latest(own, "build").running:
            assert "Stop it" in [button.label for button in at.button]
            assert "Questions are answered from the index as it was" in text(at)
            assert "Bring the index up to date" not in [button.label for button in at.button]
    built(second, own)
    assert "10 added" in text(second)
    assert "10 added" in text(checked(first.run()))


def test_a_build_that_fails_says_so_to_every_session(page, own):
    build(own)
    at = visit(page(own), "Corpus")
    (own.corpus / "catalogue.toml").write_text("not toml at all")
    work = desk().start(own, "build", own)
    assert work.wait(60)
    at.run()
    assert "catalogue.toml cannot be read" in text(checked(at))
    assert isinstance(work.error, RagError)


def test_a_long_table_comes_in_pages(page, own, monkeypatch):
    from rag.page import library as view

    monkeypatch.setattr(view, "_PAGE", 2)
    for number in range(5):
        (own.corpus / f"{number}.md").write_text(f"# Leaflet {number}\n\nThe text of number {number}.\n")
    build(own)
    at = visit(page(own), "Corpus")
    assert "Leaflet 1" in text(at)
    assert "<bdi>Leaflet 2" not in raw(at)
    at.number_input[0].set_value(3).run()
    assert "Leaflet 4" in text(checked(at))
    field(at, "Title or file name holds").set_value("leaflet 3").run()
    assert "1 of 5 documents." in text(checked(at))
    assert "Leaflet 3" in text(at)


def test_hostile_names_and_texts_are_shown_as_their_characters(page, own):
    name = ":red[name] **file** <b>.txt"
    (own.corpus / name).write_text(f"Zorbulin {HOSTILE}\n\nWhat is said: {HOSTILE}\n", encoding="utf-8")
    build(own)
    at = visit(page(own), "Corpus")
    hand_over(at, ("<img src=x> **x** $y$ \u202ez.md", f"# {HOSTILE}\n\n{HOSTILE}\n".encode(), "text/markdown"))
    click(at, "Read these files")
    click(at, "Check the corpus")
    assert desk().latest(own, "check").wait(60)
    chooser(at).select(name).run()
    click(at, "Remove it")
    html = raw(at)
    assert "File 1: <img src=x> **x** $y$ \\u202ez.md" in text_of_characters(html)
    assert not re.search(r"<(script|img|b)\b|[\u202a-\u202e\x1b]", html)
    for words in interpreted(at):
        assert not re.search(r"zorbulin|:red|\*\*|\$", words.lower())


def text_of_characters(html: str) -> str:
    """Return HTML without its tags and with its entities as characters."""
    from html import unescape

    return unescape(re.sub(r"<[^>]*>", "", html))


def hand_over(at, *files):
    """Drop files on the page."""
    at.file_uploader[0].set_value(list(files))


def field(at, label):
    """Return the first field with a label."""
    return next(each for each in at.text_input if each.label == label)


def chooser(at):
    """Return the field where the document to remove is chosen."""
    return next(box for box in at.selectbox if box.label == "Document to remove")
