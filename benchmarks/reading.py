"""How much of public documents' text the readers find, in order, by format.

    python benchmarks/reading.py DATA_DIR

DATA_DIR is searched for documents with the text that is expected of them beside, in Markdown: `x.docx` with
`x.docx.md`, or `x.pdf` with `x.expected.md`. The figure is the share of the expected words that stand in
`Document.text` in the same order (their longest common subsequence). Marks of Markdown and HTML are no words of
the expected text; nor are formulas in LaTeX, which is another notation, nor what only stands for a picture. A cell of
several words that says the same as the one before it or above it is taken for the rest of a merged cell, which Markdown
can only say again. How many formulas and cells were left out in this way stands in the table. Beside the time of each
format stands that of its bare library in the same run, the fastest of three for each document: PDFium's text of all
pages, python-docx's paragraphs and cells, lxml's text of an e-book's pages without anything told apart.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import html
import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import docx
import pypdfium2
from lxml import etree
from rapidfuzz.distance import LCSseq
from results import machine, write_section

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import Source
from rag.readers.registry import read_document

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
    bare_seconds: float
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
    source = Source(path.name, hashlib.sha256(data).hexdigest())
    seconds = bare_seconds = 0.0
    try:
        text = read_document(source, data).text
        refused = ""
        seconds = fastest(lambda: read_document(source, data))
        with contextlib.suppress(KeyError):  # python-docx opens neither Strict files nor some others
            bare_seconds = fastest(lambda: BARE[path.suffix](data))
    except UnreadableDocument as error:
        text, refused = "", str(error)
    if path.suffix == ".pdf":
        text = _BROKEN_WORD.sub("", text)  # what is expected has the words whole
    found = LCSseq.similarity(expected, words(text))
    return Figure(path, len(expected), found, len(data), seconds, bare_seconds, formulas, cells, refused)


def fastest(run: Callable[[], object], times: int = 3) -> float:
    """Return the seconds of the fastest of some runs."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return min(took)


def pdf_text(data: bytes) -> list[str]:
    """Return what PDFium gives of each page."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()


def word_text(data: bytes) -> list[str]:
    """Return what python-docx gives of paragraphs and cells."""
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def book_text(data: bytes) -> list[str]:
    """Return the text of all pages of an e-book, as lxml gives it."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        pages = [book.read(name) for name in book.namelist() if name.endswith(("html", "htm"))]
    return ["".join(etree.fromstring(page, etree.XMLParser(recover=True)).itertext()) for page in pages]


BARE: dict[str, Callable[[bytes], list[str]]] = {".pdf": pdf_text, ".docx": word_text, ".epub": book_text}


def main() -> None:
    """Print the table by format, and a line for each document that falls short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DATA_DIR")
    folder = parser.parse_args().folder
    found = sorted(figures(folder), key=lambda one: (one.kind, one.path))
    lines = [
        "| format | documents | refused | expected words | found in order | formulas, merged cells left out | MB/s "
        "| times the bare library's |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind, group in groupby(found, key=lambda one: one.kind):
        ones = list(group)
        expected = sum(one.expected for one in ones)
        share = sum(one.found for one in ones) / max(expected, 1)
        speed = sum(one.size for one in ones if not one.refused) / 1e6 / sum(one.seconds for one in ones)
        bare = sum(one.bare_seconds for one in ones)
        beside = sum(one.seconds for one in ones if one.bare_seconds) / bare
        refused = sum(bool(one.refused) for one in ones)
        left_out = f"{sum(one.formulas for one in ones)}, {sum(one.cells for one in ones)}"
        lines.append(
            f"| {kind} | {len(ones)} | {refused} | {expected} | {share:.4f} | {left_out} | {speed:.1f} | {beside:.2f} |"
        )
    lines += ["", f"| below {GOOD} | expected words | found in order | refused because |", "|---|---|---|---|"]
    for one in found:
        if one.found < GOOD * one.expected:
            share = one.found / one.expected
            lines.append(f"| {one.path.relative_to(folder)} | {one.expected} | {share:.4f} | {one.refused} |")
    write_section("Reading documents", "\n".join((*lines, "", machine())))


if __name__ == "__main__":
    main()
