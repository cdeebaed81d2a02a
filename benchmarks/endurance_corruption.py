"""An index whose files are damaged: is it refused, or does it answer right, whatever was done to which file?

Each try damages one file of a copy, and every command looks at it. What is right is what the undamaged index gives;
each quote must be, to the character, what the source file holds at its place, and be said of the passage there.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from endurance_damage import Damage, damages, inflict
from endurance_looking import TRACEBACK, Seen, commands, look_from_outside
from endurance_parts import Line, change, linked_copy, make_corpus
from rebuild import document

from rag.building.build import build
from rag.core.config import Settings
from rag.core.types.documents import Source
from rag.index.dense import dense_index as dense
from rag.index.dense import dense_kinds
from rag.readers.registry import read_document

HANGS_AFTER = 120.0  # seconds, for all commands together
EVERY_AS_PROCESS = 10
_NOT_PROVEN_BY_VERIFY = ("stat-cache.json", "lock", ".gitignore", "current")


class Looker:
    """The process that looks; started anew after a try that it did not survive."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def look(self, settings: Settings) -> list[Seen] | str:
        """Return what the commands give, or how the process ended over them."""
        if self._process is None:
            script = Path(__file__).with_name("endurance_looking.py")
            self._process = subprocess.Popen(
                [sys.executable, str(script)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        late = threading.Event()
        timer = threading.Timer(HANGS_AFTER, lambda: (late.set(), process.kill()))
        timer.start()
        try:
            process.stdin.write(json.dumps({"index": str(settings.index), "corpus": str(settings.corpus)}) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            timer.cancel()
        if answer:
            return [(code, out, err) for code, out, err in json.loads(answer)]
        code = process.wait()
        self.close()
        return "it hung" if late.is_set() else f"the process ended with {code}"

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


class Judge:
    """Knows what the undamaged index gives, and what the source files hold."""

    def __init__(self, settings: Settings, pristine: Sequence[Seen]) -> None:
        self.pristine = pristine
        self.texts = {}
        self.passages: dict[str, Any] = {}
        for file in settings.corpus.glob("*.md"):
            content = file.read_bytes()
            source = Source(file.name, hashlib.sha256(content).hexdigest())
            self.texts[file.name] = read_document(source, content).text
            _, out, _ = look_from_outside(str(settings.index), str(settings.corpus), ["show", file.name, "--json"])
            shown = json.loads(out)
            self.passages |= {each["id"]: (each, shown["document"]) for each in shown["passages"]}

    def problems(self, number: int, seen: Seen, damage: Damage | None = None) -> tuple[str, list[str]]:
        """Return what became of one command, and what is wrong with that."""
        words, (code, out, err) = commands()[number], seen
        name = words[0]
        if code == TRACEBACK or "Traceback" in err or "panicked" in err:
            return "traceback", [f"{name}: {err.strip().splitlines()[-1][:200]}"]
        if code < 0:
            return "native crash", [f"{name}: it ended with {code}"]
        if code == 3:
            clear = err.startswith(("rag: ", "python -m rag: ")) and "python -m rag build" in err
            return "refused", [] if clear else [f"{name}: not a clear message: {err[:200]!r}"]
        if name == "verify":
            if code == 1:
                return "refused", [] if '"sound": false' in out else [f"verify: {err[:200]!r}"]
            unproven = damage is not None and Path(damage.file).name not in _NOT_PROVEN_BY_VERIFY
            return "as before", ["verify: found nothing"] if code or unproven else []
        if code != self.pristine[number][0]:
            return "other", [f"{name}: exit code {code}: {err[:200]!r}"]
        if name == "query":
            return self._quotes(json.loads(out), json.loads(self.pristine[number][1]))
        same = _timeless(json.loads(out)) == _timeless(json.loads(self.pristine[number][1]))
        return "as before", [] if same else [f"{name}: other than before"]

    def _quotes(self, answer: dict[str, Any], before: dict[str, Any]) -> tuple[str, list[str]]:
        """Hold every quote of an answer against the source file and the undamaged index."""
        wrong = []
        for quote in answer["quotes"]:
            path = quote["document"]["path"]
            text = self.texts.get(path, "")
            if text[quote["start"] : quote["end"]] != quote["text"]:
                wrong.append(f"query: a wrong quote of {path}")
            for along in quote["along"]:
                if along["start"] >= along["end"] or along["end"] > len(text):
                    wrong.append(f"query: a wrong companion of {path}")
            passage, document = self.passages.get(quote["id"], ({}, {}))
            wrong += [
                f"query: wrong {key} of a quote"
                for key in ("section", "attribution", "page", "lines")
                if quote[key] != passage.get(key)
            ]
            wrong += [
                f"query: wrong {key} of a document"
                for key in quote["document"]
                if quote["document"][key] != document.get(key)
            ]
            if not all(abs(score) < 1e3 for score in quote["scores"].values()):
                wrong.append(f"query: impossible scores {quote['scores']}")
        if wrong:
            return "wrong", wrong
        return "as before" if _timeless(answer) == _timeless(before) else "other ranking, verbatim", []


def _timeless(record: Any) -> Any:
    """Return a record without what differs from one asking to the next."""
    if isinstance(record, dict):
        return {key: _timeless(value) for key, value in record.items() if key not in ("took_ms", "index")}
    return [_timeless(each) for each in record] if isinstance(record, list) else record


def corrupt(folder: Path, tries: int, seed: int, *, quantised: bool, inside: bool = False) -> Line:
    """Damage the index of a corpus in many ways, one at a time, and look at each.

    With `inside` the corpus is large enough for its files to have an inside that is not looked at when they are opened,
    and that alone is damaged.
    """
    settings, other = make_corpus(folder / "one", 10), make_corpus(folder / "other", 9)
    for number in range(10, 160 if inside else 10):
        (settings.corpus / f"{number:03d}.md").write_text(document(number), encoding="utf-8")
    change(other, 3, 77)
    before = dense.EXACT_UP_TO, dense_kinds.LISTS_FROM
    if quantised:
        dense.EXACT_UP_TO, dense_kinds.LISTS_FROM = 20, 20
    try:
        build(settings)
        linked_copy(settings.index / "encoders", other.index / "encoders")
        build(other)
    finally:
        dense.EXACT_UP_TO, dense_kinds.LISTS_FROM = before
    where = "the inside of large files" if inside else "files"
    line = Line(f"damaged {where}, {'quantised' if quantised else 'exact'} index")
    looker, copy = Looker(), folder / "copy"
    pristine = looker.look(settings)
    assert not isinstance(pristine, str), pristine
    judge = Judge(settings, pristine)
    for number, damage in enumerate(damages(settings.index, tries, seed, inside=inside)):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(settings.corpus, copy / "corpus")
        linked_copy(settings.index, copy / "index")
        inflict(damage, copy / "index", other.index)
        damaged = Settings(corpus=copy / "corpus", index=copy / "index")
        seen = looker.look(damaged)
        if isinstance(seen, str):
            line.count(str(damage), "native crash", [seen])
            continue
        judged = [judge.problems(place, each, damage) for place, each in enumerate(seen)]
        if number % EVERY_AS_PROCESS == 0:
            outside = look_from_outside(str(damaged.index), str(damaged.corpus), commands()[0])
            judged.append(judge.problems(0, outside, damage))
        outcomes = Counter(outcome for outcome, _ in judged)
        worst = next(each for each in _FROM_WORST if each in outcomes)
        line.count(str(damage), worst, [problem for _, problems in judged for problem in problems])
    looker.close()
    return line


_FROM_WORST = ("traceback", "native crash", "wrong", "other", "other ranking, verbatim", "refused", "as before")
