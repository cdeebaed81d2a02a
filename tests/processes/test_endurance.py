"""Small twins of `make endure`: damaged files, failing disks, removed indexes, an export that nobody waits for."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest
from support.scripts import benchmark_script

from rag.answer.engine import open_index
from rag.building.build import build
from rag.building.verify import verify_index
from rag.cli.ready import ready_engine
from rag.core.config import DEFAULT_MODEL, Settings
from rag.core.errors import IndexDamaged, IndexMismatch, IndexReplaced, IndexUnusable, StorageError
from rag.core.system.checksums import file_record
from rag.encoder.model import model_folder
from rag.index.dense.arrays import write_array
from rag.index.folder import IndexFolder, Pointer
from rag.index.opening import open_published

QUESTION = "Does salt calm the heart?"


@pytest.fixture
def small(own: Settings) -> Settings:
    """A built index of two documents, and no link to the export that other tests share."""
    (own.corpus / "a.md").write_text(
        "# Salt\n\nSalt calms the heart of the sailor.\n\n## Iron\n\nIron tires the eyes.\n"
    )
    (own.corpus / "b.md").write_text("# Tea\n\nTea was tested in mice. It did nothing at all.\n")
    build(own)
    return own


def generation(settings: Settings) -> Path:
    return open_published(settings.index).path


def alter(file: Path, at: int, bit: int = 0) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1 << bit
    file.unlink()
    file.write_bytes(content)


def answers_or_refuses(settings: Settings) -> None:
    """Ask; whatever is quoted must stand in its source, and nothing but `IndexUnusable` may be raised."""
    try:
        answer = open_index(settings.index).ask(QUESTION)
    except IndexUnusable:
        return
    for quote in answer.quotes:
        assert quote.text in (settings.corpus / quote.document.path).read_text()


@pytest.mark.parametrize("at", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
@pytest.mark.parametrize(
    "name", ["dense.faiss", "sentences.npy", "sentence-bounds.npy", "store.sqlite", "synonyms.json"]
)
def test_a_flipped_bit_gives_no_wrong_quote(small: Settings, name: str, at: float) -> None:
    file = generation(small) / name
    alter(file, int(at * file.stat().st_size), bit=int(10 * at) % 8)
    answers_or_refuses(small)
    assert verify_index(open_index(small.index).index).damaged_files == (name,)


def test_a_flipped_bit_of_the_lexical_index_never_reaches_it(small: Settings) -> None:
    for file in sorted((generation(small) / "lexical").iterdir()):
        if size := file.stat().st_size:
            content = file.read_bytes()
            for at in (0, size // 2, size - 1):
                alter(file, at)
                with pytest.raises(IndexDamaged, match="was altered"):
                    open_index(small.index).ask(QUESTION)
                file.write_bytes(content)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passage SET attribution = replace(attribution, 'null', '\"Nobody\"')",
        "UPDATE passage SET section = '[\"Pepper\"]'",
        "UPDATE passage SET words = replace(words, 'p', 'f')",
        "UPDATE passage SET cues = '[[\"dose\", 0, 4]]'",
        "UPDATE passage SET cues_checksum = (SELECT max(other.cues_checksum) FROM passage AS other)",
        "UPDATE document SET title = 'Malt' WHERE title = 'Salt'",
    ],
)
def test_what_is_said_of_a_quote_is_as_it_was_written(small: Settings, change: str) -> None:
    engine = open_index(small.index)
    _ = engine.index.store  # what is read from it from now on is checked row by row alone
    with sqlite3.connect(generation(small) / "store.sqlite") as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(IndexDamaged, match=r"altered|malformed"):
        engine.ask(QUESTION)


def test_an_altered_manifest_is_refused_wherever_it_was_altered(small: Settings) -> None:
    file = generation(small) / "manifest.json"
    content = file.read_bytes()
    for at in range(0, len(content), 97):
        alter(file, at)
        with pytest.raises((IndexDamaged, IndexMismatch)):
            open_index(small.index)
    file.write_bytes(content)
    assert open_index(small.index).ask(QUESTION).quotes


def test_hashes_that_were_altered_are_not_believed(small: Settings) -> None:
    folder = IndexFolder(small.index)
    folder.write_fingerprints({"a.md": (1, 2, 3, "0" * 64)})
    assert folder.read_fingerprints()
    file = small.index / "stat-cache.json"
    file.write_text(file.read_text().replace("0" * 64, "0" * 63 + "1"))
    assert folder.read_fingerprints() == {}


def test_a_tokenizer_that_was_altered_is_refused(small: Settings) -> None:
    file = open_published(small.index).encoder_folder / "tokenizer.json"
    alter(file, file.stat().st_size // 2)
    with pytest.raises(IndexDamaged, match="altered"):
        open_index(small.index).ask(QUESTION)


# --- disks that fail -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("flushed")
def test_each_thing_that_a_build_asks_of_the_disk_may_be_refused(small: Settings) -> None:
    faults = benchmark_script("endurance_faults").Faults(small.index)
    (small.corpus / "b.md").write_text("# Tea\n\nTea was tested in sailors.\n")
    with faults.counting():
        build(small)
    assert len(faults.seen) > 20
    for number, place in enumerate(range(0, len(faults.seen), 3)):
        (small.corpus / "b.md").write_text(f"# Tea\n\nTea was tested in {number} sailors.\n")
        before = open_published(small.index).info.fingerprint
        try:
            with faults.failing(place, faults.ERRORS[number % 2]):
                build(small)
        except StorageError:
            assert faults.failed
        assert not [entry for entry in (small.index / "generations").iterdir() if entry.name.startswith(".")]
        assert open_index(small.index).ask(QUESTION).quotes[0].text.endswith("Salt calms the heart of the sailor.")
        build(small)
        assert open_published(small.index).info.fingerprint != before
        assert len(list((small.index / "generations").iterdir())) == 2


@pytest.mark.skipif(os.name != "posix", reason="there are no such limits here")
def test_a_disk_that_takes_only_a_part_of_an_array_is_named(tmp_path: Path) -> None:
    script = "import numpy, resource, sys; from pathlib import Path; from rag.index.dense.arrays import write_array\n"
    script += "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    script += "write_array(Path(sys.argv[1]), numpy.ones(300_000))"
    ran = subprocess.run([sys.executable, "-c", script, str(tmp_path / "torn.npy")], capture_output=True, text=True)
    assert f"OSError: [Errno {errno.EFBIG}]" in ran.stderr
    write_array(tmp_path / "whole.npy", numpy.arange(300_000))
    assert numpy.array_equal(numpy.load(tmp_path / "whole.npy", mmap_mode="r"), numpy.arange(300_000))


def test_a_generation_that_was_named_and_not_published_goes_with_the_next_build(small: Settings) -> None:
    published = generation(small)
    shutil.copytree(published, published.with_name("000007-0123456789abcdef"))  # as a kill before the pointer leaves it
    assert not build(small).published
    assert [entry.name for entry in published.parent.iterdir()] == [published.name]


def test_generations_stay_where_the_pointer_leads_nowhere(small: Settings) -> None:
    published = generation(small)
    IndexFolder(small.index).write_pointer(Pointer("000009-0123456789abcdef"))
    with pytest.raises(IndexDamaged):
        open_index(small.index)
    assert published.is_dir()
    assert build(small).published


@pytest.mark.skipif(os.name != "posix", reason="made of pipes")
def test_an_export_ends_with_whoever_waits_for_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rag.encoder.export", str(model_folder(DEFAULT_MODEL)), str(tmp_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 1
    assert list(tmp_path.iterdir()) == []


# --- many at once ----------------------------------------------------------------------------------------------------


def publish_two(settings: Settings) -> None:
    for number in range(2):
        (settings.corpus / "b.md").write_text(f"# Tea\n\nTea was tested in {number + 2} mice, at {time.time_ns()}.\n")
        build(settings)


def test_an_index_that_was_replaced_before_it_was_opened_says_so(small: Settings) -> None:
    engine = open_index(small.index)
    publish_two(small)
    with pytest.raises(IndexReplaced, match="newer"):
        engine.ask(QUESTION)


def test_an_engine_that_is_ready_answers_whatever_is_published(small: Settings) -> None:
    engine = ready_engine(small, refresh=False)
    publish_two(small)
    assert engine.ask(QUESTION).quotes[0].text.endswith("Salt calms the heart of the sailor.")


def test_an_index_that_is_replaced_while_it_is_opened_is_opened_anew(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_between(*given: object, **named: object) -> object:
        engine = open_index(*given, **named)  # type: ignore[arg-type]
        opened.append(engine.index.generation)
        if len(opened) == 1:
            publish_two(small)
        return engine

    monkeypatch.setattr("rag.cli.ready.open_index", open_between)
    engine = ready_engine(small, refresh=False)
    assert engine.index.generation == opened[-1] != opened[0]
    assert engine.ask(QUESTION).quotes


def test_a_damage_of_every_kind_is_one(small: Settings, tmp_path: Path, seeded: Callable[[Path], Path]) -> None:
    damage = benchmark_script("endurance_damage")
    (tmp_path / "other").mkdir()
    other = Settings(corpus=tmp_path / "other", index=seeded(tmp_path / "other-index"))
    (other.corpus / "c.md").write_text("# Pepper\n\nPepper is black.\n")
    build(other)
    names = [path for path in sorted(small.index.rglob("*")) if path.is_file() and "encoders" not in path.parts]
    for number, kind in enumerate(damage.KINDS * 3):
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(small.index, copy, copy_function=os.link)
        file = names[number % len(names)].relative_to(small.index).as_posix()
        before = (copy / file).read_bytes()
        damage.inflict(damage.Damage(file, kind, str(number)), copy, other.index)
        now = copy / file
        assert not now.is_file() or now.is_symlink() or now.read_bytes() != before
        answers_or_refuses(Settings(corpus=small.corpus, index=copy))


def test_of_a_large_file_the_whole_beginning_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.core.system.checksums._WHOLE_UP_TO", 2**19)
    data = bytearray(2**22)
    file = tmp_path / "large"
    file.write_bytes(data)
    record = file_record(file)
    assert record.may_be_opened(file)
    for place, seen in ((2**21 - 1, True), (2**21 + 2**20, False), (2**22 - 1, True)):
        data[place] = 1
        file.write_bytes(data)
        data[place] = 0
        assert record.may_be_opened(file) is not seen, place
        assert record.may_be_opened(file, plain=True) is (place < 2**22 - 1)
        assert not record.is_of(file)
