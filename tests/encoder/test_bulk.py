"""Many texts at a time: in bfloat16 where the processor has it, near enough to float32; elsewhere in float32."""

from __future__ import annotations

import os
import random
import signal
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

import rag.encoder.bulk
from rag.building.build import build
from rag.core.config import Settings
from rag.encoder.bulk import MANY, BulkEncoder
from rag.encoder.onnx import Encoder
from rag.index.opening import open_published

WORDS = "magnesium calcium receptor the a of patient study dose trial memory sleep placebo what how why kidney".split()


def told(_: int) -> None:
    pass


def texts(count: int) -> list[str]:
    chance = random.Random(3)
    return [" ".join(chance.choices(WORDS, k=chance.randint(1, 60))) for _ in range(count)] + ["", "镁 " * 300]


@pytest.fixture(scope="module")
def encoder(exported_encoder: Path) -> Encoder:
    return Encoder(exported_encoder)


def test_many_texts_have_nearly_the_vectors_that_they_have_alone(encoder: Encoder) -> None:
    alone, done = encoder.encode(texts(150)), list[int]()
    with BulkEncoder(encoder, MANY, "auto") as many:
        vectors = many.encode(texts(150), done.append)
        again = many.encode(texts(150), told)
    assert vectors.dtype == numpy.float32
    assert numpy.array_equal(vectors, again)
    assert done == sorted(done)
    assert done[-1] == 152
    if many.precisions == {"float32"}:  # this processor has nothing else
        assert numpy.array_equal(vectors, alone)
        return
    assert many.precisions == {"bfloat16"}
    assert numpy.allclose(numpy.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors * alone).sum(axis=1).min() > 0.999
    assert not numpy.array_equal(vectors, alone)


@pytest.mark.parametrize(("total", "precision"), [(MANY - 1, "auto"), (MANY, "float32")])
def test_few_texts_and_those_who_want_float32_get_it(encoder: Encoder, total: int, precision: str) -> None:
    with BulkEncoder(encoder, total, precision) as many:
        vectors = many.encode(texts(10), told)
    assert many.precisions == {"float32"}
    assert numpy.array_equal(vectors, encoder.encode(texts(10)))


def test_a_process_that_does_not_survive_costs_nothing_but_time(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with BulkEncoder(encoder, MANY, "auto") as many:
        apart = many._apart
        assert apart is not None
        monkeypatch.setattr(apart, "ask", lambda request: _killed(many, request))
        vectors = many.encode(texts(10), told)
        assert many.precisions == {"float32"}
        assert many._apart is None
    assert numpy.array_equal(vectors, encoder.encode(texts(10)))


def _killed(many: BulkEncoder, request: object) -> object:
    """Ask for real, the process killed beforehand when there is something to encode."""
    apart = many._apart
    assert apart is not None
    if request is not None:
        assert apart._process is not None
        os.kill(apart._process.pid, signal.SIGKILL)
    answer = type(apart).ask(apart, request)
    return "bfloat16" if request is None else answer


def test_a_model_that_is_gone_leaves_the_export(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "model", "nobody/nothing")
    with BulkEncoder(encoder, MANY, "auto") as many:
        many.encode(texts(2), told)
    assert many.precisions == {"float32"}


def test_an_index_says_in_which_precisions_it_was_made(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (own.corpus / "first.md").write_text("# Zorbulin\n\nZorbulin binds the receptor.\n", encoding="utf-8")
    monkeypatch.setattr(rag.encoder.bulk, "MANY", 1)
    many = build(replace(own, precision="auto"))
    used = open_published(own.index).manifest.precisions
    assert used in ({"bfloat16"}, {"float32"})
    (own.corpus / "second.md").write_text("# Zorbulin\n\nZorbulin helps mice to sleep.\n", encoding="utf-8")
    build(own)
    assert open_published(own.index).manifest.precisions == used | {"float32"}
    assert build(own, rebuild=True).fingerprint == open_published(own.index).manifest.fingerprint
    assert open_published(own.index).manifest.precisions == {"float32"}
    (own.corpus / "second.md").unlink()
    exact = build(own, rebuild=True)
    assert (exact.fingerprint == many.fingerprint) is (used == {"float32"})
