"""Very many questions to one process: does it need more memory, or more time, the longer it is asked?

    python benchmarks/endurance_soak.py INDEX CORPUS QUESTIONS

Every question is another one: words of the corpus by a seeded choice, in every fifth a word that nobody has written.
Prints one JSON object a tenth: the resident memory in MB, and the median and the slowest of the latencies in ms.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rag.answer.engine import open_index
from rag.core.types.answers import Answer


@dataclass(frozen=True, slots=True)
class Tenth:
    """What one tenth of the questions took."""

    questions: int
    megabytes: float
    median: float
    slowest: float


def soak(index: Path, corpus: Path, questions: int) -> list[Tenth]:
    """Ask in a process of its own; return what each tenth took."""
    command = [sys.executable, __file__, str(index), str(corpus), str(questions)]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [Tenth(**json.loads(line)) for line in ran.stdout.splitlines()]


def main() -> None:
    """Ask, and say what each tenth took."""
    index, corpus, questions = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    engine, chance = open_index(index, corpus), random.Random(7)
    words = sorted({word for document in engine.documents() for word in re.findall(r"\w+", document.text)})

    def ask(number: int) -> Answer:
        chosen = chance.choices(words, k=chance.randint(3, 8))
        return engine.ask(f"What is {' '.join(chosen)}{f' zq{number}x' if number % 5 == 0 else ''}?")

    for number in range(100):
        ask(-number)
    for tenth in range(10):
        took = []
        for number in range(tenth * questions // 10, (tenth + 1) * questions // 10):
            began = time.perf_counter()
            ask(number)
            took.append(1000 * (time.perf_counter() - began))
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        record = {"questions": len(took), "megabytes": round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)}
        print(
            json.dumps({**record, "median": round(statistics.median(took), 1), "slowest": round(max(took), 1)}),
            flush=True,
        )


if __name__ == "__main__":
    main()
