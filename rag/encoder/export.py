"""Export a sentence-transformers model to ONNX with torch, in a process of its own.

python -m rag.encoder.export MODEL_FOLDER TARGET_FOLDER
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from rag.encoder.export_files import DRAFT_FILE, MODEL_FILE, OUTPUT, TOKENIZER_FILE, WEIGHTS_FILE


def export(source: Path, target: Path) -> None:
    """Write the graph, its weights, tokenizer.json and a draft of encoder.json."""
    import torch

    from rag.encoder.torch_model import UnitVectors

    model = UnitVectors(source)
    whole = target / "whole.onnx"
    shape = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    with torch.no_grad():
        torch.onnx.export(
            model,
            tuple(model.sample[name] for name in model.inputs),
            str(whole),
            dynamo=True,
            external_data=False,
            input_names=model.inputs,
            output_names=[OUTPUT],
            dynamic_shapes=(tuple(shape for _ in model.inputs),),
            verbose=False,
        )
    _simplify(whole, target)
    whole.unlink()
    loaded, tokenizer = model.model, model.model.tokenizer
    tokenizer.backend_tokenizer.save(str(target / TOKENIZER_FILE))
    draft = {
        "dimensions": loaded.get_embedding_dimension(),
        "max_tokens": int(loaded.max_seq_length or tokenizer.model_max_length),
        "inputs": model.inputs,
        "exported_with": {"torch": torch.__version__},
    }
    (target / DRAFT_FILE).write_text(json.dumps(draft), encoding="utf-8")


def _simplify(whole: Path, target: Path) -> None:
    """Write a graph once more as onnxruntime simplifies it for any processor, its weights in a file beside it.

    So a session need neither simplify it nor read the weights before it can run; it gives the same vectors to the bit.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Measured on one thread: 220 tokens take 48 ms, and 55 ms with all optimisations.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target / MODEL_FILE)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", WEIGHTS_FILE)
    onnxruntime.InferenceSession(str(whole), options, providers=["CPUExecutionProvider"])


def end_with_input() -> None:
    """End this process when its input ends: whoever started it is gone then, and nobody waits for the export."""
    os.read(0, 1)  # through `sys.stdin`, this thread would hold a lock that the end of the program wants
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(
        target=end_with_input, daemon=True
    ).start()  # before torch is imported, which takes most of the time
    export(Path(sys.argv[1]), Path(sys.argv[2]))
