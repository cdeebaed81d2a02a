"""The corpus folder is changed by one writer at a time, whichever process or thread it is in."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.core.corpus_files import CATALOGUE, CATALOGUE_LOCK
from rag.core.errors import StorageError
from rag.core.system.files import locked
from rag.corpus import editing
from rag.corpus.catalogue import read_catalogue
from rag.corpus.editing import put, remove
from rag.corpus.scan import scan

EACH = 60
PUTS = """
import sys
from pathlib import Path
from rag.corpus.editing import put

corpus, name, each = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sys.stdin.readline()
for number in range(each):
    assert put(corpus, f"{name}-{number}.txt", f"{name} {number}".encode(), {"title": f"{name} {number}"}) == "added"
"""


def test_two_processes_lose_no_entry_of_the_catalogue(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    names = ("ann", "bob")
    command = (sys.executable, "-c", PUTS, str(corpus))
    running = [subprocess.Popen([*command, name, str(EACH)], stdin=subprocess.PIPE, text=True) for name in names]
    for process in running:  # both have been started: now they run at once
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        process.communicate()
    assert [process.returncode for process in running] == [0, 0]
    expected = {f"{name}-{number}.txt": f"{name} {number}" for name in names for number in range(EACH)}
    assert {path: entry.title for path, entry in read_catalogue(corpus).items()} == expected
    assert {source.path for source in scan(corpus).sources} == set(expected)


def test_threads_lose_no_entry_whether_they_put_or_remove(tmp_path: Path) -> None:
    for number in range(10):
        put(tmp_path, f"old-{number}.txt", f"old {number}".encode(), {"title": "Old"})

    def change(number: int) -> None:
        put(tmp_path, f"new-{number}.txt", f"new {number}".encode(), {"title": f"New {number}"})
        remove(tmp_path, f"old-{number}.txt")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(10)))
    assert {entry.title for entry in read_catalogue(tmp_path).values()} == {f"New {number}" for number in range(10)}


def test_whoever_waits_too_long_is_told_and_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "_WAIT_SECONDS", 0)
    with locked(tmp_path / CATALOGUE_LOCK, 0, StorageError("", "")), pytest.raises(StorageError, match="is changing"):
        put(tmp_path, "a.txt", b"Text.", {"title": "A"})
    assert [file.name for file in tmp_path.iterdir()] == [CATALOGUE_LOCK]


def test_a_lock_that_cannot_be_made_is_told_and_nothing_is_changed(tmp_path: Path) -> None:
    (tmp_path / CATALOGUE_LOCK).mkdir()
    with pytest.raises(StorageError, match=f"Writing to {tmp_path} failed"):
        put(tmp_path, "a.txt", b"Text.", {"title": "A"})
    assert not (tmp_path / "a.txt").exists()
    assert not (tmp_path / CATALOGUE).exists()


def test_the_lock_is_held_by_whoever_may_write_in_the_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o770)
    put(tmp_path, "a.txt", b"Text.", {})
    assert (tmp_path / CATALOGUE_LOCK).stat().st_mode & 0o777 == 0o660
