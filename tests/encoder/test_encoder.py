"""The exported encoder is the model: against sentence-transformers, and the same whatever it is batched with."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from support.properties import scaled

from rag.core.config import DEFAULT_MODEL
from rag.core.errors import IndexDamaged, ModelError
from rag.core.types.protocols import no_progress
from rag.encoder.model import ensure_exported, model_fingerprint, model_folder
from rag.encoder.onnx import Encoder


def varied_texts() -> list[str]:
    """Up to two hundred texts: empty, blank, very long, many scripts, emoji, numbers, controls, and ordinary prose."""
    chance = random.Random(7)
    odd = [
        "", " ", "\n\n", "a", "?!", "0.5", "p < 0.05", "Ca²⁺", "α-7", "naïve café", "ﬁnancial ﬂow", "Ångström",
        "镁是什么?", "マグネシウム", "магний и кетамин", "مغنيسيوم", "מגנזיום", "मैग्नीशियम", "แมกนีเซียม", "마그네슘",
        "😀 👩‍⚕️ 💊", "🇬🇧🇺🇸", "\x1b[31mred\x07", "\u202eturned\u202c", "\u00a0\u2003", "e\u0301", "x" * 300,
        "word " * 1000,         "镁" * 600, "😀" * 400, "[CLS] [SEP] [MASK] [PAD]", "##ing", "http://example.org/?a=b&c=d",
        "A" * 5 + "\t" + "B" * 5,
    ]  # fmt: skip
    vocabulary = (
        "magnesium calcium receptor does the a of patient study dose mg trial memory sleep placebo what how why "
        "kidney blood pressure children mice never less more than after before 20 500 mg/day randomised open-label"
    ).split()
    prose = [" ".join(chance.choices(vocabulary, k=chance.randint(1, 320))) for _ in range(scaled(165))]
    return odd + prose


def test_vectors_are_those_of_sentence_transformers(exported_encoder: Path, tmp_path: Path) -> None:
    texts = varied_texts()
    (tmp_path / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    program = (
        "import json, sys, numpy\n"
        "from sentence_transformers import SentenceTransformer\n"
        "model = SentenceTransformer(sys.argv[1], device='cpu', local_files_only=True)\n"
        "texts = json.load(open(sys.argv[2] + '/texts.json', encoding='utf-8'))\n"
        "numpy.save(sys.argv[2] + '/vectors.npy', model.encode(texts, normalize_embeddings=True))\n"
    )
    command = [sys.executable, "-c", program, str(model_folder(DEFAULT_MODEL)), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    expected = numpy.load(tmp_path / "vectors.npy")
    vectors = Encoder(exported_encoder).encode(texts)
    cosines = (vectors * expected).sum(axis=1)
    assert cosines.min() >= 0.9999, texts[int(cosines.argmin())][:80]
    assert numpy.allclose(numpy.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_depends_on_its_text_alone(exported_encoder: Path) -> None:
    encoder = Encoder(exported_encoder)
    texts = [text for text in varied_texts() if len(text) < 200][:24]
    few, reversed_, many = encoder.encode(texts), encoder.encode(texts[::-1])[::-1], encoder.encode(texts * 3)
    alone = numpy.concatenate([encoder.encode([text]) for text in texts])
    assert numpy.array_equal(few, alone)
    assert numpy.array_equal(few, reversed_)
    assert numpy.array_equal(numpy.tile(few, (3, 1)), many)


def test_no_texts_give_no_rows(exported_encoder: Path) -> None:
    assert Encoder(exported_encoder).encode([]).shape == (0, 384)


def test_tokens_are_counted_beyond_the_limit(exported_encoder: Path) -> None:
    encoder = Encoder(exported_encoder)
    assert encoder.count_tokens("word " * 1000) == 1000
    assert encoder.count_tokens("") == 0


def test_an_export_at_hand_is_not_made_again(exported_encoder: Path) -> None:
    before = (exported_encoder / "model.onnx").stat().st_mtime_ns
    assert ensure_exported(DEFAULT_MODEL, exported_encoder.parent, no_progress) == exported_encoder
    assert (exported_encoder / "model.onnx").stat().st_mtime_ns == before


def test_a_model_by_its_folder_is_the_same_model(exported_encoder: Path) -> None:
    assert model_fingerprint(str(model_folder(DEFAULT_MODEL))) == model_fingerprint(DEFAULT_MODEL)


def test_an_unknown_model_is_not_fetched() -> None:
    with pytest.raises(ModelError, match="no sentence-transformers model 'nobody/nothing'"):
        model_folder("nobody/nothing")


@pytest.mark.parametrize("damage", ["model.onnx", "model.weights", "tokenizer.json", "encoder.json"])
def test_a_damaged_export_is_named(exported_encoder: Path, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "encoder"
    shutil.copytree(exported_encoder, copy)
    (copy / damage).write_bytes(b"torn")
    with pytest.raises(IndexDamaged, match="cannot be opened"):
        Encoder(copy)
