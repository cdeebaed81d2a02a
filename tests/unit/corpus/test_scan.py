"""The folder scan: which files are sources, what is left out and why, and when a file is hashed again."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.core.errors import CorpusError, NotFound, UnreadableDocument
from rag.core.types.documents import CatalogueEntry
from rag.corpus import scan as folder
from rag.corpus import source_bytes
from rag.corpus.scan import Scan, scan, sha256_of
from rag.corpus.source_bytes import read_source

LONG_AGO = time.time() - 3600


def _put(corpus: Path, path: str, text: str = "", age: float | None = LONG_AGO) -> Path:
    file = corpus / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text or f"Text of {path}.", encoding="utf-8")
    if age is not None:
        os.utime(file, (age, age))
    return file


def _reasons(result: Scan) -> dict[str, str]:
    assert all(skipped.advice for skipped in result.skipped)
    return {skipped.path: skipped.reason for skipped in result.skipped}


def _paths(result: Scan) -> list[str]:
    return [source.path for source in result.sources]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


def test_files_of_all_folders_are_sources_in_the_order_of_their_paths(corpus: Path) -> None:
    for path in ("b.txt", "a/z.md", "a/b/c.html", "A.txt", "a.txt"):
        _put(corpus, path)
    result = scan(corpus)
    assert _paths(result) == ["A.txt", "a.txt", "a/b/c.html", "a/z.md", "b.txt"]
    assert result.sources[1].sha256 == hashlib.sha256(b"Text of a.txt.").hexdigest()
    assert result.skipped == ()


def test_an_empty_folder_has_no_sources(corpus: Path) -> None:
    assert scan(corpus) == Scan((), (), ())


@pytest.mark.parametrize("name", ["nowhere", "file.txt"])
def test_what_is_no_folder_is_told(tmp_path: Path, name: str) -> None:
    _put(tmp_path, "file.txt")
    with pytest.raises(NotFound, match=name):
        scan(tmp_path / name)


def test_hidden_files_and_folders_are_not_sources(corpus: Path) -> None:
    for path in (".hidden.txt", ".git/a.txt", "a/.hidden/b.txt", "a/.c.txt", "a/seen.txt"):
        _put(corpus, path)
    result = scan(corpus)
    assert _paths(result) == ["a/seen.txt"]
    assert result.skipped == ()


@pytest.mark.parametrize("name", ["catalogue.toml", "questions.jsonl", "synonyms.txt"])
def test_files_about_the_corpus_are_not_in_it_at_its_top_alone(corpus: Path, name: str) -> None:
    _put(corpus, name, "# nothing")
    _put(corpus, f"a/{name}")
    assert _paths(scan(corpus)) == [f"a/{name}"]


def test_the_catalogues_entry_goes_with_its_source(corpus: Path) -> None:
    _put(corpus, "a/b.txt")
    _put(corpus, "c.txt")
    _put(corpus, "catalogue.toml", '["a/b.txt"]\ntitle = "Bee"\n["gone.txt"]\ntitle = "Gone"\n')
    entries = {source.path: source.entry for source in scan(corpus).sources}
    assert entries == {"a/b.txt": CatalogueEntry(title="Bee"), "c.txt": CatalogueEntry()}


def test_a_broken_catalogue_stops_the_scan(corpus: Path) -> None:
    _put(corpus, "a.txt")
    _put(corpus, "catalogue.toml", "[")
    with pytest.raises(CorpusError, match=r"catalogue\.toml"):
        scan(corpus)


def test_one_content_is_one_source(corpus: Path) -> None:
    for path in ("b.txt", "a.txt", "c/d.txt"):
        _put(corpus, path, "The same.")
    result = scan(corpus)
    assert _paths(result) == ["a.txt"]
    assert result.duplicates == (("b.txt", "a.txt"), ("c/d.txt", "a.txt"))


# --- links and other things that are no files --------------------------------------------------------------------


def test_a_link_inside_the_corpus_is_the_same_content(corpus: Path) -> None:
    _put(corpus, "a.txt")
    (corpus / "b.txt").symlink_to("a.txt")
    result = scan(corpus)
    assert _paths(result) == ["a.txt"]
    assert result.duplicates == (("b.txt", "a.txt"),)


def test_a_link_out_of_the_corpus_is_left_out(corpus: Path, tmp_path: Path) -> None:
    (corpus / "a.txt").symlink_to(_put(tmp_path, "secret.txt"))
    (corpus / "b.txt").symlink_to("../secret.txt")
    assert _reasons(scan(corpus)) == dict.fromkeys(["a.txt", "b.txt"], "It is a link out of the corpus folder.")


def test_a_broken_link_is_left_out(corpus: Path) -> None:
    (corpus / "a.txt").symlink_to("nowhere.txt")
    assert _reasons(scan(corpus)) == {"a.txt": "It cannot be opened (No such file or directory)."}


def test_a_link_to_itself_is_left_out(corpus: Path) -> None:
    (corpus / "a.txt").symlink_to("a.txt")
    result = scan(corpus)
    assert list(_reasons(result)) == ["a.txt"]
    assert result.sources == ()


def test_a_link_to_a_folder_is_left_out(corpus: Path) -> None:
    _put(corpus, "a/b.txt")
    (corpus / "c").symlink_to("a")
    (corpus / "a" / "up").symlink_to("..")
    result = scan(corpus)
    assert _paths(result) == ["a/b.txt"]
    assert _reasons(result) == dict.fromkeys(["a/up", "c"], "It is a link to a folder.")


def test_the_corpus_folder_may_be_a_link_itself(corpus: Path, tmp_path: Path) -> None:
    _put(corpus, "a.txt")
    (corpus / "b.txt").symlink_to("a.txt")
    (tmp_path / "link").symlink_to(corpus)
    result = scan(tmp_path / "link")
    assert (_paths(result), result.skipped) == (["a.txt"], ())


def test_a_pipe_is_left_out_and_waited_for_by_nobody(corpus: Path) -> None:
    os.mkfifo(corpus / "a.txt")
    assert _reasons(scan(corpus)) == {"a.txt": "It is not a regular file."}
    with pytest.raises(UnreadableDocument, match="not a regular file"):
        read_source(corpus, "a.txt")


def test_a_name_that_is_not_utf8_is_left_out(corpus: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(corpus) + b"/caf\xe9.txt")).write_text("Text.")
    except OSError:
        pytest.skip("this file system takes no such names")
    _put(corpus, "a.txt")
    result = scan(corpus)
    assert _paths(result) == ["a.txt"]
    assert _reasons(result) == {"caf\udce9.txt": "Its name is not valid UTF-8."}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_and_folders_without_permission_are_left_out(corpus: Path) -> None:
    _put(corpus, "a.txt").chmod(0)
    _put(corpus, "b/c.txt").parent.chmod(0)
    try:
        assert _reasons(scan(corpus)) == {
            "a.txt": "It cannot be opened (Permission denied).",
            "b": "The folder cannot be listed (Permission denied).",
        }
    finally:
        (corpus / "b").chmod(0o755)


# --- reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "fits"), [(99, True), (100, True), (101, False), (5_000, False)])
def test_a_file_over_the_limit_is_left_out(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, size: int, fits: bool
) -> None:
    monkeypatch.setattr(source_bytes, "LARGEST_SOURCE", 100)
    _put(corpus, "a.txt", "x" * size)
    result = scan(corpus)
    assert (_paths(result) == ["a.txt"]) == fits
    assert bool(result.skipped) != fits


def test_a_file_that_is_not_there_is_told(corpus: Path) -> None:
    with pytest.raises(UnreadableDocument, match="No such file"):
        read_source(corpus, "a.txt")


@pytest.fixture
def growing(corpus: Path) -> Iterator[Path]:
    """A file that another thread goes on writing to."""
    file = _put(corpus, "a.txt", "x" * 20_000_000)
    stop, begun = threading.Event(), threading.Event()

    def grow() -> None:
        with file.open("ab", buffering=0) as end:
            while not stop.is_set():
                end.write(b"y")
                begun.set()

    thread = threading.Thread(target=grow)
    thread.start()
    begun.wait()
    yield file
    stop.set()
    thread.join()


def test_a_file_that_keeps_changing_is_left_out(growing: Path) -> None:
    _put(growing.parent, "b.txt")
    result = scan(growing.parent)
    assert _paths(result) == ["b.txt"]
    assert _reasons(result) == {"a.txt": "It kept changing while it was read."}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")
def test_a_file_that_is_not_as_long_as_it_says_is_not_trusted() -> None:
    with pytest.raises(UnreadableDocument, match="kept changing"):
        read_source(Path("/proc/self"), "status")


# --- fingerprints --------------------------------------------------------------------------------------------------


def _info(file: Path) -> tuple[int, int, int]:
    info = file.stat()
    return info.st_size, info.st_mtime_ns, info.st_ctime_ns


def test_a_file_written_just_now_is_not_vouched_for(corpus: Path) -> None:
    _put(corpus, "a.txt", age=None)
    assert scan(corpus).fingerprints == {}


def test_an_old_time_given_just_now_is_not_settled(corpus: Path) -> None:
    # `touch -d` cannot set the time at which the file's status changed.
    _put(corpus, "a.txt", age=LONG_AGO)
    assert scan(corpus).fingerprints == {}


def test_a_settled_file_is_vouched_for(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _put(corpus, "a.txt")
    monkeypatch.setattr(folder, "_SETTLED", -60_000_000_000)  # as if a minute had gone by
    assert scan(corpus).fingerprints == {"a.txt": (*_info(file), hashlib.sha256(file.read_bytes()).hexdigest())}


@pytest.mark.parametrize(("seconds", "settled"), [(0, False), (1.5, False), (10, True)])
def test_settled_means_two_seconds_before(corpus: Path, seconds: float, settled: bool) -> None:
    info = _put(corpus, "a.txt", age=None).stat()

    class Earlier:
        st_mtime_ns = info.st_mtime_ns - int(seconds * 1e9)
        st_ctime_ns = st_mtime_ns

    assert sha256_of(b"x", Earlier()) == (hashlib.sha256(b"x").hexdigest(), settled)  # type: ignore[arg-type]


def test_a_known_file_is_not_read_again(corpus: Path) -> None:
    file = _put(corpus, "a.txt")
    known = {"a.txt": (*_info(file), "the hash of before")}
    result = scan(corpus, known)
    assert result.sources[0].sha256 == "the hash of before"
    assert result.fingerprints == known


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_file_of_another_size_or_time_is_read_again(corpus: Path, part: int) -> None:
    file = _put(corpus, "a.txt")
    before = list(_info(file))
    before[part] += 1
    result = scan(corpus, {"a.txt": (before[0], before[1], before[2], "the hash of before")})
    assert result.sources[0].sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_file_that_is_gone_is_forgotten(corpus: Path) -> None:
    assert scan(corpus, {"a.txt": (1, 2, 3, "hash")}).fingerprints == {}
