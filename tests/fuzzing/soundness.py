"""What is wrong with a document that was read: by its own rules, and by what later stages need of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace

from lxml import html as lxml_html

from rag.core.types.documents import Document
from rag.page.html.document_html import document_html, outline_html
from rag.text.splitter_settings import SplitterSettings
from rag.text.splitting import split

SMALL = SplitterSettings(passage_tokens=24, context_tokens=8)
_TOKEN = re.compile(r"\w{1,6}|[^\w\s]")
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_OURS = {"div", "article", "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "span", "nav", "details", "summary"}
_OURS |= {"ul", "ol", "li", "a", "mark", "html", "body"}


def faults(document: Document) -> list[str]:
    """Return what is wrong with a document; nothing where all is well."""
    return [*_of_the_text(document), *_of_the_blocks(document), *_of_the_passages(document), *_of_the_page(document)]


def count_tokens(text: str) -> int:
    """Count roughly as the model does: pieces of words, and signs."""
    return len(_TOKEN.findall(text))


def _of_the_text(document: Document) -> Iterator[str]:
    if "\r" in document.text:
        yield "carriage return"
    if "\0" in document.text:
        yield "U+0000"
    if not document.title.strip():
        yield "no title"
    try:
        json.dumps(asdict(replace(document, blocks=tuple(document.blocks))), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        yield f"half a character: {error.object[error.start : error.end]!a}"
    except (TypeError, ValueError) as error:
        yield f"no JSON: {error}"


def _of_the_blocks(document: Document) -> Iterator[str]:
    position = 0
    for block in document.blocks:
        if not position <= block.start < block.end <= len(document.text):
            yield f"blocks out of order, overlapping or outside: {block.start}-{block.end} after {position}"
            return
        text = document.text[block.start : block.end]
        if document.text[position : block.start].strip():
            yield f"text between blocks, before {block.start}"
        if text != text.strip():
            yield f"white space around a block, at {block.start}"
        if block.lines is not None and not 1 <= block.lines[0] <= block.lines[1]:
            yield f"impossible lines: {block.lines}"
        if block.page is not None and block.page < 1:
            yield f"impossible page: {block.page}"
        position = block.end
    if document.text[position:].strip():
        yield "text after the last block"
    if all(block.furniture is not None for block in document.blocks):
        yield "nothing but furniture"


def _of_the_passages(document: Document) -> Iterator[str]:
    held = bytearray(len(document.text))
    for block in document.blocks:
        if block.furniture is not None:
            held[block.start : block.end] = b"\1" * (block.end - block.start)
    position = 0
    for passage in split(document, count_tokens, SMALL):
        if not position <= passage.start < passage.end <= len(document.text):
            yield f"passages out of order, overlapping or outside: {passage.start}-{passage.end} after {position}"
            return
        if any(held[passage.start : passage.end]):
            yield f"furniture in a passage, at {passage.start}"
        held[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
        inner = passage.start
        for start, end in passage.sentences:
            if not inner <= start < end <= passage.end:
                yield f"sentences out of order or outside: {start}-{end} in {passage.start}-{passage.end}"
                break
            inner = end
        position = passage.end
    if any(not in_one and not character.isspace() for in_one, character in zip(held, document.text, strict=True)):
        yield "characters in no passage"


def _of_the_page(document: Document) -> Iterator[str]:
    """Look at the document as the page shows it: nothing raw, and no element but our own."""
    shown = document_html(document) + outline_html(document)
    if found := _RAW.search(shown):
        yield f"raw on the page: {found[0]!a}"
        return
    tags = {str(element.tag) for element in lxml_html.document_fromstring(shown).iter()}
    if tags - _OURS:
        yield f"elements of the document's on the page: {sorted(tags - _OURS)}"
