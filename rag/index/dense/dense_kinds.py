"""Choose the kind of a dense index, exact or quantised, by what its own sentences find in it.

An exact search reads every component of every vector: at 384 dimensions 1.5 KB a passage, so that it is bound by
memory. From `EXACT_UP_TO` passages on, candidates are therefore found by codes of a bit a dimension (RaBitQ: Gao and
Long, "RaBitQ: quantizing high-dimensional vectors with a theoretical error bound for approximate nearest neighbor
search", SIGMOD 2024), and scored again by their own vectors, which lie beside the codes and are mapped. The codes lie
in inverted lists (Sivic and Zisserman, "Video Google", ICCV 2003), from `LISTS_FROM` passages on about as many as their
square root, and a question looks through the lists nearest to it. The centroids are trained anew at each build, on a
fixed choice of the vectors: an index brought up to date is the one built from nothing.

How many lists are looked through, and how many candidates scored again, is found when the index is built: the fewest of
some with which a sample of the corpus's own sentences, asked as questions, gets what the exact search gets.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy

EXACT_UP_TO = 5_000
"""Passages that are searched exactly: half a millisecond, and again as much for the search after feedback."""

LISTS_FROM = 50_000
"""Passages from which on codes lie in more than one list. Of fewer, looking through all takes less than a millisecond,
and training for many lists would take a third of a second of each build."""

LEAST_RECALL = 0.99
"""The share of the ten nearest that must be found; where no number of candidates finds so many, the kind is exact."""

RESCORED = (200, 400, 800, 1600)
"""How many candidates may be scored again; from 400 on that costs more than a millisecond."""

PROBED = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1)
"""Which share of the lists may be looked through."""

_TRAINED_ON = 32  # vectors for each list, and so many rounds; with twice of both recall was the same
_ROUNDS = 4

_NEAREST = 10
_SAMPLED = 200


@dataclass(frozen=True, slots=True)
class DenseKind:
    """The way in which vectors are searched.

    Of a quantised index `probed` is how many of its `lists` are looked through for a question, `rescored` how many
    candidates are scored again, and `recall` the share of the ten nearest passages that were found so, over `sampled`
    sentences.
    """

    name: Literal["exact", "quantised"] = "exact"
    rescored: int = 0
    recall: float = 1.0
    sampled: int = 0
    lists: int = 0
    probed: int = 0


EXACT = DenseKind()


def exact_index(vectors: numpy.ndarray) -> Any:
    """Return an exact faiss index of unit float32 rows by inner product."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def quantised_index(vectors: numpy.ndarray) -> Any:
    """Return a faiss index of unit float32 rows by inner product, a bit a dimension, in inverted lists."""
    import faiss

    size, dimensions = vectors.shape
    lists = 1 if size < LISTS_FROM else 1 << (math.isqrt(size).bit_length() - 1)
    index = faiss.IndexIVFRaBitQ(faiss.IndexFlatIP(dimensions), dimensions, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.max_points_per_centroid, index.cp.min_points_per_centroid = _ROUNDS, _TRAINED_ON, 1
    index.train(vectors[:: max(1, size // (_TRAINED_ON * lists))])
    index.add(vectors)
    return index


def searched_lists(probed: int, allowed: Any = None) -> Any:
    """Return faiss's parameters for looking through so many lists, of which the rows are found that are `allowed`."""
    import faiss

    parameters: Any = faiss.IVFRaBitQSearchParameters  # faiss's stubs know the C++ signature alone
    return parameters(nprobe=probed) if allowed is None else parameters(nprobe=probed, sel=allowed)


def chosen_kind(quantised: Any, vectors: numpy.ndarray, questions: numpy.ndarray) -> DenseKind:
    """Return the kind that a quantised index of these vectors earns, asked some of the questions, int8 directions."""
    import numpy

    every = max(1, len(questions) // _SAMPLED)
    sample = questions[::every][:_SAMPLED].astype(numpy.float32)
    sample /= numpy.maximum(numpy.linalg.norm(sample, axis=1, keepdims=True), 1)
    if not len(sample):
        return EXACT
    nearest = _exactly(vectors, sample)
    for probed in _probed(quantised.nlist):
        _, candidates = quantised.search(sample, min(RESCORED[-1], len(vectors)), params=searched_lists(probed))
        # Whoever is among the candidates and among the nearest is among the nearest of the candidates.
        places = numpy.nonzero((candidates[:, :, None] == nearest[:, None, :]).any(axis=2))[1]
        for rescored in RESCORED:
            recall = float(numpy.count_nonzero(places < rescored)) / nearest.size
            if recall >= LEAST_RECALL:
                return DenseKind("quantised", rescored, round(recall, 4), len(sample), quantised.nlist, probed)
    return EXACT


def _probed(lists: int) -> Iterator[int]:
    yield from dict.fromkeys(max(1, round(share * lists)) for share in PROBED)


def _exactly(vectors: numpy.ndarray, sample: numpy.ndarray) -> numpy.ndarray:
    """Return the rows nearest to each of a sample, in stretches, so that nothing of the vectors' size is made again."""
    import faiss

    results = faiss.ResultHeap(len(sample), _NEAREST, keep_max=True)
    stretch = 1 << 16
    for start in range(0, len(vectors), stretch):
        products, rows = faiss.knn(
            sample, vectors[start : start + stretch], _NEAREST, metric=faiss.METRIC_INNER_PRODUCT
        )
        results.add_result(products, rows + start)
    results.finalize()
    found: numpy.ndarray = results.I
    return found
