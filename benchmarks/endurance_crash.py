"""Builds that are killed, and builds whose disk fails: does the published index answer on, and is nothing left over?"""

from __future__ import annotations

import gc
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from endurance_faults import Faults
from endurance_parts import QUESTIONS, Line, change, left_over, make_corpus, said

from rag.answer.engine import Engine
from rag.building.build import build
from rag.building.verify import verify_index
from rag.core.config import Settings
from rag.core.errors import StorageError
from rag.index.opening import open_published

_ASKED = QUESTIONS[:2]
_PAGE = "<html><body><h1>Trial {0}</h1><p>In trial {0}, salt calmed the heart of {0} sailors.</p></body></html>"
_MIB = 2**20


def killed(folder: Path, tries: int, seed: int) -> Line:
    """Kill builds at moments that are spread over their whole duration."""
    settings = make_corpus(folder, 8)
    build(settings)
    _change_some(settings, 1)
    began = time.monotonic()
    assert _building(settings).wait() == 0
    lasts = time.monotonic() - began
    line, early = Line("builds killed"), Line("builds that were done before they were killed")
    chance = random.Random(seed)
    number = 1
    while line.tried < tries and early.tried < 2 * tries:
        number += 1
        # By turns, so that the moments cover the whole even of a few tries. What is done already lasts less than was
        # thought, and is no kill: another is tried in its place.
        share = (line.tried + chance.random()) / tries
        moment = share * lasts
        outcome, problems = _tried(settings, number, lambda moment=moment: _kill_after(settings, moment))
        if outcome.startswith("killed"):
            line.count(f"killed after {moment:.3f} s", outcome, problems)
        else:
            early.count(f"after {moment:.3f} s", outcome, problems)
            lasts *= 0.98
    line.what += f" at moments of a build of about {lasts:.1f} s ({early.tried} others were done before)"
    line.lost += early.lost
    return line


def killed_at_first(folder: Path, tries: int) -> Line:
    """Kill first builds, which export the encoder in a process of its own: nothing goes on without them."""
    line = Line("first builds killed while they export the encoder")
    for number in range(tries):
        settings = make_corpus(folder / str(number), 2)
        process = _building(settings)
        time.sleep(2 + 10 * number / tries)
        process.send_signal(signal.SIGKILL)
        process.wait()
        problems = _orphans(process.pid)
        shutil.rmtree(folder / str(number))
        line.count(f"kill {number}", "killed", problems)
    return line


def refused(folder: Path, share: float = 1.0) -> Line:
    """Make each thing that a build asks of the disk through Python fail in turn, once as full and once as broken.

    With a `share` below 1 only that share of them.
    """
    settings = make_corpus(folder, 4)
    build(settings)
    line, faults, number = Line("what a build writes through Python, refused"), Faults(settings.index), 1
    _change_some(settings, number)
    with faults.counting():
        build(settings)
    for place in range(0, len(faults.seen), max(1, round(1 / share))):
        for error in Faults.ERRORS:
            number += 1

            def fail(place: int = place, error: int = error) -> tuple[str, list[str]]:
                try:
                    with faults.failing(place, error):
                        build(settings)
                except StorageError:
                    return "refused", left_over_unpublished(settings)
                return "built all the same", [] if faults.failed else ["nothing failed"]

            name = f"{faults.seen[place]} refused with {os.strerror(error)}"
            line.count(name, *_tried(settings, number, fail))
    return line


def full(folder: Path, tries: int, seed: int) -> Line:
    """Let a real small disk fill up, at different amounts of space, under builds in processes of their own."""
    line = Line("builds on a disk that fills up")
    with _small_disk(folder) as (disk, resize):
        if disk is None:
            line.what += " (skipped: no tmpfs may be mounted here)"
            return line
        settings = make_corpus(disk, 8)
        build(settings)
        generation = sum(file.stat().st_size for file in (settings.index / "generations").rglob("*") if file.is_file())
        chance = random.Random(seed)
        for number in range(tries):
            room = int(6 * generation * (number + chance.random()) / tries)

            def fill(room: int = room) -> tuple[str, list[str]]:
                gc.collect()  # of indexes that were opened: what they map takes room though it has no name any more
                held = _used(disk)
                resize(held + room)
                process = _building(settings, subprocess.PIPE)
                _, err = process.communicate(timeout=120)
                resize(2 * held + 64 * _MIB)
                if process.returncode == 0:
                    return "built", []
                clear = process.returncode == 1 and b"Free some space" in err and b"Traceback" not in err
                return "refused", [] if clear else [f"ended with {process.returncode}: {err[-300:]!r}"]

            line.count(f"{room} bytes of room", *_tried(settings, number + 2, fill))
    return line


def left_over_unpublished(settings: Settings) -> list[str]:
    """Name what a build that failed has left unfinished, before any other build."""
    return [f"left {name}" for name in left_over(settings.index) if name.startswith(".")]


def _tried(settings: Settings, number: int, harm: Callable[[], tuple[str, list[str]]]) -> tuple[str, list[str]]:
    """Change the corpus, harm a build of it, and look whether the published index answers and the next build works.

    Every other time the change is taken back before the next build, which then may have nothing to do. Returns what
    came of the harm, and what is wrong.
    """
    engine = _opened(settings)
    old, before = engine.info.fingerprint, said(engine, _ASKED)
    kept = {file: file.read_bytes() for file in settings.corpus.iterdir()}
    _change_some(settings, number)
    outcome, problems = harm()
    try:
        after = _opened(settings)
        published, answers = after.info.fingerprint, said(after, _ASKED)
        if published == old and answers != before:
            problems.append("the published index answers otherwise")
        took_back = published == old and number % 2 == 0
        if took_back:
            for file in settings.corpus.iterdir():
                file.unlink()
            for file, content in kept.items():
                file.write_bytes(content)
        build(settings)
        now = _opened(settings)
        if took_back and said(now, _ASKED) != before:
            problems.append("taken back, the index answers otherwise")
        if published != old and said(now, _ASKED) != answers:
            problems.append("what was published is not what the next build makes")
        if number % 10 == 0 and not verify_index(now.index).sound:
            problems.append("not proven")
        problems += [f"left {name}" for name in left_over(settings.index)]
        outcome = f"{outcome}, {'the old' if published == old else 'the new'} index published"
    except Exception as error:  # noqa: BLE001 # whatever it is, it is what is looked for
        problems.append(f"{type(error).__name__}: {error}")
    return outcome, problems


def _opened(settings: Settings) -> Engine:
    """Open what is published; the corpus may have changed since, and quotes of it are wanted all the same."""
    return Engine(open_published(settings.index), settings.corpus, check_sources=False)


def _change_some(settings: Settings, number: int) -> None:
    for place in range(3):
        change(settings, place, 1000 + 3 * number + place)
    (settings.corpus / "page.html").write_text(_PAGE.format(number), encoding="utf-8")  # read by a process of its own


def _building(settings: Settings, errors: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "rag",
        "build",
        "--corpus",
        str(settings.corpus),
        "--index",
        str(settings.index),
        "-q",
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True)


def _kill_after(settings: Settings, moment: float) -> tuple[str, list[str]]:
    process = _building(settings)
    with suppress(subprocess.TimeoutExpired):
        process.wait(moment)
    if process.poll() is not None:
        return "done before", []
    process.send_signal(signal.SIGKILL)
    process.wait()
    return "killed", _orphans(process.pid)


def _orphans(session: int) -> list[str]:
    """Name the processes of a session that are still there after its first has been gone for two seconds."""
    until = time.monotonic() + 2
    while found := [process for process in _processes() if process[1] == session]:
        if time.monotonic() > until:
            for process, _, _ in found:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            return [f"an orphan: {name}" for _, _, name in found]
        time.sleep(0.02)
    return []


def _processes() -> Iterator[tuple[int, int, str]]:
    """Return the processes that are not over: number, session, command."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, _, session = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:4]
            if state != "Z":
                yield int(folder.name), int(session), (folder / "cmdline").read_text().replace("\0", " ").strip()


def _used(disk: Path) -> int:
    found = os.statvfs(disk)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


@contextmanager
def _small_disk(folder: Path) -> Iterator[tuple[Path | None, Callable[[int], None]]]:
    """Mount a tmpfs; yield it and what changes its size in bytes. None where that is not allowed."""
    disk = folder / "disk"
    disk.mkdir(parents=True)

    def resize(size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True, capture_output=True)

    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512m", "none", str(disk)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        yield None, resize
        return
    try:
        yield disk, resize
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
