"""A conversation on a pseudo-terminal: the prompt, Ctrl-D and Ctrl-C, and that nothing is kept."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.cli.chat.lines import PROMPT
from rag.core.config import Settings

LONGEST_WAIT = 60


class Terminal:
    """A program on a pseudo-terminal: what it shows, and what is typed."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self.master = master
        self.process = process
        self.stat = Path(f"/proc/{process.pid}/stat")
        self.shown = b""

    def until(self, done: Callable[[bytes], bool]) -> bytes:
        """Return what is shown until `done` says so of it, and begin anew."""
        end = time.monotonic() + LONGEST_WAIT
        while not done(self.shown):
            assert time.monotonic() < end, self.shown
            if select.select([self.master], [], [], 0.2)[0]:
                self.shown += os.read(self.master, 65536)
        shown, self.shown = self.shown, b""
        return shown

    def prompted(self) -> bytes:
        return self.until(lambda shown: shown.endswith(PROMPT.encode()))

    def interrupt(self) -> None:
        """Send what Ctrl-C sends, once the program waits for keys: just before that, it would not wake it.

        It waits for other things as well, for moments: it must have been seen waiting ten times in a row.
        """
        end, seen = time.monotonic() + LONGEST_WAIT, 0
        while seen < 10:
            assert time.monotonic() < end
            time.sleep(0.01)
            seen = seen + 1 if self.stat.read_text().rpartition(")")[2].split()[0] == "S" else 0
        self.process.send_signal(signal.SIGINT)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)


@contextmanager
def on_a_terminal(settings: Settings, home: Path, *options: str) -> Iterator[Terminal]:
    folders = ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    places = {"HOME": str(home), "XDG_CACHE_HOME": str(home)}
    master, slave = pty.openpty()
    # Where the tests run behind a shell's `&`, Ctrl-C is ignored, and what they start would ignore it as well.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-m", "rag", "chat", *folders, *options],
        stdin=slave, stdout=slave, stderr=slave,
        env={**os.environ, **places, "TERM": "dumb", "INPUTRC": os.devnull, "NO_COLOR": "1"},
    )  # fmt: skip
    signal.signal(signal.SIGINT, before)
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def test_there_is_a_prompt_and_ctrl_d_leaves(starter_settings: Settings, tmp_path: Path) -> None:
    with on_a_terminal(starter_settings, tmp_path) as terminal:
        assert b"/help lists what else can be typed" in terminal.prompted()
        terminal.type(b"Who should not take magnesium?\n")
        assert b"bowel obstruction" in terminal.prompted()
        terminal.type(b"\x04")
        assert terminal.process.wait(LONGEST_WAIT) == 0
    assert list(tmp_path.iterdir()) == []  # no history is kept


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc here to see when keys are awaited")
def test_ctrl_c_abandons_a_line_and_twice_in_a_row_leaves(own: Settings, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with on_a_terminal(own, home, "-q") as terminal:
        assert terminal.prompted() == PROMPT.encode()
        for _ in range(2):
            terminal.type(b"half a quest")
            terminal.until(lambda shown: b"half a quest" in shown)
            terminal.interrupt()
            terminal.prompted()
            terminal.type(b"/nothing\n")
            assert b"There is no command /nothing." in terminal.prompted()
        terminal.interrupt()
        terminal.prompted()
        terminal.interrupt()
        assert terminal.process.wait(LONGEST_WAIT) == 0
    assert list(home.iterdir()) == []
