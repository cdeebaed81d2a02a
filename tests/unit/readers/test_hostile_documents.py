"""Documents that are made to harm: each is read or left out, nothing outside is read, and its neighbour goes in."""

from __future__ import annotations

import hashlib
import tracemalloc

import pytest
from fuzzing.soundness import SMALL, faults
from made import read

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import Source
from rag.readers.apart import ReadingApart
from rag.text.rules.rule_set import rule_set
from rag.text.splitting import split


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
