"""The lexical index in parts: brought up to date it finds what one that is written whole finds, to the bit."""

from __future__ import annotations

import random
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.index.lexical import parts as lexical_parts
from rag.index.lexical.lexical_index import LexicalIndex
from rag.index.lexical.parts import Before, read_parts, write_parts

WORDS = "salt iron sleep tea heart mouse noise walk".split()
Documents = dict[str, list[tuple[str, str]]]
"""What passages are found by and stand under, by the ids of their documents, which are their order as well."""


def write(folder: Path, documents: Documents, before: Before | None = None, kept: set[str] | None = None) -> Before:
    """Write an index and return it as the one before the next."""
    ids = sorted(documents)
    counts = [(id_, len(documents[id_])) for id_ in ids]

    def texts_of(number: int) -> list[tuple[str, str]]:
        return documents[ids[number]]

    write_parts(folder, counts, texts_of, before, lambda number: ids[number] in (kept or ()))
    return Before(folder, ids)


def opened(folder: Path, documents: Documents) -> LexicalIndex:
    return LexicalIndex(folder, [len(documents[id_]) for id_ in sorted(documents)])


def passages(chance: random.Random, most: int) -> list[tuple[str, str]]:
    return [
        (
            " ".join(chance.choices(WORDS, k=chance.randint(1, 9))),
            " ".join(chance.choices(WORDS, k=chance.randint(0, 2))),
        )
        for _ in range(chance.randint(0, most))
    ]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few passages, and few of them, so that small corpora have several and grow out of them."""
    monkeypatch.setattr(lexical_parts, "SMALLEST", 6)
    monkeypatch.setattr(lexical_parts, "MOST", 5)


@examples(40)
@given(
    seed=st.integers(0, 10**6),
    steps=st.lists(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=6), min_size=1, max_size=4),
)
def test_parts_that_are_taken_over_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[list[tuple[int, bool]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical_parts, "SMALLEST", 6)
        patch.setattr(lexical_parts, "MOST", 5)
        chance = random.Random(seed)
        folder = tmp_path_factory.mktemp("parts")
        documents: Documents = {f"{number:02d}": passages(chance, 5) for number in range(0, 24, 2)}
        before = write(folder / "0", documents)
        for step, changes in enumerate(steps, 1):
            changed = {f"{number:02d}" for number, _ in changes}
            kept = documents.keys() - changed
            for number, stays in changes:
                documents.pop(f"{number:02d}", None)
                if stays:
                    documents[f"{number:02d}"] = passages(chance, 5)
            before = write(folder / str(step), documents, before, kept)
        write(folder / "whole", documents)
        first, second = opened(before.folder, documents), opened(folder / "whole", documents)
        everything = sum(map(len, documents.values()))
        assert first.size == second.size == everything
        rows = list(range(everything))
        allowed = numpy.repeat(
            numpy.array([chance.random() < 0.5 for _ in documents], dtype=bool),
            [len(documents[id_]) for id_ in sorted(documents)],
        )
        for word in WORDS:
            question = f"{word} {chance.choice(WORDS)}"
            for limit in (1, 3, max(1, everything)):
                assert first.search(question, limit) == second.search(question, limit)
                assert first.search(question, limit, allowed) == second.search(question, limit, allowed)
            assert first.scores(question, rows) == second.scores(question, rows)
            assert first.matched_weights({word: 1.0}, {}, rows) == second.matched_weights({word: 1.0}, {}, rows)
            assert first.inverse_document_frequency(word) == second.inverse_document_frequency(word)


@pytest.mark.usefixtures("small_parts")
def test_only_parts_with_changes_are_written(tmp_path: Path) -> None:
    chance = random.Random(3)
    documents: Documents = {f"{number:02d}": [*passages(chance, 2), ("salt", "")] for number in range(24)}
    before = write(tmp_path / "first", documents)
    parts = read_parts(tmp_path / "first")
    assert len(parts) > 3
    documents["13"] = [("iron", ""), ("tea", ""), ("noise", "")]
    write(tmp_path / "second", documents, before, documents.keys() - {"13"})
    after = read_parts(tmp_path / "second")
    assert len(set(parts) & set(after)) >= len(parts) - 2
    assert set(after) - set(parts)


@pytest.mark.usefixtures("small_parts")
def test_an_index_that_grows_by_little_keeps_few_parts(tmp_path: Path) -> None:
    documents: Documents = {}
    before = None
    for number in range(90):
        kept = set(documents)
        documents[f"{number:03d}"] = [("salt", "")]
        before = write(tmp_path / str(number), documents, before, kept)
        assert len(read_parts(before.folder)) <= 2 * lexical_parts.MOST + 1
    found = opened(tmp_path / "89", documents).search("salt", 5)
    assert [row for row, _ in found] == [0, 1, 2, 3, 4]


def test_an_index_without_passages_opens(tmp_path: Path) -> None:
    write(tmp_path / "none", {})
    index = opened(tmp_path / "none", {})
    assert (index.size, index.search("salt", 5)) == (0, [])
