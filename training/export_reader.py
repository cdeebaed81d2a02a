"""Export a trained reader for the program: a graph of eight-bit weights, and a card that says what it is.

    python training/export_reader.py STATE EXAMPLES_DIR TARGET_DIR [--figures FILE.json]

STATE is a state.pt of train_reader.py. Matrices are quantised a column at a time to seven bits, so that sums of two
products of eight-bit numbers fit into sixteen on processors that know no better. What the graph says is compared with
what the reader says on examples of dev.jsonl.gz. FILE.json is put into the card.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy
import onnxruntime
import torch
from judge_reader import load_reader
from onnxruntime.quantization import QuantType, quantize_dynamic
from reader_examples import Example, batch, own_tokenizer, read_examples
from reader_model import Batch, Reader
from torch import Tensor, nn

from rag.core.config import DEFAULT_MODEL
from rag.core.system.checksums import file_record, sealed
from rag.encoder.cross_encoder_files import CARD_FILE, MODEL_FILE, TOKENIZER_FILE
from rag.encoder.model import model_folder

COMPARED = 500


class TwoOutputs(nn.Module):
    """A reader whose log-odds of a sentence are given a token at a time; a sentence's are their mean."""

    def __init__(self, reader: Reader) -> None:
        """Take a reader."""
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Return (examples,) and (examples, tokens)."""
        states = self.reader.states(Batch(ids, types, torch.ones_like(ids, dtype=torch.bool), types, 0))
        answers = self.reader.answers(torch.tanh(self.reader.pooled(states[:, 0])))
        return answers.squeeze(-1), self.reader.sentence(states).squeeze(-1)


def export(reader: Reader, target: Path) -> None:
    """Write the graph."""
    ids = torch.randint(1_000, 20_000, (2, 20))
    dynamic = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        whole, simple = Path(folder, "whole.onnx"), Path(folder, "simple.onnx")
        torch.onnx.export(
            TwoOutputs(reader), (ids, torch.zeros_like(ids)), str(whole), dynamo=True, external_data=False,
            input_names=["ids", "types"], output_names=["answers", "sentences"], dynamic_shapes=(dynamic, dynamic),
            verbose=False,
        )  # fmt: skip
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(simple)
        onnxruntime.InferenceSession(str(whole), options, providers=["CPUExecutionProvider"])
        quantize_dynamic(simple, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


@torch.no_grad()
def compare(reader: Reader, graph: Path, examples: Sequence[Example]) -> tuple[float, float]:
    """Return the correlation of what both say, and the mean difference of the log-odds."""
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    own, exported = [], []
    for each in examples:
        made = batch([each])
        own.append(float(reader(made).answers[0]))
        exported.append(float(session.run(["answers"], {"ids": made.ids.numpy(), "types": made.types.numpy()})[0][0]))
    return float(numpy.corrcoef(own, exported)[0, 1]), float(numpy.abs(numpy.subtract(own, exported)).mean())


def main() -> None:
    """Export, compare, and write the card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("state", type=Path, metavar="STATE")
    parser.add_argument("examples", type=Path, metavar="EXAMPLES_DIR")
    parser.add_argument("target", type=Path, metavar="TARGET_DIR")
    parser.add_argument("--figures", type=Path, metavar="FILE.json")
    given = parser.parse_args()
    given.target.mkdir(parents=True, exist_ok=True)
    reader = load_reader(given.state)
    model, tokenizer = given.target / MODEL_FILE, model_folder(DEFAULT_MODEL) / TOKENIZER_FILE
    export(reader, model)
    correlation, difference = compare(
        reader, model, read_examples(given.examples / "dev.jsonl.gz", own_tokenizer())[:COMPARED]
    )
    print(f"{model.stat().st_size / 1e6:.1f} MB, correlation {correlation:.4f}, mean difference {difference:.3f}")
    card = {
        "fingerprint": hashlib.sha256(model.read_bytes()).hexdigest()[:16],
        "files": {file.name: vars_of(file) for file in (model, tokenizer)},
        "figures": json.loads(given.figures.read_text(encoding="utf-8")) if given.figures else {},
    }
    (given.target / CARD_FILE).write_text(sealed(card), encoding="utf-8")


def vars_of(file: Path) -> dict[str, object]:
    """Return a file's record as plain values."""
    record = file_record(file)
    return {name: getattr(record, name) for name in ("size", "sha256", "ends", "beginning")}


if __name__ == "__main__":
    main()
