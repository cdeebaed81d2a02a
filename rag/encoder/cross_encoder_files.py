"""Name the files of the cross-encoder that comes with the program, and say which it is without opening it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

MODEL_FILE = "cross_encoder.onnx"
CARD_FILE = "cross_encoder.json"
"""What the model is: its fingerprint, the checksums of its files, and figures."""

TOKENIZER_FILE = "tokenizer.json"
"""Lies with the embedding model, whose vocabulary is the cross-encoder's too."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why there is no cross-encoder, in words for a person."""

    why: str
    is_missing: Literal[True] = True


def cross_encoder_folder() -> Path:
    """Return where the cross-encoder lies, if one comes with the program."""
    return Path(str(files("rag.encoder").joinpath("models")))


def cross_encoder_fingerprint() -> str:
    """Return what identifies the cross-encoder that comes with the program; empty where there is none."""
    try:
        return str(json.loads((cross_encoder_folder() / CARD_FILE).read_text(encoding="utf-8"))["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
