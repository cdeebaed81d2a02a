"""Shared fixtures: the real encoder, exported once, and indexes built with it, once a session for all workers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock
from support.indexes import Files, Prebuilt, built_once, copy_index, link, made_once, put_encoder
from support.loaded_models import keep_loaded
from support.paths import DATA, ROOT, STARTER
from support.properties import register_profiles

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import DEFAULT_MODEL, Settings
from rag.core.system.files import FLUSHING
from rag.core.types.protocols import no_progress
from rag.encoder.model import ensure_exported

register_profiles()

_MARKED_FOLDERS = {"processes": "process", "browser": "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what a folder or hypothesis says of a test, so that no marker is ever forgotten."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder in _MARKED_FOLDERS:
            item.add_marker(_MARKED_FOLDERS[folder])
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("property")


@pytest.fixture(scope="session", autouse=True)
def spared() -> Iterator[None]:
    """Spare what takes longer than all else of a small build: flushing to the disk, and loading the model again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FLUSHING, "off")
        keep_loaded(patch)
        yield


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flush to the disk as at every other place, for the tests of what survives."""
    monkeypatch.delenv(FLUSHING)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the seeds: $RAG_TEST_DATA, or `shared` beside the project; tests skip without it."""
    folder = Path(os.environ.get("RAG_TEST_DATA") or ROOT.parent / "shared")
    if not (folder / "seeds").is_dir():
        pytest.skip("the seed documents are not here (set RAG_TEST_DATA to the folder that holds seeds/)")
    return folder


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all workers of a session share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def exported_encoder(request: pytest.FixtureRequest, session_folder: Path) -> Path:
    """The folder of the real model's export: from pytest's cache where there is one, else exported once a session."""
    cache = getattr(request.config, "cache", None)
    kept = cache.mkdir("encoders") if cache else session_folder / "cache"
    kept.mkdir(exist_ok=True)
    with FileLock(kept / "lock"):
        exported = ensure_exported(DEFAULT_MODEL, kept, no_progress)
    copied = partial(shutil.copytree, exported, copy_function=link)  # onto the disk of the temporary folders, once
    return made_once(session_folder / "encoders" / exported.name, copied)


@pytest.fixture(scope="session")
def seeded(exported_encoder: Path) -> Callable[[Path], Path]:
    """Puts the export into an index folder, so that building there need not export again; returns the folder."""
    return partial(put_encoder, exported_encoder)


@pytest.fixture(scope="session")
def starter_settings(exported_encoder: Path, session_folder: Path) -> Settings:
    """The starter corpus with its index, built once and copied for each worker; tests read it and do not change it."""

    def make(folder: Path) -> None:
        build(Settings(corpus=STARTER, index=put_encoder(exported_encoder, folder / "index")))

    return Settings(corpus=STARTER, index=_copy_for_worker(made_once(session_folder / "starter", make)))


@pytest.fixture(scope="session")
def seeds_settings(shared_data: Path, exported_encoder: Path, session_folder: Path) -> Settings:
    """The seeds with their index, built once and copied for each worker; tests read it and do not change it."""
    corpus = shared_data / "seeds"

    def make(folder: Path) -> None:
        build(Settings(corpus=corpus, index=put_encoder(exported_encoder, folder / "index")))

    return Settings(corpus=corpus, index=_copy_for_worker(made_once(session_folder / "seeds", make)))


@pytest.fixture(scope="session")
def starter(starter_settings: Settings) -> Engine:
    """The starter index, opened."""
    return open_index(starter_settings.index)


@pytest.fixture(scope="session")
def leaflets(exported_encoder: Path, session_folder: Path) -> Engine:
    """The index of ten leaflets of ours, opened."""
    files = {file.name: file.read_bytes() for file in sorted((DATA / "leaflets").glob("*.md"))}
    folder = built_once(files, exported_encoder, session_folder)
    return open_index(_copy_for_worker(folder), folder / "corpus")


@pytest.fixture
def own(seeded: Callable[[Path], Path], tmp_path: Path) -> Settings:
    """An empty corpus folder and an index folder of the test's own."""
    (tmp_path / "corpus").mkdir()
    return Settings(corpus=tmp_path / "corpus", index=seeded(tmp_path / "index"))


@pytest.fixture
def prebuilt(exported_encoder: Path, session_folder: Path, tmp_path: Path) -> Prebuilt:
    """Gives the test a corpus of these files and its index, of its own: built once a session and copied."""

    def copy(files: Files) -> Settings:
        folder = built_once(files, exported_encoder, session_folder)
        shutil.copytree(folder / "corpus", tmp_path / "corpus")
        return Settings(corpus=tmp_path / "corpus", index=copy_index(folder / "index", tmp_path / "index"))

    return copy


def _copy_for_worker(shared: Path) -> Path:
    """Copy the index in a shared folder into one beside it, as deep, for this worker alone."""
    own = shared.with_name(f"{shared.name}-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    return copy_index(shared / "index", own / "index")
