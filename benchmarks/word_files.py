"""How long reading Word files takes, beside python-docx's own bare extraction of paragraphs and cells.

    python benchmarks/word_files.py [FILE.docx …]

Without files, documents of a known make are written for it. The fastest of five runs counts, both in the same process.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

import docx

from rag.readers.word.docx_reader import read_docx


def main() -> None:
    """Print a line a document."""
    named = {Path(path).name: Path(path).read_bytes() for path in sys.argv[1:]}
    made = {"4,000 paragraphs": _written(4_000, 0), "10 tables": _written(0, 10), "both": _written(2_000, 6)}
    print("| document | MB | blocks | python-docx ms | read_docx ms | ratio | blocks a second |")
    print("|---|---|---|---|---|---|---|")
    for name, data in (named or made).items():
        bare, own = _fastest(_bare, data), _fastest(read_docx, data)
        blocks = len(read_docx(data).blocks)
        times = f"{bare * 1e3:.1f} | {own * 1e3:.1f} | {own / bare:.2f} | {blocks / own:.0f}"
        print(f"| {name} | {len(data) / 1e6:.2f} | {blocks} | {times} |")


def _written(paragraphs: int, tables: int) -> bytes:
    document = docx.Document()
    for number in range(paragraphs):
        if number % 20 == 0:
            document.add_heading(f"Section {number}", 1 + number % 3)
        paragraph = document.add_paragraph(f"Sentence {number} of a document that nobody reads, ")
        paragraph.add_run("some words of it in bold").bold = True
        paragraph.add_run(", and the rest as it comes.")
        if number % 10 == 0:
            document.add_paragraph(f"An item {number}", "List Bullet")
    for number in range(tables):
        table = document.add_table(rows=30, cols=5)
        for row, cells in enumerate(table.rows):
            for column, cell in enumerate(cells.cells):
                cell.text = f"Cell {number} {row} {column}"
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _bare(data: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def _fastest(run: Callable[[bytes], object], data: bytes) -> float:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        run(data)
        times.append(time.perf_counter() - began)
    return min(times)


if __name__ == "__main__":
    main()
