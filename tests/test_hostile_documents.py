"""Documents that are made to harm: each is read or left out, nothing outside is read, and its neighbour goes in."""

from __future__ import annotations

import datetime
import hashlib
import tracemalloc
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from documents import hostile, read
from fuzzing.soundness import SMALL, count_tokens, faults

from rag.answer.engine import open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import Source
from rag.corpus.lint.check import check
from rag.readers.apart import ReadingApart
from rag.text.rules.rule_set import rule_set
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


def test_markdown_that_takes_for_ever_takes_its_time_and_no_more() -> None:
    data = b"[" * 400_000
    source = Source("a.md", hashlib.sha256(data).hexdigest())
    with ReadingApart(Limits(seconds=1)) as reader:
        with pytest.raises(UnreadableDocument, match="longer than 1 second"):
            reader.read(source, data)
        good = b"# Of salt\n\nSalt is white."
        assert reader.read(Source("b.md", hashlib.sha256(good).hexdigest()), good).title == "Of salt"


def test_a_file_over_the_limit_is_refused_before_it_is_decoded() -> None:
    data = b"word " * 800_000
    source = Source("a.txt", hashlib.sha256(data).hexdigest())
    tracemalloc.start()
    try:
        with ReadingApart(Limits(file=1)) as reader, pytest.raises(UnreadableDocument, match="more than 1 MiB"):
            reader.read(source, data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * len(data)  # what goes to the other process is pickled here


def test_a_plain_text_of_one_line_takes_no_more_than_some_times_its_size() -> None:
    data = b"word " * 400_000
    tracemalloc.start()
    try:
        assert len(read(data).blocks) == 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * len(data)


def test_a_word_without_an_end_is_cut_into_passages() -> None:
    document = read("Z" * 60_000)
    passages = list(split(document, count_tokens=lambda text: 1, settings=SMALL))
    assert "".join(document.text[passage.start : passage.end] for passage in passages) == document.text
    assert max(passage.end - passage.start for passage in passages) <= 100 * SMALL.passage_tokens


def test_a_long_word_is_looked_up_by_the_beginnings_that_there_are() -> None:
    class Word(str):
        cuts = 0

        def __getitem__(self, key: object) -> str:
            Word.cuts += 1
            return super().__getitem__(key)  # type: ignore[index]

    class Text(str):
        def split(self, *_: object) -> list[str]:  # type: ignore[override]
            return [Word(word) for word in str(self).split()]

    rules = rule_set({"rule": [{"name": "bleeding", "says": ["bleed*"], "matches": []}]})
    assert [rule.name for rule, _ in rules.said(Text(f". bleeding{'g' * 5_000} . "))] == ["bleeding"]
    assert Word.cuts <= len("bleed")


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
    ("data", "path"),
    [
        ("<pre>a&#13;b</pre>", "a.html"),
        ("a&#13;b\n\n    c&#13;", "a.md"),
        ("<!doctype html><p>a&#13;<br>b&#xD;&#10;c</p>", "b.html"),
    ],
)
def test_a_carriage_return_that_is_written_as_an_entity_is_a_line_end(data: str, path: str) -> None:
    assert "\r" not in read(data, path).text


def test_lines_of_code_whose_fence_has_no_end_are_in_order() -> None:
    document = read("> ```py\n\n\n<div>x</div>\n1. ```\n\n", "a.md")
    assert faults(document) == []


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


@pytest.mark.parametrize("encoding", ["unicode_escape", "idna", "utf-7", "punycode", "undefined", "rot13", "hex"])
def test_xml_in_what_is_no_encoding_of_texts_is_refused(encoding: str) -> None:
    article = "<article><front><article-meta/></front><body><p>a\\u0062</p></body></article>"
    with pytest.raises(UnreadableDocument, match="Its XML is not"):
        read(f'<?xml version="1.0" encoding="{encoding}"?>{article}', "a.xml")


@pytest.mark.parametrize(
    ("markup", "path"),
    [
        ("<table><tr><td>5{0}mg</td><td>a{0} b\n c</td></tr></table>", "a.html"),
        ("| 5{0}mg | a{0} b c |\n|---|---|\n", "a.md"),
        (
            "<article><front><article-meta/></front><body><table-wrap><table><tbody><tr><td>5{0}mg</td><td>a{0}"
            " b c</td>"
            "</tr></tbody></table></table-wrap></body></article>",
            "a.xml",
        ),
    ],
)
@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\u2028", "\u0085", "\u3000"])
def test_a_cell_keeps_the_white_space_that_no_page_folds(markup: str, path: str, space: str) -> None:
    assert read(markup.format(space), path).text == f"5{space}mg\ta{space} b c"
