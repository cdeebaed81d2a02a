"""Where the time of one cold question goes: run in a process of its own, which asks once and prints milliseconds.

    python benchmarks/cold_stages.py STARTED QUESTION --corpus DIR --index DIR

STARTED is `time.time()` when the process was started. Each stage has its own time alone, without that of the stages
that it calls; importing is what Python's own import machinery takes, wherever a module is imported. It does what
`python -m rag query` does, by its own functions: they are wrapped, and nothing is done in their place.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

STAGES = {
    "rag.safety.screening.screen": "screening: the safety rules",
    "rag.building.status.status": "looking for changes in the corpus",
    "rag.answer.engine.open_index": "opening the index",
    "rag.index.opening.OpenIndex.open_files": "opening the index",
    "rag.encoder.onnx.Encoder.__init__": "opening the encoder",
    "rag.encoder.onnx.Encoder.encode": "encoding the question",
    "rag.search.finding.retrieve": "searching and ranking",
    "rag.answer.engine.answer_question": "judging, quoting, labelling",
    "rag.render.terminal.print_answer": "rendering",
}
IMPORTING, STARTING, REST = "importing", "starting Python", "all else"


class Clock:
    """Gives each stage its own time: the stage that was called last is the one that runs."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._running = [REST]
        self._since = time.perf_counter()

    def wrapped(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does its work on a stage's account."""

        def timed(*arguments: Any, **named: Any) -> Any:
            self._turn()
            self._running.append(stage)
            try:
                return work(*arguments, **named)
            finally:
                self._turn()
                self._running.pop()

        return timed

    def _turn(self) -> None:
        now = time.perf_counter()
        self.spent[self._running[-1]] = self.spent.get(self._running[-1], 0) + now - self._since
        self._since = now

    def stop(self) -> None:
        """Put what is left on the account of what runs."""
        self._turn()


def main() -> None:
    """Ask, and print what each stage took."""
    started, *words = sys.argv[1:]
    starting = time.time() - float(started)
    clock = Clock()
    machinery: Any = sys.modules["_frozen_importlib"]
    machinery._find_and_load = clock.wrapped(IMPORTING, machinery._find_and_load)
    for name, stage in STAGES.items():
        module, function = name.rsplit(".", 1)
        try:
            holder: Any = importlib.import_module(module)
        except ModuleNotFoundError:  # a class's
            above, last = module.rsplit(".", 1)
            holder = getattr(importlib.import_module(above), last)
        setattr(holder, function, clock.wrapped(stage, getattr(holder, function)))
    from rag.cli.main import command

    with redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        command(["query", *words])
    clock.stop()
    milliseconds = {stage: round(seconds * 1000, 2) for stage, seconds in clock.spent.items()}
    print(json.dumps({STARTING: starting * 1000, **milliseconds}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
