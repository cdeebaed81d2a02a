"""Encode texts with the exported model: onnxruntime and tokenizers, neither torch nor sentence-transformers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path

import numpy
import onnxruntime
from tokenizers import Tokenizer

from rag.core.errors import IndexDamaged
from rag.core.system.checksums import FileRecord, unsealed
from rag.encoder.export_files import DESCRIPTION_FILE, MODEL_FILE, OUTPUT, TOKENIZER_FILE, WEIGHTS_FILE

_SLICE = 256  # texts tokenised at a time
_MANY = 64  # texts: it takes so many before a session for them is worth opening
_THREADS = min(2, os.cpu_count() or 1)  # for one text: more hardly help, for reading the weights takes most of the time

_OFF_UNIT = 1e-3  # how far from 1 the squared length of what it gives may be, generously


class Encoder:
    """A sentence-transformers model that was exported into `folder`.

    Each text is run alone, unpadded: a vector depends on its text and on nothing that was encoded with it. A question
    is run on two threads; where there are many texts, each is run on one, and several side by side. The vectors are the
    same to the bit, for no sum is parted between threads.
    """

    def __init__(self, folder: Path) -> None:
        """Open the export. Raises `IndexDamaged` when files are missing, torn or not what they say."""
        try:
            description = unsealed((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
            for name, record in description["files"].items():
                if not FileRecord(**record).may_be_opened(folder / name, plain=name == WEIGHTS_FILE):
                    raise ValueError(f"{name} was altered")
            self.fingerprint = str(description["fingerprint"])
            self.model = str(description["model"])
            self.dimensions = int(description["dimensions"])
            self.max_tokens = int(description["max_tokens"])
            self._inputs = [str(name) for name in description["inputs"]]
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._model = folder / MODEL_FILE
            self._session = self._open(self._model, _THREADS)
            if (self.fingerprint, self.dimensions) != (folder.name, self._session.get_outputs()[0].shape[-1]):
                raise ValueError("it is not what it says")
        except Exception as error:  # tokenizers raises a bare Exception for a file that is not its own
            raise _damaged(f"in {folder} cannot be opened ({str(error).splitlines()[0][:200]})") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.max_tokens)

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> numpy.ndarray:
        """Return unit float32 rows, shape (len(texts), dimensions); `progress` is told how many are done.

        A text longer than `max_tokens` is represented by its beginning.
        """
        rows = numpy.empty((len(texts), self.dimensions), dtype=numpy.float32)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # it makes threads only when they are asked for
            ids = self.token_ids(texts)
            many = len(texts) >= _MANY
            runs = pool.map(partial(self._run, session=self._for_many), ids) if many else map(self._run, ids)
            for done, row in enumerate(runs):
                rows[done] = row
                if progress is not None:
                    progress(done + 1)
        return rows

    @cached_property
    def _for_many(self) -> onnxruntime.InferenceSession:
        return self._open(self._model, 1)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, without special tokens, however long it is."""
        return len(self._counting().encode(text, add_special_tokens=False).ids)

    def is_word(self, text: str) -> bool:
        """Say whether a text is one token of the model: a word that people write often, and spell so."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids) == 1

    @cached_property
    def words(self) -> list[str]:
        """The words that are one token of the model, of letters alone and in lower case, in alphabetical order."""
        return sorted(token for token in self._tokenizer.get_vocab() if token.isalpha() and token.islower())

    def _counting(self) -> Tokenizer:
        if not hasattr(self, "_counter"):
            self._counter = Tokenizer.from_str(self._tokenizer.to_str())
            self._counter.no_truncation()
        return self._counter

    def token_ids(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Yield each text's tokens, special ones and all, no more than `max_tokens`."""
        for start in range(0, len(texts), _SLICE):
            for encoding in self._tokenizer.encode_batch(list(texts[start : start + _SLICE])):
                yield encoding.ids

    def _run(self, ids: list[int], session: onnxruntime.InferenceSession | None = None) -> numpy.ndarray:
        tokens = numpy.array([ids], dtype=numpy.int64)
        values = {
            "input_ids": tokens,
            "attention_mask": numpy.ones_like(tokens),
            "token_type_ids": numpy.zeros_like(tokens),
        }
        try:
            (vectors,) = (session or self._session).run([OUTPUT], {name: values[name] for name in self._inputs})
        except Exception as error:  # onnxruntime's have no class of their own
            raise _damaged(f"cannot be run ({str(error).splitlines()[0][:200]})") from error
        row: numpy.ndarray = vectors[0]
        if not are_unit(vectors):
            raise _damaged("gives no unit vectors")
        return row

    @staticmethod
    def _open(model: Path, threads: int) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.spin_duration_us", "20")  # and then let others work
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # The export is simplified already.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def are_unit(rows: numpy.ndarray) -> bool:
    """Say whether rows are of length 1, and so no nonsense."""
    return bool((abs(numpy.einsum("ij,ij->i", rows, rows) - 1) < _OFF_UNIT).all())


def _damaged(how: str) -> IndexDamaged:
    return IndexDamaged(f"The exported encoder {how}.", "Make it anew with: python -m rag build --rebuild")
