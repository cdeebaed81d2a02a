"""Hostile documents in a build: they harm no other."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from fuzzing.soundness import SMALL, count_tokens, faults
from made import hostile, read

from rag.answer.engine import open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.corpus.lint.check import check
from rag.text.splitting import split

TODAY = datetime.date(2026, 5, 4)
NEIGHBOUR = "Lorbulin calms the liver of old mice, and nobody has said why it should."
SECRET = "Sesamoid words of another file."


def groups(secret: str) -> Mapping[str, Mapping[str, bytes]]:
    return {
        "reaching out": hostile.reaching_out(secret),
        "bombs": hostile.bombs(300_000),
        "nesting": hostile.nested(1_500),
        "long lines": {name: make() for name, make in hostile.long_lines(4_000).items()},
    }


@pytest.mark.parametrize("name", ["reaching out", "bombs", "nesting", "long lines"])
def test_the_neighbour_of_hostile_documents_goes_in(name: str, own: Settings) -> None:
    secret = own.corpus.parent / "secret.txt"
    secret.write_text(SECRET)
    documents = groups(str(secret))[name]
    for file, data in documents.items():
        (own.corpus / file).write_bytes(data)
    (own.corpus / "neighbour.txt").write_text(NEIGHBOUR)
    report = build(own)
    assert "neighbour.txt" in report.added
    told = {*report.added, *(skipped.path for skipped in report.skipped), *dict(report.duplicates)}
    assert told == {*documents, "neighbour.txt"}
    engine = open_index(own.index, own.corpus)
    assert engine.ask("What does lorbulin calm?").quotes[0].text == NEIGHBOUR
    assert all(SECRET not in engine.document(path).text for path in report.added)
    assert all(faults(engine.document(path)) == [] for path in report.added)
    unreadable = {each.path for each in check(own.corpus, TODAY) if each.kind == "unreadable"}
    assert unreadable == {skipped.path for skipped in report.skipped}


# --- what fuzzing found ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark", ["\u0301", "\u200b", "\u00ad", "\ufeff"], ids=["accent", "zero width", "soft hyphen", "byte order mark"]
)
def test_characters_that_are_no_token_are_in_one_passage(mark: str) -> None:
    def count(text: str) -> int:  # to the model such characters are nothing
        return count_tokens(text.replace(mark, ""))

    words = " ".join(f"{mark} w{number}" for number in range(200))
    document = read(f"{words} {mark} {mark}\n\n{mark}x{mark}")
    passages = list(split(document, count, replace(SMALL, passage_tokens=10)))
    spans = [(passage.start, passage.end) for passage in passages]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    held = "".join(document.text[start:end] for start, end in spans)
    assert "".join(held.split()) == "".join(document.text.split())


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('---\ntitle: "a\\ud800b"\nauthors: ["c\\udc00"]\n---\nText.', "a.md"),
        (
            '<!doctype html><script type="application/ld+json">{"@type": "Article", "headline": "a\\ud83d"}</script>'
            "<body><p>Text here.</p>",
            "a.html",
        ),
    ],
)
def test_half_a_character_in_what_a_source_states_is_marked_as_lost(text: str, path: str, own: Settings) -> None:
    document = read(text, path)
    assert document.title.startswith("a\ufffd")
    assert faults(document) == []
    (own.corpus / path).write_text(text)
    assert build(own).added == (path,)
