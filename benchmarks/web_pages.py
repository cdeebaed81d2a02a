"""How well the article of a web page is told from the rest of it, and whether any of it is lost.

    python benchmarks/web_pages.py DATA_DIR

DATA_DIR is laid out as scrapinghub/article-extraction-benchmark lays it out: `ground-truth.json` and `html/*.html.gz`.
The scores are those of its `evaluate.py`: runs of four words of an article, counted, each page weighing the same. What
is compared is the text of all blocks that are not furniture; the ground truth leaves titles out, so a second row does,
too. Trafilatura's own extraction is scored and timed beside it, on the same texts in the same run. Pages are told apart
in halves by a hash of their names: the rules of the reader were mended by what failed on the first half alone.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import trafilatura
from results import machine, write_section

from rag.readers.html.html_reader import read_html
from rag.readers.reading import Reading, SourceText

WORD = re.compile(r"\w+")
SHINGLE = 4

T = TypeVar("T")

Shares = tuple[float, float, float]
"""Of all shingles of a page's article and of what was taken for it: of both, of the latter, of the former."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    pages, articles = load(parser.parse_args().data)
    names = sorted(pages)
    trafilatura.extract(pages[names[0]])  # what is loaded once is no page's cost

    readings, reading_seconds = timed([lambda name=name: read_html(SourceText(pages[name])) for name in names])
    extracted, extracting_seconds = timed(
        [lambda name=name: trafilatura.extract(pages[name], include_comments=False) or "" for name in names]
    )
    texts = {
        "this reader, all of the article": [article_text(reading) for reading in readings],
        "this reader, without its title": [article_text(reading, with_title=False) for reading in readings],
        "trafilatura": extracted,
        "every visible word": [reading.text for reading in readings],
    }
    halves = {half: [i for i, name in enumerate(names) if half_of(name) == half] for half in (0, 1)}
    lines = ["| text | pages | precision | recall | F1 |", "|---|---|---|---|---|"]
    for what, found in texts.items():
        for label, chosen in (("all", range(len(names))), ("first half", halves[0]), ("second half", halves[1])):
            scores = precision_recall_f1([shares(articles[names[i]], found[i]) for i in chosen])
            figures = " | ".join(f"{score:.4f}" for score in scores)
            lines.append(f"| {what} | {len(chosen)} ({label}) | {figures} |")
    whole = [shares(articles[name], reading.text, 1) for name, reading in zip(names, readings, strict=True)]
    kept = precision_recall_f1(whole)[1]
    unmarked = sum(all(block.furniture is None for block in reading.blocks) for reading in readings)
    lines += [
        "",
        f"Words of the articles in the whole text, furniture included: {kept:.5f}. Pages on which nothing is marked: "
        f"{unmarked} of {len(names)}. Pages a second: this reader {len(names) / reading_seconds:.1f}, "
        f"trafilatura.extract {len(names) / extracting_seconds:.1f} (ours takes "
        f"{reading_seconds / extracting_seconds:.2f} times as long). "
        f"{machine()}",
    ]
    write_section("Web pages", "\n".join(lines))


def load(data: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the pages' texts and their articles by name."""
    pages = {
        file.name.removesuffix(".html.gz"): gzip.decompress(file.read_bytes()).decode("utf-8").replace("\r\n", "\n")
        for file in sorted((data / "html").glob("*.html.gz"))
    }
    truth = json.loads((data / "ground-truth.json").read_text(encoding="utf-8"))
    return pages, {name: truth[name].get("articleBody", "") for name in pages}


def half_of(name: str) -> int:
    """Return 0 or 1, by a hash of a page's name."""
    return hashlib.sha256(name.encode()).digest()[-1] % 2


def article_text(reading: Reading, *, with_title: bool = True) -> str:
    """Return the text of the blocks that are not furniture, with the heading that is the page's title or without it."""
    blocks = [block for block in reading.blocks if block.furniture is None]
    texts = [reading.text[block.start : block.end] for block in blocks]
    if not with_title:
        called = " ".join(WORD.findall((reading.title or "").lower()))
        for index, block in enumerate(blocks):
            is_first = block.kind == "heading" and len(block.section) == 1
            if is_first and " ".join(WORD.findall(texts[index].lower())) in called:
                del texts[index]
                break
    return "\n".join(texts)


def shares(article: str, found: str, size: int = SHINGLE) -> Shares:
    """Compare what was found with the article, by their shingles of so many words."""
    of_article, of_found = _shingles(article, size), _shingles(found, size)
    counts = [(of_article & of_found), (of_found - of_article), (of_article - of_found)]
    total = sum(count.total() for count in counts) or 1
    both, extra, missing = (count.total() / total for count in counts)
    return both, extra, missing


def precision_recall_f1(pages: Sequence[Shares]) -> tuple[float, float, float]:
    """Return the means over the pages, and their harmonic mean."""
    precision = statistics.mean(both / (both + extra) for both, extra, _ in pages if both + extra)
    recall = statistics.mean(both / (both + missing) for both, _, missing in pages if both + missing)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _shingles(text: str, size: int) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(filter(None, (tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))))


def timed(calls: Sequence[Callable[[], T]]) -> tuple[list[T], float]:
    """Return what the calls return, and how many seconds they took, the faster of two rounds."""
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        results = [call() for call in calls]
        seconds.append(time.perf_counter() - began)
    return results, min(seconds)


if __name__ == "__main__":
    main()
