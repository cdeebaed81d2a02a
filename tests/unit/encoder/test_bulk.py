"""Batches of many texts, and the setting of their precision."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.core.config import load_settings
from rag.core.errors import ConfigError
from rag.encoder.bulk import _requests
from rag.encoder.bulk_worker import _multiplies_bfloat16


@given(st.lists(st.integers(2, 256), max_size=400))
def test_every_text_is_asked_for_once_with_others_of_its_length(lengths: list[int]) -> None:
    requests = list(_requests(lengths))
    batches = [batch for request in requests for batch in request]
    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len({lengths[place] for place in batch}) == 1
        assert lengths[batch[0]] * len(batch) <= 2048
    assert all(requests)


@pytest.mark.parametrize(
    ("capabilities", "multiplies"),
    [
        ({}, False),
        ({"avx2": True, "avx512_bf16": False}, False),
        ({"avx512_bf16": True}, True),
        ({"amx_bf16": 1}, True),
    ],
)
def test_without_instructions_for_it_nothing_is_multiplied_in_bfloat16(
    capabilities: dict[str, bool], multiplies: bool
) -> None:
    assert _multiplies_bfloat16(capabilities) is multiplies


def test_the_precision_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rag.toml").write_text('precision = "auto"\n', encoding="utf-8")
    assert load_settings(tmp_path).precision == "auto"
    assert load_settings(tmp_path, precision="float32").precision == "float32"
    monkeypatch.setenv("RAG_PRECISION", "half")
    with pytest.raises(ConfigError, match="'half'"):
        load_settings(tmp_path)
