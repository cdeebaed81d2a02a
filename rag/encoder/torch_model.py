"""Load the model with sentence-transformers, for the processes of their own that export it or encode in bulk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"})

import torch
from sentence_transformers import SentenceTransformer


class UnitVectors(torch.nn.Module):
    """A model from token ids to unit vectors. `inputs` are the names of what it takes, in order."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self.sample: Mapping[str, Any] = self.model.tokenizer(
            ["two texts", "of unlike length here"], padding=True, return_tensors="pt"
        )
        self.inputs = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in self.sample]
        self.eval()

    def forward(self, *values: torch.Tensor) -> torch.Tensor:
        """Return unit vectors in the model's own precision, shape (texts, dimensions)."""
        features = self.model(dict(zip(self.inputs, values, strict=True)))
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)
