"""Place passages in the plane in which their vectors differ most (principal components, signs fixed).

The plane is that of the first two principal components of the unit vectors, so what is shown of a vector is a shadow.
A component's sign is free; here the entry of an axis that is farthest from nought is positive, so that the same index
gives the same picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.core.types.answers import Filters
from rag.core.types.passages import Passage
from rag.index.opening import OpenIndex
from rag.search.filters import allowed_rows, passing_documents

if TYPE_CHECKING:
    import numpy

MOST_POINTS = 2_000
"""How many passages are placed at most: more would be a blot, and take long to draw."""

NEAREST = 8
"""How many passages are named as the nearest to a question."""

APART = 12
"""How many documents get a mark of their own."""

_BATCH = 500  # rows looked up at a time


@dataclass(frozen=True, slots=True)
class Point:
    """A passage and where it stands in the plane."""

    passage: Passage
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CorpusMap:
    """Passages in a plane. `of` is how many there are that can be quoted; `explained` is each axis's share of variance.

    `dimensions` are those that the vectors have. `centre` and `axes`, shape (dimensions, 2), place other vectors.
    """

    points: tuple[Point, ...]
    of: int
    dimensions: int
    explained: tuple[float, float]
    centre: numpy.ndarray = field(repr=False, compare=False)
    axes: numpy.ndarray = field(repr=False, compare=False)

    def place(self, vector: numpy.ndarray) -> tuple[float, float]:
        """Return where a vector stands in the plane."""
        ((x, y),) = _placed(vector.reshape(1, -1), self.centre, self.axes).tolist()
        return x, y


@dataclass(frozen=True, slots=True)
class MappedQuestion:
    """A question on the map, the passages nearest to it in all dimensions, and those that were quoted."""

    x: float
    y: float
    nearest: tuple[tuple[Point, float], ...]
    quoted: tuple[Point, ...]


def map_corpus(index: OpenIndex, most: int = MOST_POINTS) -> CorpusMap:
    """Place an index's passages; of more than `most` as many, evenly spaced in the order of the corpus.

    Bare headings, which are never quoted, are not placed.
    """
    import numpy

    rows = numpy.arange(index.manifest.passages, dtype=numpy.int64)
    rows = rows[index.sentences.count(rows) > 0] if len(rows) else rows
    chosen = rows if len(rows) <= most else rows[numpy.linspace(0, len(rows) - 1, most).round().astype(numpy.int64)]
    vectors = index.dense.rows(chosen) if len(chosen) else numpy.zeros((0, index.dense.dimensions))
    centre, axes, explained = principal_plane(vectors)
    passages = _passages(index, chosen.tolist())
    points = _points(passages, _placed(vectors, centre, axes))
    return CorpusMap(points, len(rows), vectors.shape[1], explained, centre, axes)


def place_question(index: OpenIndex, corpus: CorpusMap, vector: numpy.ndarray, quoted: Sequence[str]) -> MappedQuestion:
    """Place a question, given as its unit vector, with the passages that are nearest to it and those of some ids.

    The nearest are such as a question without filters searches: of documents that are not withdrawn.
    """
    import numpy

    allowed = allowed_rows(passing_documents(Filters(), index).documents, index)
    every = numpy.arange(index.manifest.passages, dtype=numpy.int64)
    quotable = index.sentences.count(every) > 0
    found = index.dense.search(vector, NEAREST, quotable if allowed is None else quotable & allowed)
    rows = [row for row, _ in found] + index.store.rows_of(quoted)
    vectors = index.dense.rows(numpy.array(rows, dtype=numpy.int64)) if rows else numpy.zeros((0, corpus.dimensions))
    points = _points(_passages(index, rows), _placed(vectors, corpus.centre, corpus.axes))
    nearest = tuple(zip(points, (cosine for _, cosine in found), strict=False))
    order = {name: place for place, name in enumerate(quoted)}
    hits = sorted(points[len(found) :], key=lambda point: order[point.passage.id])
    return MappedQuestion(*corpus.place(vector), nearest, tuple(hits))


def marked_apart(passages: Mapping[str, int], most: int = APART) -> tuple[str, ...]:
    """Return the documents that get a mark of their own: those with the most passages, given for each by its id."""
    return tuple(sorted(passages, key=lambda name: -passages[name])[:most])


def principal_plane(vectors: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray, tuple[float, float]]:
    """Return the centre of some rows, the two axes along which they differ most, and each one's share of variance.

    Where they differ along fewer, the axis is nought.
    """
    import numpy

    dimensions = vectors.shape[1]
    axes = numpy.zeros((dimensions, 2))
    if not len(vectors):
        return numpy.zeros(dimensions), axes, (0.0, 0.0)
    rows = vectors.astype(numpy.float64)
    centre = rows.mean(axis=0)
    rows -= centre
    variances, directions = numpy.linalg.eigh(rows.T @ rows / len(rows))
    total = float(variances.clip(min=0).sum())
    shares = [0.0, 0.0]
    for axis in range(min(2, dimensions)):
        variance, direction = float(variances[-1 - axis]), directions[:, -1 - axis]
        if variance <= 1e-12:  # rounding
            continue
        farthest = numpy.argmax(numpy.abs(direction).round(9))
        axes[:, axis] = direction * numpy.sign(direction[farthest])
        shares[axis] = variance / total
    return centre, axes, (shares[0], shares[1])


def _placed(vectors: numpy.ndarray, centre: numpy.ndarray, axes: numpy.ndarray) -> numpy.ndarray:
    """Return where rows stand, each the same whatever stands beside it; a matrix product's last bits are not."""
    import numpy

    placed: numpy.ndarray = numpy.einsum("ij,jk->ik", vectors - centre, axes)
    return placed


def _passages(index: OpenIndex, rows: Sequence[int]) -> list[Passage]:
    found: dict[int, Passage] = {}
    for start in range(0, len(rows), _BATCH):
        found |= index.store.passages(sorted(set(rows[start : start + _BATCH])))
    return [found[row] for row in rows]


def _points(passages: Sequence[Passage], places: numpy.ndarray) -> tuple[Point, ...]:
    return tuple(Point(passage, x, y) for passage, (x, y) in zip(passages, places.tolist(), strict=True))
