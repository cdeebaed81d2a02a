"""Ranking on an index."""

from __future__ import annotations

import numpy
import pytest

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.search.fusion import fuse
from rag.search.searching import search
from rag.search.terms import asked
from rag.text.synonyms import Expansion


def test_what_is_found_is_ranked_by_one_score_and_bare_headings_are_passed_over(own: Settings) -> None:
    for name, said in (("a", "Salt calms the heart."), ("b", "Pepper wakes the heart."), ("c", "Tea is hot.")):
        (own.corpus / f"{name}.md").write_text(f"# Of {name}\n\n## Empty\n\n## Full\n\n{said}\n")
    build(own)
    engine: Engine = open_index(own.index)
    index = engine.index
    terms = asked(Expansion("Does salt calm the heart?"), index.lexical)
    vector = engine.encoder.encode(["Does salt calm the heart?"])[0]
    found = search(terms, vector, index, 10)
    assert len(found.rows) == 3
    assert (numpy.diff(found.fused) <= 0).all()
    assert (index.sentences.count(found.rows) > 0).all()
    assert found.absolute == pytest.approx(fuse(found.cosines, found.nearest, found.bm25, found.coverage, terms.weight))
    passages = index.store.passages(found.rows.tolist())
    for row, covered in zip(found.rows.tolist(), found.coverage.tolist(), strict=True):
        document = engine.document(passages[row].document_id)
        said = document.text[passages[row].start : passages[row].end]
        above = " ".join((document.title, *passages[row].section))
        assert covered == pytest.approx(terms.coverage(index.lexical.terms(f"{above} {said}")))
    assert found.cosines == pytest.approx(index.dense.rows(found.rows) @ vector)
    assert found.bm25.tolist() == pytest.approx(
        [dict(index.lexical.search(terms.words, 10)).get(row, 0.0) for row in found.rows.tolist()]
    )
    allowed = numpy.zeros(index.manifest.passages, dtype=bool)
    assert not len(search(terms, vector, index, 10, allowed=allowed).rows)
