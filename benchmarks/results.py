"""Keeps `benchmarks/RESULTS.md`: one section a benchmark, replaced when it is run again.

The first section puts each target beside the figure that was measured last; those figures are kept in `figures.json`.
"""

from __future__ import annotations

import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
FIGURES = Path(__file__).with_name("figures.json")
TARGETS = {
    "cold_starter_s": ("a cold question, starter corpus, s", "at most", 0.6),
    "cold_100000_s": ("a cold question, 100,000 passages, s", "at most", 0.9),
    "warm_10000_ms": ("a warm question, 10,000 passages, median ms", "at most", 10),
    "warm_100000_ms": ("a warm question, 100,000 passages, median ms", "at most", 15),
    "warm_1000000_ms": ("a warm question, 1,000,000 passages, median ms", "at most", 30),
    "memory_1000000_mb": ("memory to ask, 1,000,000 passages, MB", "at most", 1024),
    "recall_100000": ("recall@10 of the dense index, 100,000 passages", "at least", 0.98),
    "recall_1000000": ("recall@10 of the dense index, 1,000,000 passages", "at least", 0.98),
    "changed_s": ("a build after one of 10,000 documents changed, s", "at most", 2),
    "bulk_ratio": ("encoding in bulk (`--precision auto`), times sentence-transformers", "at least", 4),
}
_PACKAGES = ("onnxruntime", "faiss-cpu", "tantivy", "sentence-transformers", "torch")


def machine() -> str:
    """Say on what this was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {_processor()}; {packages}."


def _processor() -> str:
    """Return what the processor calls itself where the system says so, and whether it multiplies in bfloat16."""
    facts = Path("/proc/cpuinfo")
    text = facts.read_text(encoding="utf-8") if facts.exists() else ""
    name = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    extras = [extra for extra in ("avx512_bf16", "amx_bf16") if re.search(rf"\b{extra}\b", text)]
    return " ".join((name[1] if name else platform.machine(), *extras))


def write_section(title: str, body: str) -> None:
    """Put a section in its place, and print it."""
    section = f"## {title}\n\n{body}\n"
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Measured\n\nWritten by `make bench`.\n"
    pattern = re.compile(rf"## {re.escape(title)}\n.*?(?=\n## |\Z)", re.DOTALL)
    text = pattern.sub(lambda _: section, text) if pattern.search(text) else f"{text.rstrip()}\n\n{section}"
    RESULTS.write_text(text, encoding="utf-8")
    print(section)


def keep(name: str, figure: float) -> None:
    """Keep a figure that has a target, and write the table of all that were measured."""
    figures = {**(json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}), name: round(figure, 4)}
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    rows = ["| what | target | measured | |", "|---|---|---|---|"]
    for key, (what, bound, target) in TARGETS.items():
        if key in figures:
            met = figures[key] <= target if bound == "at most" else figures[key] >= target
            rows.append(f"| {what} | {bound} {target} | {figures[key]:.3g} | {'met' if met else 'missed'} |")
    write_section("Targets", "\n".join(rows))
