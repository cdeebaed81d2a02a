"""What asking and building cost as a corpus grows: cold and warm questions, a rebuild, memory.

    python benchmarks/scale.py DATA_DIR [--passages 1000 10000 100000]

The documents are made of nfcorpus and scifact in DATA_DIR (abstracts of articles), forty to a document and put
together by a fixed choice; from the second use of an abstract on, its sentences are in another order. The text is
real, then, and every passage its own. Encoding a million passages takes half a day on two cores: here the first 2,000
texts of a build are encoded, and every other gets a vector between two of theirs, by a hash of its text. Questions,
those of nfcorpus, are encoded as always, so a cold and a warm question do all that they do elsewhere; what a build
encodes is measured in another benchmark. Each size is built and asked in processes of its own.
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
from results import machine, write_section

from rag.config import Settings

IN_A_DOCUMENT = 40  # abstracts: about a hundred passages
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
    parser.add_argument("--folder", type=Path, help="where corpora and indexes are made, and left")
    parser.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        if given.step:
            settings = _settings(folder, given.passages[0])
            print(json.dumps(_built(settings) if given.step == "build" else _asked(settings, questions(given.data))))
            return
        rows = [_row(given.data, folder, passages) for passages in given.passages]
    head = (
        "| passages | documents | dense index | recall@10 | cold s | warm ms, median | 95% below | of it encoding "
        "| built s | nothing changed s | one document changed s | memory to ask MB | index MB |"
    )
    body = "\n".join((head, "|---" * head.count(" | ") + "|---|", *rows, "", machine()))
    write_section("As a corpus grows", body)


def _row(data: Path, folder: Path, passages: int) -> str:
    settings = _settings(folder, passages)
    if not settings.corpus.exists():
        write_corpus(data, settings.corpus, passages)
    built = _step("build", data, folder, passages)
    cold = statistics.median(_process(settings, "query", "Does magnesium help migraine?") for _ in range(COLD_RUNS))
    asked = _step("ask", data, folder, passages)
    unchanged = statistics.median(_process(settings, "build") for _ in range(3))
    changed = []
    file = sorted(settings.corpus.iterdir())[-1]
    for run in range(3):
        file.write_text(f"{file.read_text(encoding='utf-8')}\n\nA remark, number {run}.\n", encoding="utf-8")
        changed.append(_process(settings, "build"))
    size = sum(path.stat().st_size for path in (settings.index / "generations").rglob("*") if path.is_file()) / 2e6
    return (
        f"| {built['passages']:,} | {built['documents']:,} | {built['kind']} | {built['recall']} | {cold:.2f} "
        f"| {asked['median']:.1f} | {asked['late']:.1f} | {asked['encoding']:.1f} | {built['seconds']:.0f} "
        f"| {unchanged:.2f} | {statistics.median(changed):.2f} | {asked['memory']:.0f} | {size:.0f} |"
    )


def _settings(folder: Path, passages: int) -> Settings:
    return Settings(corpus=folder / f"corpus-{passages}", index=folder / f"index-{passages}")


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


def write_corpus(data: Path, corpus: Path, passages: int) -> None:
    """Write documents of about so many passages in all: an abstract gives two and a half of them."""
    corpus.mkdir(parents=True)
    known = sections(data)
    wanted = int(passages / 2.5)
    for start in range(0, wanted, IN_A_DOCUMENT):
        parts = []
        for number in range(start, min(start + IN_A_DOCUMENT, wanted)):
            title, text = known[number % len(known)]
            if number >= len(known):
                sentences = re.split(r"(?<=[.!?]) ", text)
                random.Random(number).shuffle(sentences)
                text = " ".join(sentences)
            parts.append(f"## {title}\n\n{text} Abstract {number}.")
        (corpus / f"{start:08d}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _step(step: str, data: Path, folder: Path, passages: int) -> dict[str, float]:
    command = [sys.executable, __file__, str(data), "--folder", str(folder), "--passages", str(passages)]
    run = subprocess.run([*command, "--step", step], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def _built(settings: Settings) -> dict[str, object]:
    from rag.build import build
    from rag.encoder.onnx import Encoder
    from rag.engine import open_index

    Encoder.encode = varied(Encoder.encode)  # type: ignore[method-assign]
    began = time.perf_counter()
    report = build(settings)
    seconds = time.perf_counter() - began
    dense = open_index(settings.index).index.manifest.dense
    kind = f"{dense.name}, {dense.rescored} scored again" if dense.rescored else dense.name
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
    from rag.engine import open_index
    from rag.render.records import answer_record, to_json

    engine = open_index(settings.index)
    took, encoding = [], []
    for number, text in enumerate(texts):
        began = time.perf_counter()
        engine.encoder.encode([text])
        encoded = time.perf_counter()
        to_json(answer_record(engine.ask(text)))
        if number >= WARM_UP:
            encoding.append((encoded - began) * 1000)
            took.append((time.perf_counter() - encoded) * 1000)
    memory = [int(kilobytes) for kilobytes in re.findall(r"^RssAnon:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)]
    return {
        "median": statistics.median(took),
        "late": statistics.quantiles(took, n=20)[-1],
        "encoding": statistics.median(encoding),
        "memory": sum(memory) / 1024,  # what is mapped is the system's to keep or to drop
    }


def _process(settings: Settings, *words: str) -> float:
    command = [sys.executable, "-m", "rag", *words, "--corpus", str(settings.corpus), "--index", str(settings.index)]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
