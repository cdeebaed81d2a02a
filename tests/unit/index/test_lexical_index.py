"""The lexical index ranks by BM25, and writers say when the disk refuses."""

from __future__ import annotations

import os
import random
from pathlib import Path

import numpy
import pytest
from support.indexes import lexical_index

from rag.index.dense.dense_index import write_dense


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="there is no /dev/full here")
def test_each_writer_reports_a_disk_that_refuses(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        write_dense(
            Path("/dev/full"),
            tmp_path / "vectors.npy",
            numpy.eye(3, dtype=numpy.float32),
            numpy.eye(3, dtype=numpy.int8),
        )
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        lexical_index(tmp_path / "file" / "lexical", [("a", "b")])


def test_the_lexical_index_is_bm25(tmp_path: Path) -> None:
    chance = random.Random(5)
    vocabulary = ["salt", "iron", "sleep", "tea", "heart", "mouse"]
    texts = [" ".join(chance.choices(vocabulary, k=chance.randint(1, 9))) for _ in range(60)]
    index = lexical_index(tmp_path / "lexical", [(text, "") for text in texts])
    average = sum(len(text.split()) for text in texts) / len(texts)

    def bm25(text: str, word: str) -> float:
        count, length = text.split().count(word), len(text.split())
        idf = index.inverse_document_frequency(index.terms(word)[0])
        return idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / average))

    for word in ("salt", "iron", "mouse"):
        expected = {row: bm25(text, word) for row, text in enumerate(texts) if word in text.split()}
        found = dict(index.search(word, 60))
        assert found.keys() == expected.keys()
        assert all(found[row] == pytest.approx(expected[row], rel=1e-5) for row in found)


def test_a_synonym_counts_half_and_once(tmp_path: Path) -> None:
    texts = ["salt", "salt tea", "iron tea tea", "iron salt sleep", "mouse"]
    index = lexical_index(tmp_path / "lexical", [(text, text[:4]) for text in texts])
    salt, iron, tea = (dict(index.search(word, 9)) for word in ("salt", "iron", "tea"))
    for synonyms in ("iron tea", "tea iron, irons", "salt iron tea"):
        found = dict(index.search("salt", 9, synonyms=synonyms))
        expected = {row: salt.get(row, 0) + (iron.get(row, 0) + tea.get(row, 0)) / 2 for row in range(4)}
        assert found == pytest.approx(expected, rel=1e-5)
        allowed = numpy.array([True, False, True, False, True])
        assert dict(index.search("salt", 9, allowed, synonyms=synonyms)) == {row: found[row] for row in (0, 2)}
    assert dict(index.search("", 9, synonyms="tea")) == {row: pytest.approx(score / 2) for row, score in tea.items()}
