"""Keep a loaded model for all tests of a process, since every build and every opened index loads it anew.

What is kept is told by the files themselves, which are links to one export: a file that a test damages is another one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer

from rag.encoder import onnx
from rag.encoder.export_files import WEIGHTS_FILE

_Identity = tuple[int, int, int, int]


def keep_loaded(patch: pytest.MonkeyPatch) -> None:
    """Have sessions and tokenizers of files that were read before taken from memory."""
    load, sessions = onnx.Encoder._open, {}

    def opened(model: Path, threads: int) -> Any:
        known = (_identity(model), _identity(model.with_name(WEIGHTS_FILE)), threads)
        if known not in sessions:
            sessions[known] = load(model, threads)
        return sessions[known]

    patch.setattr(onnx.Encoder, "_open", staticmethod(opened))
    patch.setattr(onnx, "Tokenizer", _KeptTokenizers)


_READ: dict[_Identity, Tokenizer] = {}


class _KeptTokenizers:
    """Gives tokenizers as `Tokenizer` does; an encoder sets all that are of one file in the same way."""

    @staticmethod
    def from_file(path: str) -> Tokenizer:
        identity = _identity(Path(path))
        if identity not in _READ:
            _READ[identity] = Tokenizer.from_file(path)
        return _READ[identity]

    from_str = staticmethod(cache(Tokenizer.from_str))


def _identity(file: Path) -> _Identity:
    found = file.stat()
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size
