"""A build that is killed at any moment leaves the published index as it was, or has published the new one."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.answer.engine import open_index
from rag.building.build import build
from rag.building.verify import verify_index
from rag.core.config import Settings
from rag.core.system.files import UNFINISHED

QUESTION = "Does salt calm the heart?"


def has_loaded(library: str) -> Callable[[int, Path], bool]:
    return lambda process, _: library in Path(f"/proc/{process}/maps").read_text(errors="replace")


def has_written(name: str) -> Callable[[int, Path], bool]:
    return lambda _, generations: any(generations.glob(f"{UNFINISHED}*/{name}"))


MOMENTS: dict[str, Callable[[int, Path], bool]] = {
    "it has begun": lambda *_: True,
    "the encoder is loaded": has_loaded("onnxruntime"),
    "a generation is begun": has_written("."),
    "the sentences are written": has_written("sentences.npy"),
    "the store is written": has_written("store.sqlite"),
    "the vectors are written": has_written("dense.faiss"),
    "the manifest is written": has_written("manifest.json"),
}


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux says what a process has loaded")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_build_leaves_the_published_index_as_it_was(own: Settings, moment: str) -> None:
    (own.corpus / "a.md").write_text("# Salt\n\nIn trial 0, salt calms the heart.\n")
    old = build(own).fingerprint
    before = open_index(own.index).ask(QUESTION).quotes
    (own.corpus / "b.md").write_text("\n\n".join(f"Iron {n} tires the eyes of {n} people." for n in range(60)))
    command = [sys.executable, "-m", "rag", "build", "--corpus", str(own.corpus), "--index", str(own.index), "-q"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not MOMENTS[moment](process.pid, own.index / "generations"):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    after = open_index(own.index)
    assert verify_index(after.index).sound
    if after.info.fingerprint == old:
        assert after.ask(QUESTION).quotes == before
    build(own)
    assert open_index(own.index).info.documents == 2
    assert not [entry for entry in (own.index / "generations").iterdir() if entry.name.startswith(".")]
