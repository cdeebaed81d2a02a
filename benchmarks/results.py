"""Keeps `benchmarks/RESULTS.md`: one section a benchmark, replaced when it is run again."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
_PACKAGES = ("onnxruntime", "faiss-cpu", "tantivy", "sentence-transformers", "torch")


def machine() -> str:
    """Say on what this was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; {packages}."


def write_section(title: str, body: str) -> None:
    """Put a section in its place, and print it."""
    section = f"## {title}\n\n{body}\n"
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Measured\n\nWritten by `make bench`.\n"
    pattern = re.compile(rf"## {re.escape(title)}\n.*?(?=\n## |\Z)", re.DOTALL)
    text = pattern.sub(lambda _: section, text) if pattern.search(text) else f"{text.rstrip()}\n\n{section}"
    RESULTS.write_text(text, encoding="utf-8")
    print(section)
