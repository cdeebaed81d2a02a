"""Documents that are made to harm, through `build` and `check`: what they take, and whether their neighbour goes in.

    python benchmarks/hostile_documents.py [--depth 100000] [--bomb 60000000] [--line 200000000] [--read 2000000]

Each group lies in a corpus of its own beside a plain document, which must be in the index and answer; no word of a file
outside of the corpus may be in any of it. The processes are those of the command line. `--seconds` is what one document
may take (`[reading]`), `--line` the size of files that are over the limit, `--read` of such as are not. Exits with
1 when anything is lost.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from results import machine, write_section

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from made import hostile  # noqa: E402 - the tests' writers make them

NEIGHBOUR = "Lorbulin calms the liver of old mice, and nobody has said why it should."
_MEASURED = (
    "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); "
    "print('', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, sep='\\n', file=sys.stderr); sys.exit(code)"
)
"""A small process between: what a large one starts would count its memory as its own."""

SECRET = "Sesamoid words of another file."


@dataclass
class Outcome:
    """What came of a group in one command."""

    said: dict[str, Any]
    code: int
    seconds: float
    megabytes: float


def main() -> None:
    """Try all groups, and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depth", type=int, default=100_000)
    parser.add_argument("--bomb", type=int, default=60_000_000)
    parser.add_argument("--line", type=int, default=200_000_000)
    parser.add_argument("--read", type=int, default=2_000_000)
    parser.add_argument("--seconds", type=int, default=20)
    asked = parser.parse_args()
    rows, lost = [], []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "rag.toml").write_text(f"[reading]\nseconds = {asked.seconds}\n", encoding="utf-8")
        (place / "secret.txt").write_text(SECRET, encoding="utf-8")
        for name, documents in groups(asked, str(place / "secret.txt")):
            built, checked, missed = attempt(documents, place)
            lost += [f"{name}: {what}" for what in missed]
            rows.append(
                f"| {name} | {len(documents)} | {len(built.said['added']) - 1} | {len(built.said['skipped'])} | "
                f"{built.seconds:.1f} | {built.megabytes:.0f} | {checked.seconds:.1f} | {checked.megabytes:.0f} |"
            )
            print(rows[-1], flush=True)
    print("\n".join(lost))
    head = "| what | documents | read | left out | build s | peak MB | check s | peak MB |"
    foot = f"\nNeighbours or secrets lost: {len(lost)}. Peaks are those of the largest process. {machine()}"
    write_section("Hostile documents", "\n".join([head, "|---|---|---|---|---|---|---|---|", *rows, foot]))
    sys.exit(1 if lost else 0)


def groups(asked: argparse.Namespace, secret: str) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """Yield the groups by their names; the large ones one after the other, so that they are not held together."""
    yield "reaching for files outside", hostile.reaching_out(secret)
    yield f"bombs, of {asked.bomb:,} bytes", hostile.bombs(asked.bomb)
    yield f"nesting, {asked.depth:,} deep", hostile.nested(asked.depth)
    for name, make in hostile.long_lines(asked.line).items():
        if name in ("letters.txt", "letters.md", "tags.html"):
            yield f"{name}: a line of {asked.line:,} bytes", {name: make()}
    for name, make in hostile.long_lines(asked.read).items():
        if name in ("letters.txt", "letters.md", "brackets.md", "tags.html"):
            yield f"{name}: a line of {asked.read:,} bytes", {name: make()}
    for name, make in hostile.long_lines(100_000).items():  # which are read, and cut into passages
        if name.startswith("words"):
            yield f"{name}: a line of 100,000 bytes", {name: make()}


def attempt(documents: Mapping[str, bytes], place: Path) -> tuple[Outcome, Outcome, list[str]]:
    """Build and check a corpus of some documents and a neighbour; also say what was lost."""
    corpus, index = place / "corpus", place / "index"
    for old in corpus.glob("*") if corpus.is_dir() else ():
        old.unlink()
    corpus.mkdir(exist_ok=True)
    for name, data in documents.items():
        (corpus / name).write_bytes(data)
    (corpus / "neighbour.txt").write_text(NEIGHBOUR, encoding="utf-8")
    where = ["--corpus", str(corpus), "--index", str(index), "--json"]
    built = run(["build", *where, "--rebuild", "--quiet"], place)
    checked = run(["check", "--corpus", str(corpus), "--json"], place)
    lost = []
    if built.code not in (0, 1) or "neighbour.txt" not in built.said.get("added", []) + built.said.get("changed", []):
        lost.append(f"the build ended with {built.code}, and its neighbour is not in the index")
        built.said.setdefault("added", [""])
        built.said.setdefault("skipped", [])
    if checked.code not in (0, 1) or not checked.said:
        lost.append(f"the check ended with {checked.code}")
    answer = run(["query", "What does lorbulin calm?", *where, "--no-refresh"], place)
    if not any(quote["text"] == NEIGHBOUR for quote in answer.said.get("quotes", [])):
        lost.append("the neighbour is not quoted")
    for found in (built, checked, answer, run(["query", SECRET, *where, "--no-refresh", "--may-refuse", "0"], place)):
        if SECRET in json.dumps({**found.said, "question": "", "searched_as": "", "resolution": ""}):
            lost.append("a file outside was read")
    return built, checked, lost


def run(arguments: list[str], place: Path) -> Outcome:
    """Run a command of the program in a folder, and measure it."""
    began = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as out:
        command = [sys.executable, "-c", _MEASURED, sys.executable, "-m", "rag", *arguments]
        process = subprocess.run(command, cwd=place, stdout=out, stderr=subprocess.PIPE, env=environment)
        *complaint, peak = process.stderr.decode("utf-8", "replace").splitlines()
        out.seek(0)
        text = out.read().decode()
    if not text.startswith("{"):
        print(f"{arguments[0]} said: {complaint[-5:]}", file=sys.stderr)
    said = json.loads(text) if text.startswith("{") else {}
    return Outcome(said, process.returncode, time.perf_counter() - began, int(peak) / 1024)


if __name__ == "__main__":
    main()
