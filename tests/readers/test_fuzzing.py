"""A fixed number of changed files through every reader: each is read soundly or refused, in time."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from fuzzing import targets
from fuzzing.targets import TARGETS
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

deterministic = examples(60)


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    targets.close()


@pytest.mark.parametrize("name", TARGETS)
def test_valid_files_are_sound(name: str) -> None:
    target = TARGETS[name]
    assert [target.attempt(data) for data in target.seeds()] == [[]] * len(target.seeds())


@pytest.mark.parametrize("name", TARGETS)
def test_changed_files_are_sound_or_refused(name: str) -> None:
    target = TARGETS[name]

    @deterministic
    @given(st.sampled_from(target.seeds()), st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=8))
    def check(data: bytes, changes: list[int]) -> None:
        for change in changes:
            data = target.mutate(data, Random(change))
        found = target.attempt(data)
        assert found == []

    check()
