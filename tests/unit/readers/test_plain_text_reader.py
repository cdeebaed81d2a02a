"""Plain text: blocks found in the file's own characters."""

from __future__ import annotations

import pytest
from made import assert_sound, block_with, read, shown

from rag.core.types.documents import Document


def _text(text: str) -> Document:
    document = read(text)
    assert document.text == text
    assert_sound(document)
    return document


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("One\n\nTwo", [("paragraph", "One"), ("paragraph", "Two")]),
        ("  One \n \t\n\n  Two\nthree  \n", [("paragraph", "One"), ("paragraph", "Two\nthree")]),
        ("- a\n- b\n  goes on\n- c", [("list item", "- a"), ("list item", "- b\n  goes on"), ("list item", "- c")]),
        ("Take:\n  • a  \n  • b", [("paragraph", "Take:"), ("list item", "• a"), ("list item", "• b")]),
        ("1. a\n2) b\n(3) c", [("list item", "1. a"), ("list item", "2) b"), ("list item", "(3) c")]),
        ("a) one\nb) two", [("list item", "a) one"), ("list item", "b) two")]),
        ("- alone", [("list item", "- alone")]),
        ("It was in\n20. The rest", [("paragraph", "It was in\n20. The rest")]),
        ("-5 mg\n-6 mg", [("paragraph", "-5 mg\n-6 mg")]),
        ("Title\n=====\n\nText", [("heading", "Title\n====="), ("paragraph", "Text")]),
        ("Title\n---\n\nText", [("heading", "Title\n---"), ("paragraph", "Text")]),
        ("> said\n> more\n\nText", [("quotation", "> said\n> more"), ("paragraph", "Text")]),
        ("> said\nlazily", [("paragraph", "> said\nlazily")]),
        ("<b>kept</b> & &amp; \\* `x`", [("paragraph", "<b>kept</b> & &amp; \\* `x`")]),
    ],
)
def test_blocks(text: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(_text(text)) == blocks


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("A word* here.\n\n* The note.", "* The note."),
        ("A word\\* here.\n\n\\* The note.", "\\* The note."),
        ("A word\\* here.\n\n* The note.", "* The note."),
        ("A (word)** here.\n\n** The note.", "** The note."),
        ("A word.[1]\n\n[1] The note.", "[1] The note."),
        ("A word† here.\n\n† The note.", "† The note."),
        ("A word[^a].\n\n[^a]: The note.", "[^a]: The note."),
    ],
)
def test_a_paragraph_whose_mark_hangs_on_a_word_is_a_footnote(text: str, note: str) -> None:
    assert shown(_text(text))[-1] == ("footnote", note)


@pytest.mark.parametrize(
    "text",
    [
        "A word.\n\n* No note.",
        "* First of all.\n\nA word* here.",
        "A word** here.\n\n* No note.",
        "5 * 3 is more.\n\n* No note.",
        "*Bold* word.\n\n- No note",
        "A word* here.\n\n* a\n* b",
        "A word.[1]\n\n[2] No note.",
    ],
)
def test_other_paragraphs_are_no_footnotes(text: str) -> None:
    assert "footnote" not in [kind for kind, _ in shown(_text(text))]


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        ("One line", False),
        ("A line that is long enough to have been wrapped\nGoes on", True),
        ("So\nis it", True),
        ("12 Street\nTown", False),
        ("Roses are red\nViolets are blue", False),
        ("> A quoted line that is long enough to be wrapped\n> and goes on", False),
    ],
)
def test_wrapped(text: str, wrapped: bool) -> None:
    assert _text(text).blocks[0].wrapped == wrapped


def test_a_quotation_has_the_address_above_it() -> None:
    document = _text("From https://example.org/a:\n\n> said\n\nAnd so on.")
    assert block_with(document, "said").attribution.url == "https://example.org/a"
    assert [block.attribution.kind for block in document.blocks] == ["author", "quoted", "author"]


def test_sections_and_title_of_underlined_headings() -> None:
    document = _text("The  Title\n==========\n\na\n\nPart\n----\n\nb\n\nOther\n=====\n\nc")
    assert document.title == "The Title"
    sections = [block.section for block in document.blocks if block.kind == "paragraph"]
    assert sections == [("The Title",), ("The Title", "Part"), ("Other",)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("One two three", "One two three"),
        ("1 2 3 4 5 6 7 8 9 10 11", "1 2 3 4 5 6 7 8 9 10…"),
        ("Subscribe\n\nText of its own", "Text of its own"),
        ("Text first.\n\nPart\n----\n\nb", "Text first."),
    ],
)
def test_title_without_a_title_line(text: str, title: str) -> None:
    assert _text(text).title == title


def test_blocks_know_their_lines() -> None:
    document = _text("\n\na\n\n- b\n  c\n- d\n\n\n> e\n> f\n")
    assert [block.lines for block in document.blocks] == [(3, 3), (5, 6), (7, 7), (10, 11)]
