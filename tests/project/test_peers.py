"""Peers side by side: everything is pinned, and what a script is asked to do is done with the real index."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from support.paths import MAGNESIUM_QUESTION, ROOT
from support.scripts import benchmark_script

from rag.building.build import build
from rag.core.config import Settings

SCRIPTS = ROOT / "benchmarks" / "peer_scripts"


def test_every_peer_has_its_script_and_exact_versions() -> None:
    peers = benchmark_script("peers")
    compared = peers.peers()
    assert {peer.script for peer in compared} == {file.name for file in SCRIPTS.glob("*.py")} - {"driver.py"}
    for peer in compared:
        assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+", package) for package in (*peers.COMMON, *peer.packages))


def test_a_script_says_what_it_found_and_how_long_it_took(tmp_path: Path, seeded: Callable[[Path], Path]) -> None:
    corpus, index, questions = tmp_path / "corpus", tmp_path / "index", tmp_path / "questions.json"
    corpus.mkdir()
    (corpus / "magnesium.md").write_text("Magnesium blocks the channel of the NMDA receptor.", encoding="utf-8")
    build(Settings(corpus=corpus, index=seeded(index)))
    questions.write_text(json.dumps([MAGNESIUM_QUESTION, "Who won the chess championship?"]), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, SCRIPTS / "ours.py", "many", index, "the model is the index's", questions],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(run.stdout)
    assert [len(names) for names in said["found"]] == [1, 0]
    assert len(said["seconds"]) == 2
    assert all(seconds > 0 for seconds in said["seconds"])
