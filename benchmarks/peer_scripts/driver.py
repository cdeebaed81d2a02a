"""What a peer's script is asked to do, in the peer's own environment; it holds nothing of any peer.

python PEER.py build PASSAGES INDEX MODEL     index the passages, a JSON list of {"id", "text"}
python PEER.py ask INDEX MODEL QUESTION       open, ask once, print
python PEER.py many INDEX MODEL QUESTIONS     open, ask a JSON list of questions one after another; print the seconds
                                              of each and the ids that it found
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Passage = dict[str, str]
Ask = Callable[[str], list[tuple[str, str]]]


def run(build: Callable[[list[Passage], str, str], object], opened: Callable[[str, str], Ask]) -> None:
    """Do what the command line says. `opened` returns a function: question → the five best, as id and text."""
    task, *arguments = sys.argv[1:]
    if task == "build":
        passages, index, model = arguments
        build(json.loads(Path(passages).read_text(encoding="utf-8")), index, model)
    elif task == "ask":
        index, model, question = arguments
        for name, text in opened(index, model)(question):
            print(name, text)
    else:
        index, model, questions = arguments
        print(json.dumps(_many(opened(index, model), json.loads(Path(questions).read_text(encoding="utf-8")))))


def _many(ask: Ask, questions: list[str]) -> dict[str, list[object]]:
    ask(questions[0])  # what is loaded by the first question belongs to a cold one
    seconds: list[object] = []
    found: list[object] = []
    for question in questions:
        began = time.perf_counter()
        results = ask(question)
        seconds.append(time.perf_counter() - began)
        found.append([name for name, _ in results])
    return {"seconds": seconds, "found": found}
