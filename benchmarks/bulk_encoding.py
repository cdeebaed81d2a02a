"""Encoding many passages: this project beside sentence-transformers as it comes (torch, 32 texts at a time, float32).

    python benchmarks/bulk_encoding.py [--documents 400] [--runs 3]

The texts are those that a build of documents made of the starter corpus embeds: passages under their headings, and
their sentences. Ours is measured in float32, as it comes, and with `--precision auto`. All get the same model and the
same texts, each in a process of its own, and take turns. Loading the model is not measured.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rebuild import document
from results import keep, machine, write_section

from rag.answer.engine import open_index
from rag.building.build import build
from rag.core.config import DEFAULT_MODEL, Settings
from rag.core.types.protocols import no_progress
from rag.encoder.model import ensure_exported, model_folder

ROOT = Path(__file__).resolve().parents[1]
PEER = """
import json, sys, time
from sentence_transformers import SentenceTransformer
texts = json.load(open(sys.argv[2], encoding="utf-8"))
model = SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True)
model.encode(texts[:64], normalize_embeddings=True)
began = time.perf_counter()
model.encode(texts, normalize_embeddings=True)
print(time.perf_counter() - began)
"""


def main() -> None:
    """Measure and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ours", nargs=3, metavar=("MODEL", "TEXTS", "PRECISION"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ours:
        exported, texts_file, precision = given.ours
        print(_encoded(Path(exported), Path(texts_file), precision))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = _texts(folder, given.documents)
        file = folder / "texts.json"
        file.write_text(json.dumps(texts), encoding="utf-8")
        exported = ensure_exported(DEFAULT_MODEL, folder / "index" / "encoders", no_progress)
        ours = [sys.executable, __file__, "--ours", str(exported), str(file)]
        peer = [sys.executable, "-c", PEER, str(model_folder(DEFAULT_MODEL)), str(file)]
        commands = {"float32": [*ours, "float32"], "auto": [*ours, "auto"], "sentence-transformers": peer}
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(given.runs):
            for name, command in commands.items():
                run = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                seconds[name].append(float(run.stdout))
    rows = ["| what | texts a second, median | slowest | fastest |", "|---|---|---|---|"]
    rows += [
        f"| {name if name == 'sentence-transformers' else f'this project, {name}'} "
        f"| {len(texts) / statistics.median(took):.0f} | {len(texts) / max(took):.0f} | {len(texts) / min(took):.0f} |"
        for name, took in seconds.items()
    ]
    theirs = statistics.median(seconds["sentence-transformers"])
    plain, ratio = (theirs / statistics.median(seconds[name]) for name in ("float32", "auto"))
    keep("bulk_ratio", ratio)
    words = sum(len(text.split()) for text in texts) / len(texts)
    rows.append(
        f"\n{len(texts)} texts of {words:.0f} words on average. Ours is {plain:.2f} times as fast, and {ratio:.2f} "
        f"times with `--precision auto`. {machine()}"
    )
    write_section("Encoding in bulk", "\n".join(rows))


def _texts(folder: Path, documents: int) -> list[str]:
    """Return what a build of some documents embeds, each text once."""
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    settings.corpus.mkdir()
    for number in range(documents):
        (settings.corpus / f"{number:05d}.md").write_text(document(number), encoding="utf-8")
    build(settings)
    engine = open_index(settings.index)
    found: dict[str, None] = {}
    for each in engine.documents():
        for passage in engine.passages(each):
            found[" > ".join((each.title, *passage.section)) + "\n" + each.text[passage.start : passage.end]] = None
            found.update((each.text[start:end], None) for start, end in passage.sentences)
    return list(found)


def _encoded(exported: Path, file: Path, precision: str) -> float:
    """Encode as a build does, without what loading takes: a process that has encoded some texts encodes all."""
    from rag.encoder.bulk import MANY, BulkEncoder
    from rag.encoder.onnx import Encoder

    texts = json.loads(file.read_text(encoding="utf-8"))
    with BulkEncoder(Encoder(exported), max(MANY, len(texts)), precision) as encoder:
        encoder.encode(texts[:64], lambda _: None)
        began = time.perf_counter()
        encoder.encode(texts, lambda _: None)
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
