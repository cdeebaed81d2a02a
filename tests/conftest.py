"""Shared fixtures: the real encoder (exported once and kept in pytest's cache), and indexes built with it."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from types import ModuleType

import pytest

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import DEFAULT_MODEL, Settings
from rag.core.types.protocols import no_progress
from rag.encoder.model import ensure_exported
from rag.index.lexical.lexical_index import LexicalIndex
from rag.index.lexical.parts import write_parts

ROOT = Path(__file__).resolve().parents[1]
STARTER = ROOT / "corpus"
MAGNESIUM_QUESTION = "How does magnesium act on the NMDA receptor?"


@cache
def benchmark_script(name: str) -> ModuleType:
    """Return a script of `benchmarks/` as a module, with what lies beside it to import."""
    folder = ROOT / "benchmarks"
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return importlib.import_module(name)


def lexical_index(
    folder: Path, passages: Sequence[tuple[str, str]], counts: Sequence[int] | None = None
) -> LexicalIndex:
    """Write a lexical index of passages with what they stand under, `counts` of them a document, and open it.

    Without `counts` each is a document of its own.
    """
    each = counts or [1] * len(passages)
    bounds = [0, *accumulate(each)]
    documents = [(str(number), count) for number, count in enumerate(each)]
    write_parts(folder, documents, lambda number: passages[bounds[number] : bounds[number + 1]])
    return LexicalIndex(folder, each)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the seeds: $RAG_TEST_DATA, or `shared` beside the project; tests skip without it."""
    folder = Path(os.environ.get("RAG_TEST_DATA") or ROOT.parent / "shared")
    if not (folder / "seeds").is_dir():
        pytest.skip("the seed documents are not here (set RAG_TEST_DATA to the folder that holds seeds/)")
    return folder


@pytest.fixture(scope="session")
def exported_encoder(request: pytest.FixtureRequest) -> Path:
    """The folder of the real model's export."""
    return ensure_exported(DEFAULT_MODEL, request.config.cache.mkdir("encoders"), no_progress)


@pytest.fixture(scope="session")
def seeded(exported_encoder: Path) -> Callable[[Path], Path]:
    """Puts the export into an index folder, so that building there need not export again; returns the folder."""

    def put(index: Path) -> Path:
        target = index / "encoders" / exported_encoder.name
        if not target.exists():
            shutil.copytree(exported_encoder, target, copy_function=_link)
        return index

    return put


@pytest.fixture(scope="session")
def starter_settings(seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The starter corpus with its index, built once; tests read it and do not change it."""
    settings = Settings(corpus=STARTER, index=seeded(tmp_path_factory.mktemp("starter") / "index"))
    build(settings)
    return settings


@pytest.fixture(scope="session")
def starter(starter_settings: Settings) -> Engine:
    """The starter index, opened."""
    return open_index(starter_settings.index)


@pytest.fixture
def own(seeded: Callable[[Path], Path], tmp_path: Path) -> Settings:
    """An empty corpus folder and an index folder of the test's own."""
    (tmp_path / "corpus").mkdir()
    return Settings(corpus=tmp_path / "corpus", index=seeded(tmp_path / "index"))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
