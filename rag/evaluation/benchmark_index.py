"""Index a benchmark's documents as a corpus of files, built as any other, and kept in a cache."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.core.system.files import storage_errors
from rag.core.types.protocols import Progress
from rag.evaluation.beir import Benchmark, BenchmarkDocument


@dataclass(frozen=True, slots=True)
class IndexedBenchmark:
    """An opened index of a benchmark's documents, and the benchmark's ids of each path in it.

    Of documents with the same content the index holds one, which has the ids of all; it lacks what cannot be read.
    """

    engine: Engine
    ids: Mapping[str, tuple[str, ...]]


def index_benchmark(
    benchmark: Benchmark, model: str, cache: Path, progress: Progress, precision: str = "float32"
) -> IndexedBenchmark:
    """Bring the index of a benchmark up to date below `cache`; the first time, that embeds all of it."""
    folder = benchmark_folder(benchmark, cache)
    with storage_errors(cache):
        paths = _write_corpus(benchmark, folder / "corpus", progress)
    settings = Settings(corpus=folder / "corpus", index=folder / "index", model=model, precision=precision)
    build(settings, progress=progress)
    engine = open_index(settings.index, settings.corpus)
    manifest = engine.index.manifest
    ids: dict[str, tuple[str, ...]] = {record.path: (paths[record.path],) for record in manifest.documents}
    for path, same_as in manifest.duplicates:
        ids[same_as] += (paths[path],)
    return IndexedBenchmark(engine, ids)


def benchmark_folder(benchmark: Benchmark, cache: Path) -> Path:
    """Return where a benchmark's documents and index are kept: those of the same documents, whatever the benchmark."""
    content = hashlib.sha256()
    for document in benchmark.documents:
        content.update(f"{document.id}\0{document.title}\0{document.text}\0".encode("utf-8", "surrogatepass"))
    name = content.hexdigest()[:12]
    kept = sorted(cache.glob(f"*-{name}"))
    return kept[0] if kept else cache / f"{benchmark.folder.resolve().name}-{name}"


def _write_corpus(benchmark: Benchmark, corpus: Path, progress: Progress) -> dict[str, str]:
    """Write each document to a file of its own, its title as front matter; return the id of each path."""
    paths = {f"{number:07d}.txt": document.id for number, document in enumerate(benchmark.documents)}
    if corpus.is_dir():
        return paths
    unfinished = corpus.with_name(".unfinished-corpus")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for done, (path, document) in enumerate(zip(paths, benchmark.documents, strict=True)):
        progress("writing documents", done, len(paths))
        (unfinished / path).write_text(_as_file(document), encoding="utf-8")
    unfinished.rename(corpus)
    return paths


def _as_file(document: BenchmarkDocument) -> str:
    title = " ".join(document.title.split())
    body = document.text if document.text.strip() else title
    return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n{body}\n" if title else f"{body}\n"
