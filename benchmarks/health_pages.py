"""Makes a small corpus of whole pages from public data: sixty topics of `medquad`, a Markdown document a topic.

    python benchmarks/health_pages.py DATA_DIR TARGET_DIR

What is made is not ours and may not lie in the project. Topics are chosen by hashes of their names, so the same data
gives the same files everywhere: those of three answers or more, and of 1,500 to 15,000 characters, each name once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import defaultdict
from pathlib import Path

SEED = "pages 1"
DOCUMENTS = 60
FEWEST_ANSWERS = 3
SHORTEST, LONGEST = 1_500, 15_000
OF_RARE_COLLECTIONS = 40
"""How many of the documents come from collections other than the two great ones on rare and genetic diseases."""

HEADINGS = {
    "information": "Overview",
    "genetic changes": "Genetic changes",
    "exams and tests": "Tests and diagnosis",
    "susceptibility": "Who gets it",
    "considerations": "What to keep in mind",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    for name, text in pages(options.data / "medquad"):
        (options.target / f"{name}.md").write_text(text, encoding="utf-8")


def pages(folder: Path) -> list[tuple[str, str]]:
    """Return the chosen topics as names and Markdown texts."""
    questions = {line["_id"]: line for line in _lines(folder / "questions.jsonl")}
    topics: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in _lines(folder / "corpus.jsonl"):
        question = questions.get(line["_id"])
        if question:
            topics[line["_id"].rsplit("-", 1)[0]].append((question["qtype"], line["text"]))
            names[line["_id"].rsplit("-", 1)[0]] = question["focus"]
    fitting = [
        id_
        for id_, answers in topics.items()
        if len(answers) >= FEWEST_ANSWERS and SHORTEST <= sum(len(text) for _, text in answers) <= LONGEST
    ]
    fitting.sort(key=_chance)
    rare = [id_ for id_ in fitting if id_.startswith(("GARD", "GHR"))]
    others = [id_ for id_ in fitting if not id_.startswith(("GARD", "GHR"))]
    chosen, seen = [], set()
    for group, most in ((others, OF_RARE_COLLECTIONS), (rare, DOCUMENTS)):
        for id_ in group:
            key = re.sub(r"\W+", " ", names[id_].casefold()).strip()
            if key not in seen and len(chosen) < most:
                seen.add(key)
                chosen.append(id_)
    return [(_slug(names[id_]), _page(names[id_], topics[id_])) for id_ in sorted(chosen)]


names: dict[str, str] = {}


def _page(title: str, answers: list[tuple[str, str]]) -> str:
    parts = [f"# {title}"]
    for qtype, text in answers:
        parts += [f"## {HEADINGS.get(qtype, qtype.capitalize())}", re.sub(r"\s*\n\s*", "\n\n", text.strip())]
    return "\n\n".join(parts) + "\n"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60]


def _chance(name: str) -> str:
    return hashlib.sha256(f"{SEED} {name}".encode()).hexdigest()


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
