"""The dense index against exact search by numpy, which is the oracle of every kind."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy
import pytest

from rag.answer.engine import open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.core.errors import IndexDamaged
from rag.index.dense import dense_kinds
from rag.index.dense.dense_index import DenseIndex, write_dense
from rag.index.dense.dense_kinds import EXACT, DenseKind
from rag.index.dense.sentences import directions

DIMENSIONS = 64


@pytest.fixture(params=["one list", "many lists"], autouse=True)
def lists(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Quantised indexes as those of fewer passages are, and as those of more: the same must hold of both."""
    many = bool(request.param == "many lists")
    monkeypatch.setattr(dense_kinds, "LISTS_FROM", 0 if many else 10**9)
    return many


def unit(rows: numpy.ndarray) -> numpy.ndarray:
    return (rows / numpy.linalg.norm(rows, axis=1, keepdims=True)).astype(numpy.float32)


def topics(count: int, seed: int = 3) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return vectors about some topics, as passages are, and questions near some of them."""
    chance = numpy.random.default_rng(seed)
    about = unit(chance.normal(size=(40, DIMENSIONS)))
    rows = unit(about[chance.integers(40, size=count)] + 0.12 * chance.normal(size=(count, DIMENSIONS)))
    questions = unit(rows[chance.integers(count, size=60)] + 0.05 * chance.normal(size=(60, DIMENSIONS)))
    return rows, questions


def written(
    folder: Path, rows: numpy.ndarray, questions: numpy.ndarray, exact_up_to: int
) -> tuple[DenseIndex, DenseKind]:
    files = folder / "dense.faiss", folder / "vectors.npy"
    kind = write_dense(*files, rows, directions(questions), exact_up_to=exact_up_to)
    return DenseIndex(*files, kind), kind


def oracle(rows: numpy.ndarray, query: numpy.ndarray, limit: int, allowed: numpy.ndarray | None = None) -> list[int]:
    products = rows @ query
    among = range(len(rows)) if allowed is None else numpy.flatnonzero(allowed).tolist()
    return sorted(among, key=lambda row: (-products[row], row))[:limit]


def test_a_small_index_is_exact(tmp_path: Path) -> None:
    rows, questions = topics(500)
    index, kind = written(tmp_path, rows, questions, exact_up_to=500)
    assert kind == EXACT
    assert not (tmp_path / "vectors.npy").exists()
    for query in questions:
        assert [row for row, _ in index.search(query, 10)] == oracle(rows, query, 10)
    assert numpy.array_equal(index.vectors(), rows)
    assert numpy.array_equal(index.rows(numpy.array([7, 3])), rows[[7, 3]])


def test_a_larger_one_is_quantised_and_finds_what_it_says(tmp_path: Path, lists: bool) -> None:
    rows, questions = topics(6000)
    index, kind = written(tmp_path, rows, questions, exact_up_to=5999)
    assert (kind.name, kind.sampled) == ("quantised", len(questions))
    assert kind.recall >= dense_kinds.LEAST_RECALL
    assert kind.rescored in dense_kinds.RESCORED
    assert (kind.lists, kind.probed < kind.lists) == ((64, True) if lists else (1, False))
    found = [[row for row, _ in index.search(query, 10)] for query in questions]
    held = sum(len(set(mine) & set(oracle(rows, query, 10))) for mine, query in zip(found, questions, strict=True))
    assert held / (10 * len(questions)) >= dense_kinds.LEAST_RECALL
    assert numpy.array_equal(index.vectors(), rows)


def test_what_a_quantised_index_returns_has_its_own_cosine_in_order(tmp_path: Path) -> None:
    rows, questions = topics(3000)
    index, _ = written(tmp_path, rows, questions, exact_up_to=0)
    for query in questions[:20]:
        found = index.search(query, 50)
        assert len(found) == 50
        assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
        for row, cosine in found:
            assert cosine == pytest.approx(float(rows[row] @ query), abs=1e-6)


@pytest.mark.parametrize("exact_up_to", [0, 3000])
def test_only_allowed_rows_are_found(tmp_path: Path, exact_up_to: int) -> None:
    rows, questions = topics(3000)
    index, _ = written(tmp_path, rows, questions, exact_up_to=exact_up_to)
    few = numpy.zeros(len(rows), dtype=bool)
    few[[5, 17, 2900]] = True
    for query in questions[:10]:
        assert [row for row, _ in index.search(query, 10, allowed=few)] == oracle(rows, query, 10, few)
    assert index.search(questions[0], 10, allowed=numpy.zeros(len(rows), dtype=bool)) == []


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_what_is_allowed_is_found_wherever_it_lies(tmp_path: Path, share: float) -> None:
    rows, questions = topics(6000)
    index, kind = written(tmp_path, rows, questions, exact_up_to=0)
    allowed = numpy.random.default_rng(2).random(len(rows)) < share
    found = [[row for row, _ in index.search(query, 10, allowed=allowed)] for query in questions]
    held = sum(
        len(set(mine) & set(oracle(rows, query, 10, allowed))) for mine, query in zip(found, questions, strict=True)
    )
    assert held / (10 * len(questions)) >= kind.recall - 0.01
    assert all(allowed[mine].all() for mine in found)


def test_an_altered_row_number_is_refused(tmp_path: Path) -> None:
    rows, questions = topics(3000)
    index, _ = written(tmp_path, rows, questions, exact_up_to=0)
    index.size = 100  # as if the file held rows beyond the last one
    with pytest.raises(IndexDamaged, match="--rebuild"):
        index.search(questions[0], 10)


def test_training_depends_on_no_number_of_threads() -> None:
    rows, _ = topics(6000)
    written_out = []
    for threads in (1, 2):
        faiss.omp_set_num_threads(threads)
        written_out.append(faiss.serialize_index(dense_kinds.quantised_index(rows)).tobytes())
    faiss.omp_set_num_threads(1)
    assert written_out[0] == written_out[1]


def test_where_too_little_would_be_found_the_search_stays_exact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense_kinds, "RESCORED", (10,))  # no more than are wanted, and codes alone know them badly
    rows = unit(numpy.random.default_rng(5).normal(size=(3000, DIMENSIONS)))
    index, kind = written(tmp_path, rows, rows[:300], exact_up_to=0)
    assert kind == EXACT
    assert [row for row, _ in index.search(rows[9], 10)] == oracle(rows, rows[9], 10)


def test_the_same_vectors_give_the_same_bytes(tmp_path: Path) -> None:
    rows, questions = topics(3000)
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, rows, questions, exact_up_to=0)
    assert (tmp_path / "one" / "dense.faiss").read_bytes() == (tmp_path / "other" / "dense.faiss").read_bytes()


@pytest.mark.parametrize("exact_up_to", [0, 3000])
def test_files_of_another_kind_are_refused(tmp_path: Path, exact_up_to: int) -> None:
    rows, questions = topics(3000)
    written(tmp_path, rows, questions, exact_up_to=exact_up_to)
    other = EXACT if exact_up_to == 0 else DenseKind("quantised", 200, 1.0, 60, 32, 2)
    with pytest.raises(IndexDamaged, match="--rebuild"):
        DenseIndex(tmp_path / "dense.faiss", tmp_path / "vectors.npy", other)


def test_a_corpus_answers_the_same_from_either_kind(
    own: Settings, starter_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Settings(corpus=starter_settings.corpus, index=own.index)
    exact = open_index(starter_settings.index)
    monkeypatch.setattr("rag.index.dense.dense_index.EXACT_UP_TO", 0)
    build(own)
    quantised = open_index(own.index)
    assert quantised.index.manifest.dense.name == "quantised"
    for question in ("How does magnesium act on the NMDA receptor?", "Does memantine help depression?"):
        answers = exact.ask(question), quantised.ask(question)
        first, second = ([quote.passage.id for quote in answer.quotes] for answer in answers)
        assert first == second
    assert not build(own).published
