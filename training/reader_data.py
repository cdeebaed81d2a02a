"""Makes what a small reader is trained on: questions with passages, whether these answer, and which words do.

    python training/reader_data.py DATA_DIR TARGET_DIR [--seed N]

DATA_DIR holds `reader/train_clean.jsonl.gz` and `medquad` as they are distributed; what is made of them is not ours
and may not lie in the project. `train`, `dev` and `held_out` are written as `.jsonl.gz`, one `reader_rows.Row` a line.
All choices are made by hashes, so the same data and seed give the same files everywhere.

Four ingredients: the questions of others (`public_sets`), edits of them that are answered no more (`question_edits`)
and other passages (`other_passages`), aspects of health topics (`health_questions`), and the styles in which people
type (`question_styles`). No passage of `dev` shares a long sentence with one of `train`; `held_out` has topics
and wordings that neither of them has. `public_sets.LICENCES` names the licence of each source.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from health_questions import HealthRows
from health_topics import health_answers
from other_passages import SHARES as OTHER_SHARES
from other_passages import with_other_passages
from public_sets import LICENCES, TOKENISED, public_rows
from question_edits import MOST, edited, material, names_of
from question_styles import asked_again
from reader_rows import Chance, Row, write_rows

ROOT = Path(__file__).resolve().parents[1]
DEVELOPMENT = 0.02
MOST_EDITS = 25_000
HEALTH_POSITIVES, HEALTH_BY_ASPECT, HEALTH_BY_TOPIC = 20_000, 12_500, 12_500
HEALTH_DEVELOPMENT = (440, 280, 280)
HELD_OUT = (1_500, 1_500, 1_500)
"""How many positives, negatives by aspect and negatives by topic there are in a part."""


def made(data: Path, seed: int) -> dict[str, list[Row]]:
    """Return the rows of each file."""
    chance = Chance(f"reader {seed}")
    rows = with_edits(public_rows(data / "reader/train_clean.jsonl.gz", chance), chance)
    for source in sorted(OTHER_SHARES):
        rows += with_other_passages([row for row in rows if row.source == source and "edited" not in row.kind], chance)
    parts: dict[str, list[Row]] = {"train": [], "dev": []}
    for row in rows:
        parts["dev" if chance.of("dev", row.group) < DEVELOPMENT else "train"].append(row)
    health = health_answers(data, chance)
    sizes = (HEALTH_POSITIVES, HEALTH_BY_ASPECT, HEALTH_BY_TOPIC)
    parts["train"] += _health(HealthRows(health["train"], "training", chance, strict=False), sizes)
    parts["dev"] += _health(HealthRows(health["dev"], "training", chance, strict=True), HEALTH_DEVELOPMENT)
    parts = {name: _consistent(with_styles(found, chance)) for name, found in parts.items()}
    trained = {row.passage for row in parts["train"]}
    parts["dev"] = [row for row in parts["dev"] if row.passage not in trained]
    known = {row.passage for found in parts.values() for row in found}
    held_out = _health(HealthRows(health["held out"], "held_out", chance, strict=True), tuple(2 * n for n in HELD_OUT))
    parts["held_out"] = _first([row for row in held_out if row.passage not in known], HELD_OUT)
    return parts


def with_edits(rows: Sequence[Row], chance: Chance) -> list[Row]:
    """Return the rows, each edited question beside its original; at most so many edits, by hash."""
    cased = [row for row in rows if row.source not in TOKENISED]
    known_names = names_of(cased)
    by_source: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_source[row.source].append(row)
    lent = {source: material(found, known_names) for source, found in by_source.items()}
    answered = {(row.question.casefold(), row.passage) for row in rows if row.answers}
    edits: dict[str, Row] = {}
    kinds: Counter[str] = Counter()
    for row in sorted((row for row in rows if row.answers and row.spans), key=lambda row: chance.of("edit", row.id)):
        if len(edits) == MOST_EDITS:
            break
        edit = edited(row, lent[row.source], chance, {kind for kind, most in MOST.items() if kinds[kind] == most})
        if edit and (edit.question.casefold(), edit.passage) not in answered:
            edits[row.id] = edit
            kinds[edit.kind] += 1
    return [each for row in rows for each in (row, edits.get(row.id) if row.answers else None) if each is not None]


def with_styles(rows: Iterable[Row], chance: Chance) -> list[Row]:
    """Return the rows, some of them asked a second time in another style."""
    return [each for row in rows for each in (row, asked_again(row, chance)) if each is not None]


def counts(rows: Iterable[Row]) -> str:
    """Return how many rows of each source and kind there are, in a table."""
    found: defaultdict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for row in rows:
        found[row.source, row.kind][row.answers] += 1
        found[row.source, "all"][row.answers] += 1
        found["all", "all"][row.answers] += 1
    lines = [f"{'source':<24}{'kind':<24}{'answers':>9}{'does not':>9}{'share':>7}  licence"]
    for (source, kind), count in sorted(found.items()):
        share = count[True] / count.total()
        licence = LICENCES.get(source, "") if kind == "all" else ""
        lines.append(f"{source:<24}{kind:<24}{count[True]:>9}{count[False]:>9}{share:>7.0%}  {licence}".rstrip())
    return "\n".join(lines)


def _health(rows: HealthRows, sizes: Sequence[int]) -> list[Row]:
    positives = rows.positives(sizes[0])
    return positives + rows.negatives(positives, sizes[1], sizes[2])


def _first(rows: Sequence[Row], sizes: Sequence[int]) -> list[Row]:
    return [row for kind, n in zip(("positive", "aspect", "topic"), sizes, strict=True) for row in _of(rows, kind)[:n]]


def _of(rows: Sequence[Row], kind: str) -> list[Row]:
    return [row for row in rows if row.kind == kind]


def _consistent(rows: Sequence[Row]) -> list[Row]:
    """Leave out what is asked twice of the same passage, and what is said to be answered and not."""
    labels: defaultdict[tuple[str, str, str], set[bool]] = defaultdict(set)
    for row in rows:
        labels[row.question.casefold(), row.context, row.passage].add(row.answers)
    kept: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        key = (row.question.casefold(), row.context, row.passage)
        if len(labels[key]) == 1:
            kept.setdefault(key, row)
    return list(kept.values())


def _numbered(rows: Iterable[Row]) -> list[Row]:
    """Give rows whose names are the same names of their own."""
    seen: Counter[str] = Counter()
    named = []
    for row in rows:
        seen[row.id] += 1
        named.append(row if seen[row.id] == 1 else replace(row, id=f"{row.id} ({seen[row.id]})"))
    return named


def main() -> None:
    """Make the files and print what is in them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path)
    parser.add_argument("target", metavar="TARGET_DIR", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.target.resolve().is_relative_to(ROOT):
        parser.error("TARGET_DIR is inside the project, where other people's data may not lie. Choose another.")
    options.target.mkdir(parents=True, exist_ok=True)
    for name, rows in made(options.data, options.seed).items():
        write_rows(options.target / f"{name}.jsonl.gz", _numbered(rows))
        print(f"\n{name}: {len(rows)} rows\n{counts(rows)}")


if __name__ == "__main__":
    main()
