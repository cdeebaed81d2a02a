"""The tests' own small documents, twins of the seeds in shape and not in words, and what the tests of readers share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

from support.paths import DATA

from rag.core.types.documents import Block, CatalogueEntry, Document, Source
from rag.readers.registry import read_document

BLOG_EXPORT = DATA / "blog-export.txt"
SAVED_PAGE = DATA / "saved-page.txt"
FORUM_POST = DATA / "forum-post.txt"

_VOID = set("br hr img input meta link col wbr area base source track embed".split())
_UNSEEN = set("script style template noscript head title select textarea svg iframe".split())
_INLINE = set("a b strong i em span u s sub sup small code cite q font abbr wbr".split())


def read(data: bytes | str, path: str = "a.txt", entry: CatalogueEntry = CatalogueEntry()) -> Document:
    """Read bytes, or a text as UTF-8, as a source of that path."""
    data = data.encode() if isinstance(data, str) else data
    return read_document(Source(path, hashlib.sha256(data).hexdigest(), entry), data)


def read_file(file: Path) -> Document:
    """Read a file as a source of its own name."""
    return read(file.read_bytes(), file.name)


def shown(document: Document) -> list[tuple[str, str]]:
    """Return each block's kind and text."""
    return [(block.kind, text_of(document, block)) for block in document.blocks]


def text_of(document: Document, block: Block) -> str:
    """Return a block's text."""
    return document.text[block.start : block.end]


def block_with(document: Document, words: str) -> Block:
    """Return the one block whose text holds these words."""
    found = [block for block in document.blocks if words in text_of(document, block)]
    assert len(found) == 1, (words, found)
    return found[0]


def assert_sound(document: Document) -> None:
    """Blocks are in order, apart, stripped and not blank, and every character that is not blank is in one of them."""
    position = 0
    for block in document.blocks:
        assert block.start >= position
        assert not document.text[position : block.start].strip()
        text = text_of(document, block)
        assert text
        assert text == text.strip()
        position = block.end
    assert not document.text[position:].strip()


def visible_words(markup: str) -> list[str]:
    """Return the words that a browser shows of HTML, by the standard library's parser and not by the reader."""
    parser = _Visible()
    parser.feed(markup)
    parser.close()
    return "".join(parser.pieces).split()


def front_matter_and_body(text: str) -> tuple[str, str, int]:
    """Cut a text whose front matter stands between lines of three dashes; also return the body's first line."""
    lines = text.split("\n")
    assert lines[0] == "---"
    end = lines.index("---", 1)
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


class _Visible(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        style = (named.get("style") or "").replace(" ", "")
        if tag not in _VOID and (self._unseen or tag in _UNSEEN or "hidden" in named or "display:none" in style):
            self._unseen.append(tag)
        if tag not in _INLINE:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        if tag not in _INLINE:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)
