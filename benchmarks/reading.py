"""How much of public documents' text the readers find, in order, by format.

    python benchmarks/reading.py DATA_DIR

DATA_DIR is searched for documents with the text that is expected of them beside, in Markdown: `x.docx` with
`x.docx.md`, or `x.pdf` with `x.expected.md`. The figure is the share of the expected words that stand in
`Document.text` in the same order (their longest common subsequence). Marks of Markdown and HTML are no words of
the expected text; nor are formulas in LaTeX, which is another notation, nor what only stands for a picture. A cell of
several words that says the same as the one before it or above it is taken for the rest of a merged cell, which Markdown
can only say again. How many formulas and cells were left out in this way stands in the table.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rapidfuzz.distance import LCSseq

from rag.errors import UnreadableDocument
from rag.readers.registry import read_document
from rag.types import Source

GOOD = 0.98

_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^()\s]*\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~$&-])")
_CHECKBOX = re.compile(r"- \[[ xX]\] ")
_MARK = re.compile(r"[*`~|]+|(?m:^#+ )")
_BROKEN_WORD = re.compile(r"(?<=\w)-\n(?=[^\W\d_])")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Figure:
    """What was found of one document: of `expected` words, `found` in order; `refused` says why it was not read."""

    path: Path
    expected: int
    found: int
    size: int
    seconds: float
    formulas: int
    cells: int
    refused: str = ""

    @property
    def kind(self) -> str:
        """The format, by the suffix."""
        return self.path.suffix.lower()


def words(text: str) -> list[str]:
    """Return what is compared of a text: runs of letters and figures, as they are written."""
    return _WORD.findall(text)


def expected_words(markdown: str) -> tuple[list[str], int, int]:
    """Return the words of an expected text without its marks, and how many formulas and cells were left out of them."""
    text, formulas = _FORMULA.subn(" ", markdown)
    text, cells = _merged_once(text)
    for mark, instead in (
        (_TAG, " "),
        (_PICTURE, " "),
        (_LINK, r"\1"),
        (_ESCAPED, r"\1"),
        (_CHECKBOX, ""),
        (_MARK, ""),
    ):
        text = mark.sub(instead, text)
    return words(html.unescape(text)), formulas, cells


def _merged_once(markdown: str) -> tuple[str, int]:
    """Leave out the repetitions of merged cells, and count them."""
    lines, above, repeated = [], [""], 0
    for line in markdown.split("\n"):
        row = line.split("|") if line.startswith("|") else []
        before = ["", *row]
        again = [
            len(words(cell)) > 1 and (cell == before[index] or above[index : index + 1] == [cell])
            for index, cell in enumerate(row)
        ]
        lines.append(
            "|".join("" if repeats else cell for cell, repeats in zip(row, again, strict=True)) if row else line
        )
        above, repeated = row, repeated + sum(again)
    return "\n".join(lines), repeated


def figures(folder: Path) -> Iterator[Figure]:
    """Read all documents of a folder that have an expected text beside them, in the order of their paths."""
    for path in sorted(folder.rglob("*")):
        beside = path.with_name(f"{path.name}.md")
        if path.suffix == ".pdf" and not beside.exists():
            expected = path.with_suffix(".expected.md")
            beside = expected if expected.exists() else path.with_suffix(".md")
        if path.suffix != ".md" and beside.is_file():
            yield figure(path, beside.read_text(encoding="utf-8"))


def figure(path: Path, markdown: str) -> Figure:
    """Measure one document against its expected text."""
    data = path.read_bytes()
    expected, formulas, cells = expected_words(markdown)
    began = time.perf_counter()
    try:
        text = read_document(Source(path.name, hashlib.sha256(data).hexdigest()), data).text
        refused = ""
    except UnreadableDocument as error:
        text, refused = "", str(error)
    if path.suffix == ".pdf":
        text = _BROKEN_WORD.sub("", text)  # what is expected has the words whole
    seconds = time.perf_counter() - began
    found = LCSseq.similarity(expected, words(text))
    return Figure(path, len(expected), found, len(data), seconds, formulas, cells, refused)


def main() -> None:
    """Print the table by format, and a line for each document that falls short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DATA_DIR")
    folder = parser.parse_args().folder
    found = sorted(figures(folder), key=lambda one: (one.kind, one.path))
    print("| format | documents | refused | expected words | found in order | formulas, merged cells left out | MB/s |")
    print("|---|---|---|---|---|---|---|")
    for kind, group in groupby(found, key=lambda one: one.kind):
        ones = list(group)
        expected = sum(one.expected for one in ones)
        share = sum(one.found for one in ones) / max(expected, 1)
        speed = sum(one.size for one in ones) / 1e6 / sum(one.seconds for one in ones)
        refused = sum(bool(one.refused) for one in ones)
        left_out = f"{sum(one.formulas for one in ones)}, {sum(one.cells for one in ones)}"
        print(f"| {kind} | {len(ones)} | {refused} | {expected} | {share:.4f} | {left_out} | {speed:.1f} |")
    print(f"\n| below {GOOD} | expected words | found in order | refused because |")
    print("|---|---|---|---|")
    for one in found:
        if one.found < GOOD * one.expected:
            share = one.found / one.expected
            print(f"| {one.path.relative_to(folder)} | {one.expected} | {share:.4f} | {one.refused} |")


if __name__ == "__main__":
    main()
