"""A cold question as a whole process, beside a script that does the same through sentence-transformers and faiss.

    python benchmarks/cold_question.py [--runs 15]

Both answer from the starter corpus: ours with `python -m rag query`, the peer with a flat FAISS index of the same
passages that was written beforehand, loading the model through `import sentence_transformers` as its documentation
does. They take turns, so that both meet the same machine. Peak memory is the whole process's, as the system counts it;
what is measured is prepared in a process of its own, because a child's peak begins with its parent's.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from results import keep, machine, write_section

from rag.core.config import DEFAULT_MODEL
from rag.encoder.model import model_folder

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "How does magnesium act on the NMDA receptor?"
PEER = """
import sys, json
import faiss
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True)
index = faiss.read_index(sys.argv[2] + "/peer.faiss")
texts = json.load(open(sys.argv[2] + "/peer.json", encoding="utf-8"))
scores, rows = index.search(model.encode([sys.argv[3]], normalize_embeddings=True), 5)
for score, row in zip(scores[0], rows[0]):
    print(round(float(score), 3), texts[row])
"""


def main() -> None:
    """Measure and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--prepare", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    runs = arguments.runs
    if arguments.prepare:
        _prepare(Path(arguments.prepare))
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, __file__, "--prepare", folder], check=True)
        ours = [sys.executable, "-m", "rag", "query", QUESTION]
        ours += ["--corpus", str(ROOT / "corpus"), "--index", str(Path(folder, "index"))]
        peer = [sys.executable, "-c", PEER, str(model_folder(DEFAULT_MODEL)), folder, QUESTION]
        measured: dict[str, list[tuple[float, float]]] = {
            "python -m rag query": [],
            "sentence-transformers + faiss": [],
        }
        for command in (ours, peer):
            _run(command)  # both once, so that the disk's cache is warm for both
        stages = [_stages(Path(folder, "index")) for _ in range(runs)]
        for turn in range(runs):
            measured["python -m rag query"].append(_run(ours))
            if turn % 3 == 0:
                measured["sentence-transformers + faiss"].append(_run(peer))
    rows = ["| what | runs | median s | fastest | slowest | peak MB |", "|---|---|---|---|---|---|"]
    medians = {}
    for name, results in measured.items():
        seconds = [second for second, _ in results]
        medians[name] = statistics.median(seconds)
        peak = max(megabytes for _, megabytes in results)
        rows.append(
            f"| {name} | {len(results)} | {medians[name]:.3f} | {min(seconds):.3f} | {max(seconds):.3f} | {peak:.0f} |"
        )
    keep("cold_starter_s", medians["python -m rag query"])
    ratio = medians["sentence-transformers + faiss"] / medians["python -m rag query"]
    rows.append(f"\nOurs is {ratio:.1f} times as fast. {machine()}")
    write_section("A cold question, as a whole process, on the starter corpus", "\n".join(rows))
    medians = {stage: statistics.median(run[stage] for run in stages) for stage in stages[0]}
    rows = ["| stage | median ms |", "|---|---|"]
    rows += [f"| {stage} | {took:.0f} |" for stage, took in sorted(medians.items(), key=lambda each: -each[1])]
    rows.append(f"\nEach stage's own time, without what it calls or imports ({runs} runs). {machine()}")
    write_section("Where a cold question's time goes", "\n".join(rows))


def _prepare(folder: Path) -> None:
    """Build our index, and write the peer's: the same vectors, the same texts, nothing else to open."""
    import faiss

    from rag.answer.engine import open_index
    from rag.building.build import build
    from rag.core.config import Settings

    settings = Settings(corpus=ROOT / "corpus", index=folder / "index")
    build(settings)
    engine = open_index(settings.index)
    vectors = engine.index.dense.vectors()
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "peer.faiss"))
    texts = [
        document.text[passage.start : passage.end]
        for document in engine.documents()
        for passage in engine.passages(document)
    ]
    (folder / "peer.json").write_text(json.dumps(texts), encoding="utf-8")


def _stages(index: Path) -> dict[str, float]:
    """Return what each stage of a cold question took, in milliseconds."""
    program = [sys.executable, str(Path(__file__).with_name("cold_stages.py")), str(time.time()), QUESTION]
    run = subprocess.run(
        [*program, "--corpus", str(ROOT / "corpus"), "--index", str(index)], stdout=subprocess.PIPE, check=True
    )
    took: dict[str, float] = json.loads(run.stdout)
    return took


def _run(command: list[str]) -> tuple[float, float]:
    """Return the seconds and the peak memory in megabytes of a process that must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, code, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = code
    if code != 0:
        raise SystemExit(f"{command[:4]} failed")
    return seconds, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
