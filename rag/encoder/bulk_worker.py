"""Encode many texts for `BulkEncoder`, in a process of its own: `python -m rag.encoder.bulk_worker`.

Texts of one length are run together, unpadded, and as many such runs side by side as there are processors, on one
thread each: on two cores with AMX 400 texts of 62 tokens a second, where padded batches of 32 on two threads came to
290, and to 97 in float32.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy

from rag.core.system.processes import serve

Respond = Callable[[Sequence[numpy.ndarray] | None], list[numpy.ndarray] | str]


def opened(folder: Path) -> Respond:
    """Load a model and return what encodes with it.

    Asked None, it says in which precision it is worth asking; asked token ids, each array of shape (texts, tokens), it
    returns unit float32 rows for each.
    """
    import torch

    if not _multiplies_bfloat16(torch.cpu.get_capabilities()):
        return lambda _: "float32"
    from rag.encoder.torch_model import UnitVectors

    torch.set_num_threads(1)
    model = UnitVectors(folder).to(torch.bfloat16)
    pool = ThreadPoolExecutor(os.cpu_count() or 1)

    def vectors(tokens: numpy.ndarray) -> numpy.ndarray:
        ids = torch.from_numpy(tokens)
        values = {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "token_type_ids": torch.zeros_like(ids),
        }
        with torch.inference_mode():
            rows = model(*(values[name] for name in model.inputs)).float()
            unit: numpy.ndarray = torch.nn.functional.normalize(rows, dim=-1).numpy()
            return unit

    def respond(batches: Sequence[numpy.ndarray] | None) -> list[numpy.ndarray] | str:
        return "bfloat16" if batches is None else list(pool.map(vectors, batches))

    return respond


def _multiplies_bfloat16(capabilities: Mapping[str, Any]) -> bool:
    """Say whether a processor has instructions for it; without them it is slower than float32."""
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


if __name__ == "__main__":
    serve(opened)
