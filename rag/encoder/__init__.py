"""Texts → unit vectors. Asking uses the exported model alone; exporting it, once, is a process of its own."""

from rag.encoder.model import ensure_exported, model_fingerprint
from rag.encoder.onnx import Encoder

__all__ = ["Encoder", "ensure_exported", "model_fingerprint"]
