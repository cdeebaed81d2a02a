"""Name the folders that tests read, and the question that most of them ask."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "corpus"
DATA = ROOT / "tests" / "data"
MAGNESIUM_QUESTION = "How does magnesium act on the NMDA receptor?"
