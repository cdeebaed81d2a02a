"""What may lie in a corpus folder besides documents, and what may happen to it during a build."""

from __future__ import annotations

import datetime
import json
import os
import socket
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from rag.answer.engine import open_index
from rag.building.build import build
from rag.cli.main import command
from rag.core.config import Settings
from rag.core.corpus_files import CATALOGUE, QUESTION_SET, SYNONYMS
from rag.core.errors import CorpusError
from rag.corpus.catalogue import read_catalogue
from rag.corpus.editing import put
from rag.corpus.lint.check import check
from rag.corpus.question_set import question_set_sha256, read_question_set
from rag.corpus.scan import scan
from rag.corpus.synonyms_file import read_synonyms

TODAY = datetime.date(2026, 5, 4)
NEIGHBOUR = "Lorbulin calms the liver of old mice, and nobody has said why it should."
SECRET = "Sesamoid words of another file."


@pytest.fixture
def corpus(own: Settings) -> Path:
    (own.corpus / "neighbour.txt").write_text(NEIGHBOUR)
    return own.corpus


def in_time(act: Callable[[], object]) -> object:
    """Return what an act returns; one that would wait for ever fails."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(act()), daemon=True)
    thread.start()
    thread.join(60)
    assert found, "it waits for ever"
    return found[0]


def pipe(place: Path) -> None:
    os.mkfifo(place)


def listening(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:  # which leaves its file behind
        here = Path.cwd()
        os.chdir(place.parent)  # for the names of sockets may have 108 bytes
        try:
            one.bind(place.name)
        finally:
            os.chdir(here)


def device(place: Path) -> None:
    try:
        os.mknod(place, 0o666 | 0o020000, os.makedev(1, 5))  # that of endless zeros
    except OSError:
        pytest.skip("devices are made by root alone")


def endless(place: Path) -> None:
    place.symlink_to("/dev/zero")


def folder(place: Path) -> None:
    place.mkdir()


NO_FILES = [pipe, listening, device, endless]


@pytest.mark.parametrize("make", NO_FILES)
def test_what_is_no_file_is_left_out_and_its_neighbour_goes_in(
    make: Callable[[Path], None], corpus: Path, own: Settings
) -> None:
    make(corpus / "a.txt")
    report = build(own)
    assert report.added == ("neighbour.txt",)
    assert [skipped.path for skipped in report.skipped] == ["a.txt"]
    assert [each.path for each in check(corpus, TODAY) if each.kind == "unreadable"] == ["a.txt"]


@pytest.mark.parametrize("make", [*NO_FILES, folder])
@pytest.mark.parametrize("name", [CATALOGUE, QUESTION_SET, SYNONYMS])
def test_what_is_no_file_in_the_place_of_one_beside_the_documents_is_told(
    name: str, make: Callable[[Path], None], corpus: Path
) -> None:
    make(corpus / name)
    if name == CATALOGUE:

        def read() -> str:
            try:
                return str(read_catalogue(corpus))
            except CorpusError as error:
                return str(error)

        assert str(in_time(read)).startswith(f"{CATALOGUE} cannot be read")
    elif name == QUESTION_SET:
        assert in_time(lambda: [each.path for each in read_question_set(corpus).problems]) == [name]
        assert in_time(lambda: question_set_sha256(corpus)) == ""
    else:
        assert in_time(lambda: [each.path for each in read_synonyms(corpus).problems]) == [name]


def test_a_pipe_in_the_place_of_a_document_that_is_added_makes_nobody_wait(corpus: Path) -> None:
    pipe(corpus / "a.txt")
    assert in_time(lambda: put(corpus, "a.txt", b"Text.", {})) == "taken"
    assert in_time(lambda: put(corpus, "a.txt", b"Text.", {}, replace=True)) == "replaced"
    assert (corpus / "a.txt").read_bytes() == b"Text."


def test_links_lead_nowhere_outside(corpus: Path, own: Settings, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text(SECRET)
    (corpus / "file.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (corpus / "folder").symlink_to(tmp_path / "outside")
    (corpus / "loop").symlink_to(".")
    (corpus / "itself.txt").symlink_to("itself.txt")
    (corpus / "nowhere.txt").symlink_to("nothing.txt")
    (corpus / "twice.txt").symlink_to("file.txt")
    (corpus / "same.txt").symlink_to("neighbour.txt")
    report = build(own)
    assert report.added == ("neighbour.txt",)
    assert dict(report.duplicates) == {"same.txt": "neighbour.txt"}
    assert {each.path for each in report.skipped} == {
        "file.txt", "folder", "loop", "itself.txt", "nowhere.txt", "twice.txt",
    }  # fmt: skip
    assert SECRET not in json.dumps([str(each) for each in check(corpus, TODAY)])


# --- names -----------------------------------------------------------------------------------------------------------

NAMES = (
    "new\nline.txt", "tab\t.txt", "bell\x07\x1b[31m.txt", "..txt.txt", "...md", "a..", " .txt", "-rf.txt", "--json.md",
    "a\\..\\b.txt", "C:\\x.txt", "\u202etxt.exe.txt", "\u2066x.txt", "<b>&amp;.txt", "'; DROP TABLE.txt", '"q".txt',
    unicodedata.normalize("NFC", "café.txt"), unicodedata.normalize("NFD", "café.txt"), "Case.txt", "case.TXT",
    "x" * 251 + ".txt", "é" * 125 + ".txt", "%2e%2e%2fx.txt", "\ufeff.txt", "no suffix", "a.txt.", "\u0085.txt",
)  # fmt: skip


@pytest.fixture
def named(corpus: Path, own: Settings) -> Settings:
    for number, name in enumerate(NAMES):
        (corpus / name).write_text(f"Zorbulin number {number} calms the heart of mouse {number}.")
    return own


def test_documents_of_any_name_are_found_and_quoted_by_it(named: Settings) -> None:
    report = build(named)
    assert set(report.added) == {"neighbour.txt", *(name for name in NAMES if not name.startswith("."))}
    assert report.skipped == ()
    engine = open_index(named.index, named.corpus)
    for name in report.added:
        assert engine.document(name).path == name
    assert build(named).published is False
    assert not [each for each in check(named.corpus, TODAY) if each.kind == "unreadable"]


UNSAFE = {*map(chr, (*range(9), *range(11, 32), *range(127, 160))), "\u202e", "\u2066", "\ufeff"}


@pytest.mark.parametrize("arguments", [["build"], ["sources"], ["check"], ["status"], ["query", "What calms mouse 5?"]])
def test_no_name_steers_a_terminal_or_breaks_json(named: Settings, arguments: list[str]) -> None:
    (named.corpus / "\x1b[31mpipe.txt").symlink_to("/dev/zero")
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        (named.corpus / name).write_text("Text.")
        (named.corpus / os.fsdecode(b"caf\xe9")).symlink_to(".")
    except OSError:
        pass  # this file system takes no such names
    build(named)
    where = ["--corpus", str(named.corpus), *(["--index", str(named.index)] if arguments[0] != "check" else [])]
    for form in ([], ["--json"]):
        result = CliRunner().invoke(command, [*arguments, *where, *form])
        assert result.exit_code in (0, 1), result.output
        shown = result.stdout_bytes.decode("utf-8") + result.stderr_bytes.decode("utf-8")
        assert not UNSAFE & set(shown)
        if form:
            json.loads(result.stdout)


# --- what happens during a build -------------------------------------------------------------------------------------


def during(act: Callable[[], object]) -> Callable[[str, int, int], None]:
    """Return a progress that acts when the first document is about to be read, after the folder was listed."""

    def progress(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("reading", 0) and total:
            act()

    return progress


def test_a_file_that_vanishes_during_a_build_is_left_out(corpus: Path, own: Settings) -> None:
    (corpus / "a.txt").write_text("Zorbulin calms the heart.")
    report = build(own, progress=during((corpus / "a.txt").unlink))
    assert report.added == ("neighbour.txt",)
    assert [each.path for each in report.skipped] == ["a.txt"]
    assert build(own).skipped == ()


def test_a_file_that_changes_during_a_build_is_read_as_it_then_is(corpus: Path, own: Settings) -> None:
    (corpus / "a.txt").write_text("Zorbulin calms the heart.")
    build(own, progress=during(lambda: (corpus / "a.txt").write_text("Zorbulin wakes the heart.")))
    engine = open_index(own.index, own.corpus)
    assert engine.ask("What does zorbulin do to the heart?").quotes[0].text == "Zorbulin wakes the heart."


def test_a_file_that_becomes_a_copy_during_a_build_is_indexed_once(corpus: Path, own: Settings) -> None:
    (corpus / "a.txt").write_text("Zorbulin calms the heart.")
    report = build(own, progress=during(lambda: (corpus / "a.txt").write_text(NEIGHBOUR)))
    assert report.documents == 1
    assert build(own).documents == 1
    assert open_index(own.index, own.corpus).ask("What does lorbulin calm?").quotes[0].text == NEIGHBOUR


def test_a_file_that_becomes_a_link_or_a_pipe_during_a_build_is_left_out(
    corpus: Path, own: Settings, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text(SECRET)
    for name in ("a.txt", "b.txt"):
        (corpus / name).write_text(f"Zorbulin calms the heart of {name}.")

    def swap() -> None:
        for name in ("a.txt", "b.txt"):
            (corpus / name).unlink()
        (corpus / "a.txt").symlink_to(tmp_path / "secret.txt")
        pipe(corpus / "b.txt")

    report = build(own, progress=during(swap))
    assert report.added == ("neighbour.txt",)
    assert [each.path for each in report.skipped] == ["a.txt", "b.txt"]
    assert [source.path for source in scan(corpus).sources] == ["neighbour.txt"]
