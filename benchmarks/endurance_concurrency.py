"""Many at once: readers that ask while builds publish, builders that build together, readers whose index is removed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from endurance_parts import QUESTIONS, Line, change, left_over, make_corpus, said

from rag.answer.engine import Engine
from rag.building.build import build
from rag.core.config import Settings
from rag.core.errors import IndexReplaced
from rag.core.types.documents import Source
from rag.index.opening import open_published
from rag.readers.registry import read_document


class Publisher:
    """Changes a corpus and publishes it; knows what each index was made of."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.made_of: dict[str, set[str]] = {}
        self.texts: dict[str, str] = {}
        self._number = 100

    def change(self) -> None:
        """Change two documents."""
        for place in (0, 1):
            self._number += 1
            change(self.settings, place, self._number)

    def publish(self) -> None:
        """Change and build."""
        self.change()
        self.note(build(self.settings).fingerprint)

    def note(self, fingerprint: str) -> None:
        """Remember the corpus as it is as what an index was made of."""
        held = set()
        for file in self.settings.corpus.glob("*.md"):
            content = file.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            held.add(sha256)
            self.texts[sha256] = read_document(Source(file.name, sha256), content).text
        self.made_of[fingerprint] = held

    def problems(self, answer: Mapping[str, Any]) -> list[str]:
        """Say what is wrong with what a reader wrote down of an answer."""
        if "error" in answer:
            return [answer["error"]]
        if answer["index"] not in self.made_of:
            return [f"no index that was published: {answer['index']}"]
        quotes = answer["quotes"]
        wrong = [] if quotes or not answer["answerable"] else ["no quotes"]
        if any(sha256 not in self.made_of[answer["index"]] for sha256, *_ in quotes):
            wrong.append("a quote of another index")
        if any(self.texts.get(sha256, "")[start:end] != text for sha256, start, end, text in quotes):
            wrong.append("a wrong quote")
        return wrong


def readers(folder: Path, builds: int, count: int = 4) -> list[Line]:
    """Let readers ask without a pause while builds publish: half of them open the index for each question."""
    publisher = Publisher(make_corpus(folder, 8))
    publisher.publish()
    script = Path(__file__).with_name("endurance_reading.py")
    asked, published = Line(f"questions of {count} readers while builds publish"), Line("builds while they ask")
    asking = []
    for number in range(count):
        out = (folder / f"reader-{number}").open("w", encoding="utf-8")
        words = [str(publisher.settings.index), str(publisher.settings.corpus), "anew" if number % 2 else "kept"]
        process = subprocess.Popen([sys.executable, str(script), *words], stdin=subprocess.PIPE, stdout=out)
        asking.append((process, out))
    for number in range(builds):
        try:
            publisher.publish()
            published.count(f"build {number}", "published", left_over(publisher.settings.index))
        except Exception as error:  # noqa: BLE001 # whatever it is, it is what is looked for
            published.count(f"build {number}", "failed", [repr(error)])
    for number, (process, out) in enumerate(asking):
        process.communicate()  # closes its input: it stops asking
        out.close()
        for line in (folder / f"reader-{number}").read_text(encoding="utf-8").splitlines():
            answer = json.loads(line)
            asked.count(
                f"reader {number}", "answered" if "error" not in answer else "error", publisher.problems(answer)
            )
        if process.returncode:
            asked.count(f"reader {number}", "ended", [f"ended with {process.returncode}"])
    return [asked, published]


def builders(folder: Path, rounds: int, count: int = 8) -> Line:
    """Start builds at once: one of them publishes, the others find nothing to do."""
    publisher = Publisher(make_corpus(folder, 8))
    publisher.publish()
    line, settings = Line(f"builders, {count} at once"), publisher.settings
    folders = ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    for number in range(rounds):
        publisher.change()
        command = [sys.executable, "-m", "rag", "build", *folders, "--json"]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(count)]
        ended = [(*process.communicate(), process.returncode) for process in running]
        reports = [json.loads(out) for out, _, code in ended if code == 0]
        same = {report["fingerprint"] for report in reports} == {open_published(settings.index).info.fingerprint}
        of_all = [] if sum(report["published"] for report in reports) == 1 and same else ["not published once"]
        of_all += left_over(settings.index)
        for place, (_, err, code) in enumerate(ended):
            problems = [f"ended with {code}: {err[-200:]!r}"] if code else [] if place else of_all
            line.count(f"round {number}", "built" if code == 0 else "failed", problems)
    return line


def removed(folder: Path, tries: int) -> Line:
    """Publish twice after an index was opened: its files are gone; what has them open answers as before."""
    publisher = Publisher(make_corpus(folder, 6))
    publisher.publish()
    line = Line("indexes that were removed while they were open")
    for number in range(tries):
        index = open_published(publisher.settings.index)
        engine = Engine(index, check_sources=False)
        opened = number % 2 == 0
        if opened:
            index.open_files()
            _ = engine.encoder
        expected = said(Engine(open_published(publisher.settings.index), check_sources=False), QUESTIONS[:2])
        publisher.publish()
        publisher.publish()
        try:
            problems = [] if said(engine, QUESTIONS[:2]) == expected else ["it answers otherwise"]
            outcome = "answered as before"
        except IndexReplaced:
            outcome, problems = "said to be replaced", ["its files were open"] if opened else []
        line.count(f"try {number}", outcome, problems)
    return line
