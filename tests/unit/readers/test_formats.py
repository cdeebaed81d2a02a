"""The table of file formats: what is told of them, and that a row is all that a new one takes."""

from __future__ import annotations

import hashlib
import sys
from types import ModuleType

import pytest

from rag.core.media_types import PDF
from rag.core.types.documents import Source
from rag.readers import formats
from rag.readers.formats import FORMATS, PLAIN_TEXT, SUFFIXES, Format, names_for_people
from rag.readers.reading import Draft, Reading, SourceText
from rag.readers.registry import read_document


def test_media_types_and_suffixes_belong_to_one_format_each() -> None:
    assert len({each.media_type for each in FORMATS}) == len(FORMATS)
    assert len(SUFFIXES) == sum(len(each.suffixes) for each in FORMATS)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in SUFFIXES)


def test_people_are_told_of_all_formats() -> None:
    assert names_for_people() == "Text, Markdown, web pages, PDF, Word, e-books and journal articles"


def test_a_plain_texts_suffix_says_nothing_and_any_others_does() -> None:
    assert formats.text_format("<p>One paragraph.</p>", ".txt") is not PLAIN_TEXT
    for each in FORMATS:
        if not each.is_binary:
            assert formats.text_format("Words alone.", each.suffixes[0]) is each
    (pdf,) = (each for each in FORMATS if each.media_type == PDF)
    assert formats.binary_format(b"junk before %PDF-1.7", ".txt") is pdf


def test_a_new_format_is_a_reader_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_toy(source: SourceText) -> Reading:
        draft = Draft()
        draft.add("paragraph", source.text.removeprefix("TOY "), (1, 1))
        return draft.finish("A toy")

    module = ModuleType("rag.readers.toy_reader")
    module.read_toy = read_toy  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rag.readers.toy_reader", module)
    toy = Format("text/x-toy", "toys", (".toy",), "toy_reader:read_toy", False, lambda text, _: text.startswith("TOY"))
    monkeypatch.setattr(formats, "_MARKED_UP", (*formats._MARKED_UP, toy))
    data = b"TOY Salt calms the heart."
    for suffix in (".toy", ".txt"):
        document = read_document(Source(f"a{suffix}", hashlib.sha256(data).hexdigest()), data)
        assert (document.media_type, document.title, document.text) == ("text/x-toy", "A toy", "Salt calms the heart.")
