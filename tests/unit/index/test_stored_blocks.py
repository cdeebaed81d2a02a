"""The words of passages as they are stored: what is written is what is read."""

from __future__ import annotations

import json
from dataclasses import astuple
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.core.blocks import block_places, blocks_at
from rag.core.types.documents import Attribution, Block
from rag.index.store.stored_blocks import StoredBlocks

FIXED = examples(200)


@st.composite
def texts_of_blocks(draw: st.DrawFn) -> list[Block]:
    """Blocks in the order of a text, with or without characters between them."""
    steps = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), max_size=8))
    edges = list(accumulate((step for pair in steps for step in pair), initial=0))
    kinds = st.sampled_from(["paragraph", "heading", "list item"])
    whose = st.sampled_from([Attribution(), Attribution("quoted", "Ann", None)])
    return [
        Block(
            start, end, draw(kinds), ("Salt",), draw(whose), None, 1, draw(st.sampled_from([None, (1, 2)])), False, "i"
        )
        for start, end in zip(edges[1::2], edges[2::2], strict=True)
    ]


@FIXED
@given(texts_of_blocks(), st.integers(0, 40), st.integers(1, 20))
def test_the_blocks_at_a_span_are_those_that_hold_its_characters(blocks: list[Block], start: int, length: int) -> None:
    end = start + length
    expected = [block for block in blocks if block.start < end and block.end > start]
    assert list(blocks_at(blocks, start, end)) == expected
    first, after = block_places(blocks, start, end)
    assert blocks[first:after] == expected
    assert all(block.end <= start for block in blocks[:first])
    assert all(block.start >= end for block in blocks[after:])


@FIXED
@given(texts_of_blocks(), st.integers(-9, 9), st.integers(-9, 9))
def test_stored_blocks_are_the_blocks(blocks: list[Block], one: int, other: int) -> None:
    values = [[*astuple(block)[:4], vars_of(block.attribution), *astuple(block)[5:]] for block in blocks]
    stored = StoredBlocks(json.dumps(values))
    assert (len(stored), list(stored), stored[one:other]) == (len(blocks), blocks, tuple(blocks[one:other]))
    assert stored == tuple(blocks)
    assert stored != (*blocks, Block(99, 100, "code"))
    assert hash(stored) == hash(tuple(blocks))
    with pytest.raises(IndexError):
        stored[len(blocks)]


def vars_of(attribution: Attribution) -> dict[str, str | None]:
    return {"kind": attribution.kind, "name": attribution.name, "url": attribution.url}
