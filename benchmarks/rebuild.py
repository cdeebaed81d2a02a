"""What a build costs: from nothing, with nothing changed, and with one document of a thousand changed.

    python benchmarks/rebuild.py [--documents 1000]

The documents are sections of the starter corpus put together by a fixed random choice, about 250 words each; every one
is different. "Nothing changed" and "one changed" are whole processes of `python -m rag build`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from results import machine, write_section

from rag.building.build import build
from rag.core.config import Settings

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    count = parser.parse_args().documents
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(corpus=Path(folder, "corpus"), index=Path(folder, "index"))
        settings.corpus.mkdir()
        for number in range(count):
            (settings.corpus / f"{number:05d}.md").write_text(document(number), encoding="utf-8")
        build(Settings(corpus=ROOT / "corpus", index=settings.index))  # exports the encoder, which is not measured here
        began = time.perf_counter()
        report = build(settings)
        from_nothing = time.perf_counter() - began
        unchanged = [_build(settings) for _ in range(7)]
        changed = []
        for run in range(5):
            (settings.corpus / f"{count // 2:05d}.md").write_text(document(count + run), encoding="utf-8")
            changed.append(_build(settings))
    rows = [
        "| what | median s | fastest | slowest |",
        "|---|---|---|---|",
        f"| from nothing: {count} documents, {report.passages} passages | {from_nothing:.1f} | | |",
        f"| nothing changed | {statistics.median(unchanged):.3f} | {min(unchanged):.3f} | {max(unchanged):.3f} |",
        f"| one of {count} changed | {statistics.median(changed):.3f} | {min(changed):.3f} | {max(changed):.3f} |",
        f"\n{machine()}",
    ]
    write_section("Builds", "\n".join(rows))


def document(seed: int) -> str:
    """Return a document of its own: four sections of the starter corpus, in a chosen order, with a number in each."""
    chance = random.Random(seed)
    sections = [
        f"## {section}"
        for file in sorted((ROOT / "corpus").glob("*.md"))
        for section in file.read_text(encoding="utf-8").split("\n## ")[1:]
    ]
    chosen = chance.sample(sections, 4)
    return f"# Document {seed}\n\n" + "\n\n".join(f"{text}\n\nNote {seed}-{n}." for n, text in enumerate(chosen)) + "\n"


def _build(settings: Settings) -> float:
    command = [sys.executable, "-m", "rag", "build", "--corpus", str(settings.corpus), "--index", str(settings.index)]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
