"""What asking and building cost as a corpus grows: cold and warm questions, a rebuild, memory.

    python benchmarks/scale.py DATA_DIR [--passages 1000 10000 100000] [--documents 10000]

The documents are made of nfcorpus and scifact in DATA_DIR (abstracts of articles), forty to a document and put
together by a fixed choice; from the second use of an abstract on, its sentences are in another order. The text is
real, then, and every passage its own. Encoding a million passages takes half a day on two cores: here the first 2,000
texts of a build are encoded, and every other gets a vector between two of theirs, by a hash of its text. Questions,
those of nfcorpus, are encoded as always, so a cold and a warm question do all that they do elsewhere; but few of them
are answered, for such vectors are near to none, and those take longer, for they are quoted: their median is told apart.
What a build encodes is measured in another benchmark. Each size is built and asked in processes of its own.
`--documents` adds a corpus of so many documents of one abstract each, for what depends on their number.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy
from results import keep, machine, write_section

from rag.core.config import Settings

IN_AN_ABSTRACT = 2.5  # passages, about
IN_A_DOCUMENT = 40  # abstracts: about a hundred passages
DOCUMENTS = "documents"
ENCODED = 2000
WARM_UP = 30
ASKED = 300
COLD_RUNS = 5
STATUS = Path("/proc/self/status")


def main() -> None:
    """Measure and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA_DIR")
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where corpora and indexes are made, and left")
    parser.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    parser.add_argument("--name", help=argparse.SUPPRESS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        if given.step:
            settings = _settings(folder / given.name)
            print(json.dumps(_built(settings) if given.step == "build" else _asked(settings, questions(given.data))))
            return
        measured = [(str(size), int(size / IN_AN_ABSTRACT), IN_A_DOCUMENT) for size in given.passages]
        if given.documents:
            measured.append((DOCUMENTS, given.documents, 1))
        rows = [_row(given.data, folder / name, abstracts, together) for name, abstracts, together in measured]
    head = (
        "| passages | documents | dense index | recall@10 | cold s | warm ms, median | 95% below | of it encoding "
        "| of those answered, median | built s | nothing changed s | one document changed s "
        "| memory to ask MB | index MB |"
    )
    body = "\n".join((head, "|---" * head.count(" | ") + "|---|", *rows, "", machine()))
    write_section("As a corpus grows", body)


def _row(data: Path, folder: Path, abstracts: int, together: int) -> str:
    settings = _settings(folder)
    if not settings.corpus.exists():
        write_corpus(data, settings.corpus, abstracts, together)
    built = _step("build", data, folder)
    _process(settings, "query", "Does magnesium help migraine?")  # once, so that the disk's cache is warm
    cold = statistics.median(_process(settings, "query", "Does magnesium help migraine?") for _ in range(COLD_RUNS))
    asked = _step("ask", data, folder)
    unchanged = statistics.median(_process(settings, "build") for _ in range(3))
    changes = []
    file = sorted(settings.corpus.iterdir())[-1]
    for run in range(3):
        file.write_text(f"{file.read_text(encoding='utf-8')}\n\nA remark, number {run}.\n", encoding="utf-8")
        changes.append(_process(settings, "build"))
    changed = statistics.median(changes)
    generation = sorted((settings.index / "generations").iterdir())[-1]
    size = sum(path.stat().st_size for path in generation.rglob("*") if path.is_file()) / 1e6
    if folder.name == DOCUMENTS:
        keep("changed_s", changed)
    else:
        figures = {"cold_{}_s": cold, "warm_{}_ms": asked["median"], "memory_{}_mb": asked["memory"]}
        for name, figure in {**figures, "recall_{}": built["recall"]}.items():
            keep(name.format(folder.name), figure)
    return (
        f"| {built['passages']:,} | {built['documents']:,} | {built['kind']} | {built['recall']} | {cold:.2f} "
        f"| {asked['median']:.1f} | {asked['late']:.1f} | {asked['encoding']:.1f} "
        f"| {asked['quoted']:.1f} (of {asked['answered']}) | {built['seconds']:.0f} "
        f"| {unchanged:.2f} | {changed:.2f} | {asked['memory']:.0f} | {size:.0f} |"
    )


def _settings(folder: Path) -> Settings:
    return Settings(corpus=folder / "corpus", index=folder / "index")


def sections(data: Path) -> list[tuple[str, str]]:
    """Return title and text of the abstracts, in the order of the files."""
    found = []
    for name in ("nfcorpus", "scifact"):
        for line in (data / name / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found.append((" ".join(record["title"].split()), " ".join(record["text"].split())))
    return found


def questions(data: Path) -> list[str]:
    """Return questions to warm up with and to ask."""
    lines = (data / "nfcorpus" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines][: WARM_UP + ASKED]


def write_corpus(data: Path, corpus: Path, abstracts: int, together: int) -> None:
    """Write so many abstracts, some `together` in a document."""
    corpus.mkdir(parents=True)
    known = sections(data)
    for start in range(0, abstracts, together):
        parts = []
        for number in range(start, min(start + together, abstracts)):
            title, text = known[number % len(known)]
            if number >= len(known):
                sentences = re.split(r"(?<=[.!?]) ", text)
                random.Random(number).shuffle(sentences)
                text = " ".join(sentences)
            parts.append(f"## {title}\n\n{text} Abstract {number}.")
        (corpus / f"{start:08d}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _step(step: str, data: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, str(data), "--folder", str(folder.parent), "--name", folder.name]
    run = subprocess.run([*command, "--step", step], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def _built(settings: Settings) -> dict[str, object]:
    from rag.answer.engine import open_index
    from rag.building.build import build
    from rag.encoder.onnx import Encoder

    took = settings.index.with_name("built.json")
    Encoder.encode = varied(Encoder.encode)  # type: ignore[method-assign]
    began = time.perf_counter()
    report = build(settings)
    if report.published or not took.exists():  # one that is there from an earlier run keeps what it took then
        took.write_text(json.dumps(time.perf_counter() - began), encoding="utf-8")
    seconds = json.loads(took.read_text(encoding="utf-8"))
    dense = open_index(settings.index).index.manifest.dense
    kind = dense.name
    if dense.lists > 1:
        kind += f", {dense.probed} of {dense.lists} lists"
    if dense.rescored:
        kind += f", {dense.rescored} scored again"
    found = {"passages": report.passages, "documents": report.documents, "kind": kind, "recall": dense.recall}
    return {**found, "seconds": seconds}


def varied(encode: Callable[..., numpy.ndarray]) -> Callable[..., numpy.ndarray]:
    """Return an `Encoder.encode` that encodes the first texts, and puts every other one between two of those."""
    pool: list[numpy.ndarray] = []

    def encoding(self: object, texts: Sequence[str], progress: object = None) -> numpy.ndarray:
        if not pool:
            pool.append(encode(self, texts[:ENCODED]))
        known = pool[0]
        hashes = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest() for text in texts]
        drawn = numpy.frombuffer(b"".join(hashes), dtype=numpy.uint32).reshape(-1, 3)
        weight = (0.2 + 0.4 * drawn[:, 2] / 2**32).astype(numpy.float32)[:, None]
        rows = known[drawn[:, 0] % len(known)] + weight * known[drawn[:, 1] % len(known)]
        unit: numpy.ndarray = rows / numpy.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    return encoding


def _asked(settings: Settings, texts: Sequence[str]) -> dict[str, float]:
    from rag.answer.engine import open_index
    from rag.render.json_records import answer_record, to_json

    engine = open_index(settings.index)
    took, encoding, quoted = [], [], []
    for number, text in enumerate(texts):
        began = time.perf_counter()
        engine.encoder.encode([text])
        encoded = time.perf_counter()
        answer = engine.ask(text)
        to_json(answer_record(answer))
        if number >= WARM_UP:
            encoding.append((encoded - began) * 1000)
            took.append((time.perf_counter() - encoded) * 1000)
            if answer.is_answered:
                quoted.append(took[-1])
    memory = [int(kilobytes) for kilobytes in re.findall(r"^RssAnon:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)]
    return {
        "median": statistics.median(took),
        "late": statistics.quantiles(took, n=20)[-1],
        "encoding": statistics.median(encoding),
        "answered": len(quoted),
        "quoted": statistics.median(quoted or [0.0]),
        "memory": sum(memory) / 1024,  # what is mapped is the system's to keep or to drop
    }


def _process(settings: Settings, *words: str) -> float:
    command = [sys.executable, "-m", "rag", *words, "--corpus", str(settings.corpus), "--index", str(settings.index)]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
