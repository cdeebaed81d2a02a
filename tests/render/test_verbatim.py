"""The quick twin of `benchmarks/verbatim.py`: made-up documents, and their quotes on every surface."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from made import read
from support.scripts import benchmark_script

from rag.answer.engine import open_index
from rag.core.config import Settings

generated = benchmark_script("generated_documents")
verbatim = benchmark_script("verbatim")


def test_what_is_read_is_what_was_written() -> None:
    for made in map(generated.make, range(400)):
        assert read(made.data, made.name).text == made.text, made.name


def test_no_quote_is_lost_on_any_surface(own: Settings, tmp_path: Path) -> None:
    tally = verbatim.Tally()
    verbatim.fire(range(60), 12, tmp_path, tally, own.index)
    assert tally.lost == []
    assert tally.quotes >= 12
    assert set(tally.shown.values()) == {tally.quotes}
    made = {one.name: one for one in map(generated.make, range(60))}
    engine = open_index(own.index, own.corpus)
    answer = engine.ask(generated.make(0).sentences[0])
    assert verbatim.lost_in(answer, made, engine, Counter()) == []
    # And a quote that is another by one letter is told on every one of them.
    other = {name: replace(one, text=one.text.replace("a", "b", 1)) for name, one in made.items()}
    told = {what.partition(":")[0] for what in verbatim.lost_in(answer, other, engine, Counter())}
    assert set(verbatim.SURFACES) | {"document view"} <= told


@pytest.mark.parametrize("number", [0, 1, 99_999])
def test_a_document_is_always_the_same_for_its_number(number: int) -> None:
    assert generated.make(number) == generated.make(number)
