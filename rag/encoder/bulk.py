"""Encode the texts of a build: as a question is or, on request, in bfloat16 where that is faster.

That takes many texts and a processor that multiplies in it. Torch does it, in a process of its own that ends with the
build; where it cannot, or does not survive it, texts are encoded as a question is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import numpy

from rag.core.errors import ModelError
from rag.core.system.processes import Apart, DidNotSurviveError
from rag.encoder.model import model_folder
from rag.encoder.onnx import Encoder, are_unit

MANY = 4096
"""Texts: with fewer, loading torch takes longer than it saves."""

_TOGETHER = 2048  # tokens run together: with more it is no faster
_REQUEST = 2**16  # tokens asked for at a time: a few seconds, so that one sees how far it has come


class BulkEncoder:
    """Encodes the texts of one build, `total` of them or fewer.

    A context manager. `precision` is "float32", or "auto" for the fastest that the processor has; `precisions` are
    those that were used: "float32", "bfloat16". In bfloat16 a vector differs in its last bits with what was encoded
    together with it, but not between builds that encode the same texts.
    """

    def __init__(self, encoder: Encoder, total: int, precision: str) -> None:
        self.encoder = encoder
        self.precisions: frozenset[str] = frozenset()
        self._apart: Apart | None = None
        if precision == "auto" and total >= MANY:
            with suppress(ModelError):  # an export can be used without its model
                self._apart = Apart("rag.encoder.bulk_worker", model_folder(encoder.model))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def encode(self, texts: Sequence[str], progress: Callable[[int], None]) -> numpy.ndarray:
        """Return unit float32 rows, shape (len(texts), dimensions); `progress` is told how many are done."""
        if self._apart is not None:
            try:
                if self._apart.ask(None) == "bfloat16":
                    rows = self._together(self._apart, texts, progress)
                    self.precisions |= {"bfloat16"}
                    return rows
            except DidNotSurviveError:
                progress(0)
            self._end()
        self.precisions |= {"float32"}
        return self.encoder.encode(texts, progress)

    def _together(self, apart: Apart, texts: Sequence[str], progress: Callable[[int], None]) -> numpy.ndarray:
        ids = list(self.encoder.token_ids(texts))
        rows = numpy.empty((len(texts), self.encoder.dimensions), dtype=numpy.float32)
        done = 0
        for request in _requests(list(map(len, ids))):
            answer = apart.ask([numpy.array([ids[place] for place in places], dtype=numpy.int64) for places in request])
            for places, vectors in zip(request, answer, strict=True):
                rows[places] = vectors
                done += len(places)
            progress(done)
        if not are_unit(rows):
            raise DidNotSurviveError(late=False, how="no unit vectors")
        return rows

    def _end(self) -> None:
        if self._apart is not None:
            self._apart.close()
            self._apart = None


def _requests(lengths: Sequence[int]) -> Iterator[list[list[int]]]:
    """Yield places of texts: those of one length together, the longest first, a request's worth at a time."""
    request: list[list[int]] = []
    asked = 0
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        length = lengths[place]
        if not request or lengths[request[-1][0]] != length or length * (len(request[-1]) + 1) > _TOGETHER:
            if asked >= _REQUEST:
                yield request
                request, asked = [], 0
            request.append([])
        request[-1].append(place)
        asked += length
    if request:
        yield request
