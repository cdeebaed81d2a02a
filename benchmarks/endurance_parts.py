"""What the campaigns of `make endure` share: a small corpus, what an index answers, and how tries are counted."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rebuild import document

from rag.answer.engine import Engine
from rag.core.config import Settings
from rag.core.system.files import UNFINISHED
from rag.index.folder import IndexFolder

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = (
    "How does magnesium act on the NMDA receptor?",
    "Does memantine help depression?",
    "What is excitotoxicity?",
    "Who should not take magnesium?",
    "How tall is the Eiffel tower?",
)


@dataclass
class Line:
    """One line of the report: how many were tried, what became of them, and what was lost."""

    what: str
    tried: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def count(self, name: str, outcome: str, problems: list[str]) -> None:
        """Count one try: it is lost if there is any problem."""
        self.tried += 1
        self.seen[outcome] += 1
        if problems:
            print(f"lost: {name}: {'; '.join(problems)}"[:400], file=sys.stderr)
            self.lost.append(f"{name}: {'; '.join(problems)}"[:400])

    def record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {"what": self.what, "tried": self.tried, "seen": dict(self.seen), "lost": self.lost}

    def row(self) -> str:
        """Return the row of the table."""
        seen = ", ".join(f"{count} {outcome}" for outcome, count in self.seen.most_common())
        return f"| {self.what} | {self.tried} | {len(self.lost)} | {seen} |"


def make_corpus(folder: Path, documents: int) -> Settings:
    """Write a small corpus of different documents with questions of its own; return its settings."""
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    settings.corpus.mkdir(parents=True)
    for number in range(documents):
        change(settings, number, number)
    return settings


def change(settings: Settings, number: int, seed: int) -> None:
    """Write one document of a corpus anew, as another seed has it: one section, so that a build takes a second."""
    title, section, *_ = document(seed).split("\n## ")
    (settings.corpus / f"{number:03d}.md").write_text(f"{title}\n## {section}\n", encoding="utf-8")


def said(engine: Engine, questions: tuple[str, ...] = QUESTIONS) -> list[object]:
    """Return what must not differ between two indexes of one corpus: quotes, places and scores."""
    answers = [engine.ask(question) for question in questions]
    return [
        (answer.status, answer.confidence, [(quote.passage, quote.text, quote.scores) for quote in answer.quotes])
        for answer in answers
    ]


def left_over(index: Path) -> list[str]:
    """Name what a build must not leave in an index folder: unfinished files, generations and encoders of nobody."""
    folder = IndexFolder(index)
    pointer = folder.read_pointer()
    entries = [*index.iterdir(), *folder.generations.iterdir(), *folder.encoders.iterdir()]
    found = [entry.name for entry in entries if entry.name.startswith(UNFINISHED)]
    kept = {pointer.generation, pointer.previous}
    return found + [entry.name for entry in folder.generations.iterdir() if entry.name not in kept]


def linked_copy(source: Path, target: Path) -> None:
    """Copy a folder by links to its files; what is damaged in the copy must be written anew, never through a link."""
    shutil.copytree(source, target, copy_function=os.link, symlinks=True)
