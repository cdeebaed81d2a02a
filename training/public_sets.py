"""Read the questions of `reader/train_clean.jsonl.gz`: whole tokens, short passages, spans carried."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from reader_rows import MOST_WORDS, Chance, Grain, Row, Span, Values, read_lines
from sentence_windows import is_long, likeliest, sentences, shortened, window
from token_joining import joined

LICENCES = {
    "boolq": "CC BY-SA",
    "condaqa": "Apache-2.0",
    "evidence_inference_v2": "MIT",
    "fairytaleqa": "Apache-2.0",
    "integreat_en": "CC BY 4.0",
    "medquad": "CC BY 4.0",
    "nq_open_oracle": "CC BY-SA",
    "nq_qed_dev": "CC BY-SA",
    "pubmedqa_l": "MIT",
    "qamr_devtest": "MIT",
    "quoref_parts": "not stated with the data",
    "selqa": "Apache-2.0",
    "squad1train_nqg": "CC BY-SA",
    "squad2train_adv_nqg": "CC BY-SA",
    "squad2train_unansq": "CC BY-SA",
    "squadshifts_new_wiki": "CC BY 4.0",
    "timeqa_human": "BSD-3-Clause",
}

EASY = {"qamr_devtest": 10_000}
"""How many of the positives of a source are kept at most."""

TOKENISED = frozenset(
    "squad1train_nqg squad2train_adv_nqg squad2train_unansq timeqa_human nq_qed_dev qamr_devtest".split()
)
SPACED_HYPHENS = frozenset({"squad2train_unansq", "nq_qed_dev"})
WITHOUT_TITLES = frozenset({"evidence_inference_v2"})
"""Sources whose titles are numbers."""

WEIGHTS = {"auto_neg_same_doc": 0.8}
"""How much a kind of row counts: what a machine has found less than what a person wrote."""

CUT_BLINDLY = 0.6
"""How much a passage counts that was cut although nobody knows where the answer stands."""


def public_rows(file: Path, chance: Chance) -> list[Row]:
    """Return the rows of the file, each with the group of passages that share sentences with its own."""
    lines = list(_kept(read_lines(file), chance))
    groups = grouped(line["passage"] for line in lines)
    rows = [_row(line, chance) for line in lines]
    return [replace(row, group=groups[line["passage"]]) for row, line in zip(rows, lines, strict=True)]


def _kept(lines: Iterator[Values], chance: Chance) -> Iterator[Values]:
    """Leave out easy positives above their number, by hash."""
    easy: defaultdict[str, list[Values]] = defaultdict(list)
    for line in lines:
        if line["answerable"] and line["source"] in EASY:
            easy[line["source"]].append(line)
        else:
            yield line
    for source, found in easy.items():
        yield from sorted(found, key=lambda line: chance.of("easy", line["id"]))[: EASY[source]]


def _row(line: Values, chance: Chance) -> Row:
    """Make a row: put together, then cut."""
    source, passage = line["source"], line["passage"]
    spans = _apart([(answer["start"], answer["start"] + len(answer["text"])) for answer in line["answers"]])
    for answer in line["answers"]:
        if passage[answer["start"] : answer["start"] + len(answer["text"])] != answer["text"]:
            raise ValueError(f"{line['id']}: {answer['text']!r} does not stand where it should")
    question = line["question"].strip()
    if source in TOKENISED:
        made = joined(passage, spans, hyphens=source in SPACED_HYPHENS)
        passage, spans = made.text, made.spans
        question = joined(question, hyphens=source in SPACED_HYPHENS).text
    if source == "fairytaleqa":
        passage = re.sub(r"(?<!\n)\n(?!\n)", " ", passage)
    spans = tuple(_without_space(passage, span) for span in spans)
    start, end, blind = _place(line["id"], question, passage, spans, line["answerable"], chance)
    passage, spans = passage[start:end], tuple((a - start, b - start) for a, b in spans if a >= start and b <= end)
    weight = WEIGHTS.get(line["kind"], 1.0) * (CUT_BLINDLY if blind else 1.0)
    return Row(
        line["id"],
        source,
        line["kind"],
        question,
        _context(source, line["title"]),
        passage,
        line["answerable"],
        spans,
        _grain(passage, spans, line["kind"]),
        round(weight, 2),
    )


def _place(
    id_: str, question: str, passage: str, spans: tuple[Span, ...], answers: bool, chance: Chance
) -> tuple[int, int, bool]:
    """Return where the passage is cut, and whether that was done without knowing where the answer stands."""
    if not is_long(passage):
        return 0, len(passage), False
    if spans:
        return *window(passage, spans[0], chance.of("window", id_)), False
    if answers:
        return *likeliest(passage, question), True
    starts = [start for start, _ in sentences(passage) if len(passage[start:].split()) >= MOST_WORDS // 2]
    return *shortened(passage, chance.one(starts or [0], "window", id_)), False


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Keep of spans that overlap the one named first."""
    kept: list[Span] = []
    for start, end in spans:
        if start < end and all(end <= a or start >= b for a, b in kept):
            kept.append((start, end))
    return tuple(kept)


def _without_space(text: str, span: Span) -> Span:
    """Return a span without the space at its ends."""
    held = text[slice(*span)]
    return span[0] + len(held) - len(held.lstrip()), span[1] - len(held) + len(held.rstrip())


def _grain(passage: str, spans: tuple[Span, ...], kind: str) -> Grain:
    if not spans:
        return "none"
    begins, ends = zip(*sentences(passage), strict=True)
    whole = all(start in begins and end in ends for start, end in spans)
    return "sentences" if kind == "sentence" or whole else "words"


def _context(source: str, title: str) -> str:
    """Return the title as a person would write it, a heading after it."""
    if source in WITHOUT_TITLES:
        return ""
    if source == "fairytaleqa":
        return title.replace("-", " ")
    if source == "quoref_parts":
        title = re.sub(r" \d+\Z", "", title)
    return title.replace("_", " ").replace(" / Abstract", "").replace(" / ", " > ").strip()


def grouped(passages: Iterable[str]) -> dict[str, str]:
    """Return the name of each passage's group: those that share a sentence of eight words, through others as well."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    def join(one: str, other: str) -> None:
        first, second = sorted((top(one), top(other)))
        above[second] = first

    seen: dict[str, str] = {}
    distinct = sorted(set(passages))
    for passage in distinct:
        above[passage] = passage
        parts = re.split(r"(?<=[.!?])\s|\n", passage)
        for key in (re.sub(r"\W+", "", part.casefold()) for part in (passage, *parts) if len(part.split()) >= 8):
            join(passage, seen.setdefault(key, passage))
    return {passage: top(passage) for passage in distinct}
