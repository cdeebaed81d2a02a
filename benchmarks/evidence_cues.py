"""How right the evidence cues are, how many dose figures are found, and what cues cost: on passages that were read.

    python benchmarks/evidence_cues.py DATA_DIR

`DATA_DIR` holds `medquad/corpus.jsonl` and `nfcorpus/corpus.jsonl`. Beside this file lie our verdicts, as offsets
into their texts: `judged_cues.jsonl`, for passages drawn at random, what the rules of the time labelled, right or
wrong; `marked_doses.jsonl`, for sentences drawn at random from those with a figure and a unit, every dose figure in
them. What the rules label now and nobody has judged is counted apart and in no share. The rules were mended by these
verdicts afterwards: the shares say that nothing got worse, not how they do on other texts.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from results import machine, write_section

from rag.core.types.documents import AUTHOR, Document, Source
from rag.core.types.passages import Passage
from rag.readers.registry import read_document
from rag.text.labels.cues import labels
from rag.text.labels.doses import dose_spans
from rag.text.splitting import sentence_spans

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Verdicts:
    """By kind: how many cues of now were judged right and wrong, and how many were not judged."""

    right: Counter[str]
    wrong: Counter[str]
    unjudged: Counter[str]

    def precision(self, kind: str) -> float:
        """Return the share of the judged cues of a kind that are right."""
        return self.right[kind] / max(1, self.right[kind] + self.wrong[kind])


@dataclass(frozen=True, slots=True)
class DoseFigures:
    """How many dose figures were marked, how many of them are found, and how many of what is found were marked."""

    marked: int
    recall: float
    precision: float


def main() -> None:
    """Measure and write the section."""
    texts = read_texts(Path(sys.argv[1]))
    verdicts, doses = judge(texts), mark(texts)
    rows = [
        f"| {kind} | {verdicts.right[kind] + verdicts.wrong[kind]} | {verdicts.precision(kind):.3f} "
        f"| {verdicts.unjudged[kind]} |"
        for kind in sorted(verdicts.right)
    ]
    took = [milliseconds(document, passage) for document, passage, _ in judged_passages(texts)]
    table = "\n".join(("| kind | judged | right | not judged |", "|---|---|---|---|", *rows))
    write_section(
        "Evidence cues",
        f"{table}\n\nOf {doses.marked} dose figures marked by hand {doses.recall:.1%} are found; of those found, "
        f"{doses.precision:.1%} were marked. A passage's cues take {statistics.mean(took):.2f} ms "
        f"(median {statistics.median(took):.2f}, 99% below {statistics.quantiles(took, n=100)[98]:.2f}, {len(took)} "
        f"passages). {machine()}",
    )


def read_texts(folder: Path) -> Mapping[tuple[str, str], str]:
    """Return the texts of both sets by set and id."""
    return {
        (name, row["_id"]): row["text"]
        for name in ("medquad", "nfcorpus")
        for row in map(json.loads, (folder / name / "corpus.jsonl").read_text(encoding="utf-8").splitlines())
    }


def judged_passages(texts: Mapping[tuple[str, str], str]) -> Iterator[tuple[Document, Passage, dict[str, Any]]]:
    """Yield each passage that was read, in its document, with the verdicts on it."""
    for row in lines("judged_cues"):
        document = document_of(texts[row["set"], row["id"]])
        yield document, passage_of(document, row["start"], row["end"]), row


def judge(texts: Mapping[tuple[str, str], str]) -> Verdicts:
    """Compare the cues of now with the verdicts; a cue is judged as the one of its kind that it overlaps with."""
    found = Verdicts(Counter(), Counter(), Counter())
    for document, passage, row in judged_passages(texts):
        for kind, first, after in labels(document, passage).cues:
            if kind in row["kinds"]:
                found_in = {
                    verdict
                    for verdict in ("right", "wrong")
                    for other, start, end in row[verdict]
                    if other == kind and start < after and end > first
                }
                verdict = "wrong" if "wrong" in found_in else "right" if found_in else "unjudged"
                getattr(found, verdict)[kind] += 1
    return found


def mark(texts: Mapping[tuple[str, str], str]) -> DoseFigures:
    """Compare the dose figures found with those marked."""
    marked = found = hit = right = 0
    for row in lines("marked_doses"):
        spans = dose_spans(texts[row["set"], row["id"]], row["start"], row["end"])
        marked, found = marked + len(row["doses"]), found + len(spans)
        hit += sum(any(a < end and b > start for a, b in spans) for start, end in row["doses"])
        right += sum(any(a < end and b > start for start, end in row["doses"]) for a, b in spans)
    return DoseFigures(marked, hit / marked, right / found)


def milliseconds(document: Document, passage: Passage) -> float:
    """Return what a passage's cues take, once its patterns are compiled."""
    labels(document, passage)
    began = time.perf_counter()
    labels(document, passage)
    return (time.perf_counter() - began) * 1000


def document_of(text: str) -> Document:
    """Return a text as it is read."""
    data = text.encode()
    return read_document(Source("text.txt", sha256(data).hexdigest()), data)


def passage_of(document: Document, start: int, end: int) -> Passage:
    """Return a stretch of a document as a passage."""
    sentences = tuple(
        span
        for block in document.blocks
        if block.start < end and block.end > start and block.kind != "heading"
        for span in sentence_spans(document.text, max(start, block.start), min(end, block.end))
    )
    return Passage("", document.id, start, end, sentences, (), AUTHOR, None, None)


def lines(name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one of our files of verdicts."""
    yield from map(json.loads, (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    main()
