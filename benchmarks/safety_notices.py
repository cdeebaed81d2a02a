"""What the safety notices cost a question: choosing them, on questions of a data folder, and loading the rules.

    python benchmarks/safety_notices.py DATA_DIR

`DATA_DIR` holds `nfcorpus/queries.jsonl`, `scifact/queries.jsonl` and `safety/medication_questions.jsonl`; the urgent
questions are those of the tests. Each is asked once to compile what it needs, and then measured.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from results import machine, write_section

from rag.safety.notices import called_for

EXAMPLES = Path(__file__).resolve().parents[1] / "tests" / "data" / "safety"
COLD_RUNS = 15
_COLD = """
import time, rag.types
began = time.perf_counter()
from rag.safety.notices import called_for
called_for("Who should not take magnesium?")
print(time.perf_counter() - began)
"""


def main() -> None:
    """Measure and write the section."""
    folder = Path(sys.argv[1])
    names = ("nfcorpus/queries.jsonl", "scifact/queries.jsonl", "safety/medication_questions.jsonl")
    asked = [
        json.loads(line)["text"] for name in names for line in (folder / name).read_text(encoding="utf-8").splitlines()
    ]
    urgent = [
        line.split("\t")[1]
        for name in ("unseen", "worked_from")
        for line in (EXAMPLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        if not line.startswith(("#", "none"))
    ]
    rows = [row("questions", asked), row("urgent questions", urgent), row("2,000 characters", long_ones(asked))]
    cold = [
        float(subprocess.run([sys.executable, "-c", _COLD], capture_output=True, check=True).stdout)
        for _ in range(COLD_RUNS)
    ]
    table = "\n".join(("| what | questions | mean ms | median | 99% below |", "|---|---|---|---|---|", *rows))
    first = f"In a process of its own, with importing and reading the rules: {statistics.median(cold) * 1000:.0f} ms."
    write_section("Safety notices", f"{table}\n\n{first} {machine()}")


def row(what: str, asked: Sequence[str]) -> str:
    """Return a line of the table; the first pass compiles what is needed and is not counted."""
    for question in asked:
        called_for(question)
    took = []
    for question in asked:
        began = time.perf_counter()
        called_for(question)
        took.append((time.perf_counter() - began) * 1000)
    return (
        f"| {what} | {len(asked)} | {statistics.mean(took):.2f} | {statistics.median(took):.2f} "
        f"| {statistics.quantiles(took, n=100)[98]:.2f} |"
    )


def long_ones(asked: Sequence[str]) -> list[str]:
    """Return questions as long as any that is read."""
    together = " ".join(asked)
    return [together[at : at + 2000] for at in range(0, 100_000, 2000)]


if __name__ == "__main__":
    main()
