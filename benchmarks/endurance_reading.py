"""A reader that asks without a pause until its input ends, and writes down each answer.

    python benchmarks/endurance_reading.py INDEX CORPUS kept|anew

Kept, it opens the index again only when it has been superseded; anew, it opens it for each question, as `query` does.
"""

from __future__ import annotations

import json
import sys
import threading
from itertools import count
from pathlib import Path

from endurance_parts import QUESTIONS

from rag.answer.engine import Engine
from rag.cli.ready import ready_engine
from rag.core.config import Settings
from rag.core.errors import RagError


def main() -> None:
    """Ask on."""
    settings, kept = Settings(index=Path(sys.argv[1]), corpus=Path(sys.argv[2])), sys.argv[3] == "kept"
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.buffer.raw.read(), over.set()), daemon=True).start()
    engine: Engine | None = None
    for number in count():
        if over.is_set():
            break
        question = QUESTIONS[number % 2]
        try:
            if engine is None or not kept or engine.superseded():
                engine = ready_engine(settings, refresh=False)
                engine.check_sources = False  # they change all the time: what the index holds is looked at
            answer = engine.ask(question)
        except (RagError, OSError) as error:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
            continue
        quotes = [(each.document.sha256, each.start, each.end, each.text) for each in answer.quotes]
        answerable = answer.is_answered
        print(json.dumps({"index": answer.index.fingerprint, "answerable": answerable, "quotes": quotes}), flush=True)


if __name__ == "__main__":
    main()
