"""Properties of reading: of documents made of known words, of any text, and of any bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import assert_sound, read, text_of
from support.properties import examples

from rag.core.errors import UnreadableDocument
from rag.core.types.documents import Document
from rag.readers.text.decoding import decode
from rag.text.splitting import sentence_spans

Said = list[str]
Form = Callable[[Said], str]

deterministic = examples(100)
paths = st.sampled_from(["a.txt", "a.md", "a.html"])

# A word begins with q: so it is no furniture, no number and no mark, and words can be told from list marks.
words = st.text("abcdefghijklmnopqrstuvwxyzéñßαж", min_size=1, max_size=9).map(lambda word: f"q{word}")

PLAIN: dict[str, Form] = {
    "paragraph": " ".join,
    "wrapped": "\n".join,
    "heading": lambda said: " ".join(said) + "\n=====",
    "items": lambda said: "\n".join(f"- {word}  " for word in said),
    "indented": lambda said: "   " + "\n     ".join(said),
    "quotation": lambda said: "\n".join(f"> {word}" for word in said),
    "footnote": lambda said: f"{said[0]}*\n\n* {' '.join(said[1:])}",
}

MARKDOWN: dict[str, Form] = {
    "paragraph": " ".join,
    "wrapped": "\n".join,
    "heading": lambda said: "## " + " ".join(said),
    "bold": lambda said: f"**{' '.join(said)}**",
    "emphasis": lambda said: " ".join(f"*{word}*" for word in said),
    "link": lambda said: f"[{' '.join(said)}](https://example.org 'unseen')",
    "items": lambda said: "\n".join(f"- {word}" for word in said),
    "nested": lambda said: "\n".join("  " * depth + f"- {word}" for depth, word in enumerate(said)),
    "table": lambda said: f"|{'|'.join(said)}|\n|{'---|' * len(said)}",
    "code": lambda said: "```unseen\n   " + "\n ".join(said) + "\n```",
    "quotation": lambda said: "\n>\n".join(f"> {word}" for word in said),
    "nested quotation": lambda said: "\n".join(">" * depth + f" {word}\n" for depth, word in enumerate(said, 1)),
    "footnote": lambda said: f"{said[0]}[^1]\n\n[^1]: {' '.join(said[1:])}",
    "html": lambda said: f"<div hidden>unseen</div>\n<p>{' '.join(said)}</p>",
}

HTML: dict[str, Form] = {
    "paragraph": lambda said: f"<p class='unseen'>{' '.join(said)}</p>",
    "unclosed": lambda said: f"<p>{' '.join(said)}",
    "bare": lambda said: f"\n\n{' '.join(said)}\n\n",
    "heading": lambda said: f"<h2 dir='ltr'><b><b>\n</b></b>{' '.join(said)}</h2>",
    "bold": lambda said: f"<p><strong>{' '.join(said)}</strong></p>",
    "breaks": lambda said: f"<p>{'<br>'.join(said)}</p>",
    "items": lambda said: f"<ol><li>{'<li>'.join(said)}</ol>",
    "nested": lambda said: "".join(f"<ul><li>{word}" for word in said) + "</ul>" * len(said),
    "table": lambda said: f"<table><tr><td>{'<td>'.join(said)}</table>",
    "nested table": lambda said: "".join(f"<table><tr><td>{word}" for word in said) + "</table>" * len(said),
    "quotation": lambda said: f"<blockquote>{said[0]}\n\n<ul><li>{' '.join(said[1:])}</ul></blockquote>",
    "pre": lambda said: "<pre>" + "\n  ".join(said) + "</pre>",
    "definitions": lambda said: f"<dl><dt>{'<dd>'.join(said)}</dl>",
    "unseen": lambda said: f"<script>unseen</script><!-- unseen --><p style='display:none'>unseen</p>{' '.join(said)}",
    "spaces": lambda said: f"<p>{'&nbsp;'.join(said)}</p>",
}


def _of(forms: dict[str, Form]) -> st.SearchStrategy[list[tuple[str, Said]]]:
    """Documents of up to eight blocks; footnotes have a test of their own, since they need words on both sides."""
    forms_but_footnotes = sorted(set(forms) - {"footnote"})
    said = st.lists(words, min_size=1, max_size=6)
    return st.lists(st.tuples(st.sampled_from(forms_but_footnotes), said), min_size=1, max_size=8)


def _made(forms: dict[str, Form], parts: list[tuple[str, Said]], path: str) -> Document:
    document = read("\n\n".join(forms[form](said) for form, said in parts), path)
    assert_sound(document)
    assert "unseen" not in document.text
    assert [word for word in document.text.split() if word.startswith("q")] == _words(parts)
    return document


def _words(parts: list[tuple[str, Said]]) -> list[str]:
    return [word for _, said in parts for word in said]


@deterministic
@given(_of(PLAIN))
def test_plain_text_of_known_words(parts: list[tuple[str, Said]]) -> None:
    _made(PLAIN, parts, "a.txt")


@deterministic
@given(_of(MARKDOWN))
def test_markdown_of_known_words(parts: list[tuple[str, Said]]) -> None:
    _made(MARKDOWN, parts, "a.md")


@deterministic
@given(_of(HTML))
def test_html_of_known_words(parts: list[tuple[str, Said]]) -> None:
    _made(HTML, parts, "a.html")


@deterministic
@given(st.lists(words, min_size=2, max_size=6))
def test_footnotes_of_known_words(said: Said) -> None:
    for forms, path in ((PLAIN, "a.txt"), (MARKDOWN, "a.md")):
        text = read(forms["footnote"](said), path)
        assert [block.kind for block in text.blocks] == ["paragraph", "footnote"]
        assert " ".join(said[1:]) in text_of(text, text.blocks[1])


@deterministic
@given(_of(PLAIN))
def test_blocks_of_plain_text_are_the_words_of_their_lines(parts: list[tuple[str, Said]]) -> None:
    document = _made(PLAIN, parts, "a.txt")
    lines = document.text.split("\n")
    for block in document.blocks:
        assert block.lines is not None
        first, last = block.lines
        assert text_of(document, block).split() == " ".join(lines[first - 1 : last]).split()


@pytest.mark.parametrize(("forms", "path"), [(MARKDOWN, "a.md"), (HTML, "a.html")])
def test_blocks_begin_on_the_line_that_they_name(forms: dict[str, Form], path: str) -> None:
    @deterministic
    @given(_of(forms))
    def check(parts: list[tuple[str, Said]]) -> None:
        # Numbered words, so that each stands once.
        numbers = iter(range(10_000))
        numbered = [(form, [f"q{next(numbers)}x" for _ in said]) for form, said in parts]
        raw = "\n\n".join(forms[form](said) for form, said in numbered).split("\n")
        document = _made(forms, numbered, path)
        for block in document.blocks:
            own = [word for word in text_of(document, block).split() if word.startswith("q")]
            assert block.lines is not None
            assert own[0] in raw[block.lines[0] - 1], (own, block.lines)
            assert own[-1] in raw[block.lines[1] - 1], (own, block.lines)

    check()


# Pieces that mean something to a reader, to be put together in any order.
PIECES = (
    "--- \n +++ \n\n \r \r\n title: a = [ ] { } < > </ /> <p> </p> <b> <div <table> <tr> <td> </td>"
    " <blockquote> </blockquote> <li> <ol <pre> </pre> <br> <h1> </h1>"
    " <script> </script> <!-- --> <![CDATA[ ]]> &nbsp; &#0; &#xD800; &#9; & &amp"
    " # ## === --- *** ** * _ ` ``` ~~~ > >> - 1. | |---| [ ] ( ) [^1] [^1]: [a]: \\ ^[ ! <a href=' word Words. 12 † ©"
    " hidden style='display:none' start=9 \x00 \x0b \x0c \x1b \x1c \x85 \xa0 \u200b \u2028 \u202e \ufeff \ufffe \t"
).split(" ")
any_text = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.sampled_from(PIECES)).map(" ".join),
    st.lists(st.sampled_from(PIECES)).map("".join),
)


def _read_or_refused(data: bytes, path: str) -> Document | None:
    try:
        return read(data, path)
    except UnreadableDocument as refusal:
        assert refusal.message
        assert refusal.advice
        return None


@deterministic
@given(any_text, paths)
def test_any_text_is_sound_or_refused(text: str, path: str) -> None:
    document = _read_or_refused(text.encode(), path)
    if document is not None:
        assert_sound(document)
        assert any(block.furniture is None for block in document.blocks)
        assert document.title.strip()
        for block in document.blocks:
            spans = sentence_spans(document.text, block.start, block.end)
            inside = "".join(document.text[a:b] for a, b in spans)
            assert "".join(inside.split()) == "".join(text_of(document, block).split())


@deterministic
@given(any_text.filter(lambda text: not text.startswith(("---", "+++", "\ufeff---", "\ufeff+++"))))
def test_any_plain_text_is_the_files_own(text: str) -> None:
    document = _read_or_refused(text.encode(), "a.txt")
    if document is not None and document.media_type == "text/plain":
        assert document.text == decode(text.encode())[0]
        assert document.text == text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


BYTES = (
    b"<meta charset=",
    b"utf-7>",
    b"big5>",
    b"caf\xe9",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x00",
    b"a ",
    b"\xc3\xa9",
    b"---\n",
)


@deterministic
@given(st.one_of(st.binary(), st.lists(st.sampled_from(BYTES)).map(b"".join)), paths)
def test_any_bytes_are_read_or_refused(data: bytes, path: str) -> None:
    document = _read_or_refused(data, path)
    if document is not None:
        assert_sound(document)


@deterministic
@given(any_text, paths)
def test_any_front_matter_is_read_or_refused(text: str, path: str) -> None:
    for mark in ("---", "+++"):
        document = _read_or_refused(f"{mark}\ntitle: {text}\n{mark}\nWords below.".encode(), path)
        if document is not None:
            assert_sound(document)
            assert document.text.endswith("Words below.")
