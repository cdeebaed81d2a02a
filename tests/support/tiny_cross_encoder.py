"""A cross-encoder of a few nodes, for tests: a text answers that holds a word, and so do its sentences that do."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from rag.core.config import DEFAULT_MODEL
from rag.core.system.checksums import file_record, sealed
from rag.encoder.cross_encoder_files import CARD_FILE, MODEL_FILE, TOKENIZER_FILE
from rag.encoder.model import model_folder

VOCABULARY = 30_522


def write_cross_encoder(folder: Path, word: str) -> Path:
    """Write a model by which a text answers with log-odds of 4 that holds a word of one token, and else of −4."""
    tokenizer = model_folder(DEFAULT_MODEL) / TOKENIZER_FILE
    words = Tokenizer.from_file(str(tokenizer))
    words.no_padding()
    (token,) = words.encode(word, add_special_tokens=False).ids
    weights = numpy.full(VOCABULARY, -4.0, dtype=numpy.float32)
    weights[token] = 4.0
    shape = ["texts", "tokens"]
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["weights", "ids"], ["own"]),
            helper.make_node("Cast", ["types"], ["second"], to=TensorProto.FLOAT),
            helper.make_node("Sub", ["second", "one"], ["first"]),  # −1 for what is of the question
            helper.make_node("Mul", ["first", "far"], ["off"]),
            helper.make_node("Sub", ["own", "off"], ["sentences"]),
            helper.make_node("ReduceMax", ["sentences", "axes"], ["answers"], keepdims=0),
        ],
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("ids", "types")],
        [
            helper.make_tensor_value_info("answers", TensorProto.FLOAT, ["texts"]),
            helper.make_tensor_value_info("sentences", TensorProto.FLOAT, shape),
        ],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(numpy.array(1.0, dtype=numpy.float32), "one"),
            numpy_helper.from_array(numpy.array(-9.0, dtype=numpy.float32), "far"),
            numpy_helper.from_array(numpy.array([1]), "axes"),
        ],
    )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / MODEL_FILE
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), file)
    card = {
        "fingerprint": hashlib.sha256(file.read_bytes()).hexdigest()[:16],
        "files": {each.name: asdict(file_record(each)) for each in (file, tokenizer)},
    }
    (folder / CARD_FILE).write_text(sealed(card), encoding="utf-8")
    return folder
