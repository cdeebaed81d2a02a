"""Read questions and passages together with a cross-encoder: onnxruntime and tokenizers, and nothing larger."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Literal

import numpy
import onnxruntime
from tokenizers import Tokenizer

from rag.core.config import DEFAULT_MODEL
from rag.core.errors import ModelError
from rag.core.system.checksums import FileRecord, unsealed
from rag.core.types.passage_readings import PassageReading, PassageText
from rag.encoder.cross_encoder_files import CARD_FILE, MODEL_FILE, TOKENIZER_FILE
from rag.encoder.model import model_folder
from rag.encoder.reading_input import ReadingInput, reading_input

_INPUTS = ("ids", "types")
_SURE = 20.0
"""Log-odds beyond which nothing is told apart."""


class CrossEncoder:
    """A model that reads a question with a passage, and says whether it answers and which sentences do.

    Each passage is read alone, in a single-threaded run, several side by side: what is said of one does not depend on
    the others.
    """

    is_missing: Literal[False] = False

    def __init__(self, folder: Path) -> None:
        """Open the model in a folder. Raises `ModelError` when files are missing, torn or not what they say."""
        try:
            card = unsealed((folder / CARD_FILE).read_text(encoding="utf-8"))
            self.fingerprint = str(card["fingerprint"])
            places = {MODEL_FILE: folder, TOKENIZER_FILE: model_folder(DEFAULT_MODEL)}
            for name, place in places.items():
                if not FileRecord(**card["files"][name]).is_of(place / name):
                    raise ValueError(f"{name} is not the one that it was made with")
            self._tokenizer = Tokenizer.from_file(str(places[TOKENIZER_FILE] / TOKENIZER_FILE))
            self._session = _open(folder / MODEL_FILE)
        except Exception as error:  # the libraries' errors have no base below Exception
            raise ModelError(f"The cross-encoder cannot be opened ({str(error).splitlines()[0][:200]}).") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def read(self, question: str, passages: Sequence[PassageText]) -> list[PassageReading]:
        """Read a question with each of some passages, whose sentences are at least one each.

        Of a passage that is too long the sentences round the nearest are read. Raises `ModelError` where the model
        gives no numbers.
        """
        asked = self._ids(question)
        inputs = [
            reading_input(asked, self._ids(f"{each.above}.") if each.above else [], self._all(each), each.nearest)
            for each in passages
        ]
        return list(_pool().map(self._run, inputs))

    def _all(self, passage: PassageText) -> list[list[int]]:
        encoded = self._tokenizer.encode_batch(list(passage.sentences), add_special_tokens=False)
        return [each.ids for each in encoded]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _run(self, given: ReadingInput) -> PassageReading:
        values = {
            name: numpy.array([each], dtype=numpy.int64)
            for name, each in zip(_INPUTS, (given.ids, given.types), strict=True)
        }
        try:
            answers, by_token = self._session.run(None, values)
        except Exception as error:  # onnxruntime's errors have no base below Exception
            raise ModelError(f"The cross-encoder cannot be run ({str(error).splitlines()[0][:200]}).") from error
        if not (numpy.isfinite(answers).all() and numpy.isfinite(by_token).all()):
            raise ModelError("The cross-encoder gives no numbers.")
        own = numpy.array(given.sentence)
        sentences = {number: _held(by_token[0][own == number].mean()) for number in given.sentences}
        return PassageReading(_held(answers[0]), sentences)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="cross-encoder")


def _open(model: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _held(log_odds: float) -> float:
    return round(max(-_SURE, min(_SURE, float(log_odds))), 4)
