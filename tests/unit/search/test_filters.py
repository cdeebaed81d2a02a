"""What a filter lets through, and that a search within it is exact."""

from __future__ import annotations

import calendar
import datetime
import random
import shutil
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.indexes import lexical_index
from support.properties import examples

from rag.core.dates import days
from rag.index.dense.dense_index import DenseIndex, write_dense
from rag.index.dense.sentences import directions


@examples(300)
@given(st.dates(), st.integers(1, 3))
def test_a_date_covers_its_days_and_no_others(day: datetime.date, parts: int) -> None:
    date = "-".join(day.isoformat().split("-")[:parts])
    first, last = days(date)
    length = [366 if calendar.isleap(day.year) else 365, calendar.monthrange(day.year, day.month)[1], 1][parts - 1]
    assert first <= day <= last
    assert (last - first).days == length - 1
    assert first.isoformat().startswith(date)
    assert last.isoformat().startswith(date)


@st.composite
def selections(draw: st.DrawFn) -> tuple[list[int], numpy.ndarray, int]:
    """How many passages each document has, which rows are allowed, and a seed."""
    counts = draw(st.lists(st.integers(0, 7), min_size=1, max_size=25))
    chosen = draw(st.lists(st.booleans(), min_size=len(counts), max_size=len(counts)))
    return counts, numpy.repeat(numpy.array(chosen, dtype=bool), counts), draw(st.integers(0, 2**16))


@examples(60)
@given(selections(), st.integers(1, 40))
def test_the_dense_search_within_some_rows_is_exact(
    tmp_path_factory: pytest.TempPathFactory, selection: tuple[list[int], numpy.ndarray, int], limit: int
) -> None:
    counts, allowed, seed = selection
    chance = numpy.random.default_rng(seed)
    rows = chance.normal(size=(sum(counts), 16)).astype(numpy.float32)
    rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)
    folder = tmp_path_factory.mktemp("dense")
    files = folder / "dense.faiss", folder / "vectors.npy"
    index = DenseIndex(*files, write_dense(*files, rows, directions(rows)))
    query = chance.normal(size=16).astype(numpy.float32)
    query /= numpy.linalg.norm(query)
    found = index.search(query, limit, allowed)
    oracle = rows @ query
    best = sorted(numpy.flatnonzero(allowed).tolist(), key=lambda row: -oracle[row])[:limit]
    assert [row for row, _ in found] == best
    assert numpy.allclose([cosine for _, cosine in found], oracle[best], atol=1e-6)
    everything = dict(index.search(query, max(1, len(rows))))
    assert all(everything[row] == cosine for row, cosine in found)
    shutil.rmtree(folder)


@examples(40)
@given(selections(), st.lists(st.sampled_from("salt iron sleep tea heart mouse".split()), min_size=1, max_size=4))
def test_the_lexical_search_within_some_documents_keeps_every_score(
    tmp_path_factory: pytest.TempPathFactory, selection: tuple[list[int], numpy.ndarray, int], query: list[str]
) -> None:
    counts, allowed, seed = selection
    chance = random.Random(seed)

    def words(least: int) -> str:
        return " ".join(
            chance.choices("salt iron sleep tea heart mouse noise walk".split(), k=chance.randint(least, 9))
        )

    folder = tmp_path_factory.mktemp("lexical") / "lexical"
    index = lexical_index(folder, [(words(1), words(0)) for _ in range(sum(counts))], counts)
    everything = index.search(" ".join(query), max(1, index.size))
    within: list[Any] = [(row, score) for row, score in everything if allowed[row]]
    assert index.search(" ".join(query), max(1, index.size), allowed) == within
    for limit in (1, 3):
        found = index.search(" ".join(query), limit, allowed)
        assert [score for _, score in found] == [score for _, score in within[:limit]]
        assert set(found) <= set(within)


def test_a_document_is_allowed_as_a_whole(tmp_path: Path) -> None:
    index = lexical_index(tmp_path / "lexical", [("salt", "")] * 3, [2, 1])
    assert [row for row, _ in index.search("salt", 9, numpy.array([True, True, False]))] == [0, 1]
    with pytest.raises(ValueError, match="as a whole"):
        index.search("salt", 9, numpy.array([True, False, True]))
