"""Split a `Document` into `Passage`s: exact offsets, sentence spans, nothing altered.

A passage starts at a heading or where the passage before it ended; it never crosses a heading, a change of
attribution, a page or a piece of furniture. Paragraphs stay whole where they fit, sentences, list items and
table rows wherever they alone do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise

from langchain_text_splitters import RecursiveCharacterTextSplitter, TextSplitter
from syntok import segmenter

from rag.core.identity import passage_id
from rag.core.types.documents import Block, Document
from rag.core.types.passages import Passage
from rag.core.types.protocols import TokenCounter
from rag.text.splitter_settings import SplitterSettings

_WEAKEST_LAST = ["\n\n", "\n", "; ", ": ", ", ", " ", ""]
_LONGEST_TOKEN = 100  # characters; a longer word is one unknown token to the model
_SentencesOf = Callable[[Block], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class _Atom:
    """A span that is not cut: a paragraph that fits, else a sentence, list item or row, else a piece of one."""

    start: int
    end: int


class _AtomSplitter(TextSplitter):
    """Packs given atoms into passages with LangChain's own merging; `split_text` is not asked for boundaries."""

    def __init__(self, size: int, count: TokenCounter) -> None:
        super().__init__(chunk_size=size, chunk_overlap=0, length_function=count, strip_whitespace=False)

    def split_text(self, text: str) -> list[str]:
        return self.pack([text])

    def pack(self, atoms: Sequence[str]) -> list[str]:
        return self._merge_splits(atoms, separator="")


def split(document: Document, count_tokens: TokenCounter, settings: SplitterSettings) -> Iterator[Passage]:
    """Cut a document into passages, in order; together they cover all of it that is not furniture or blank.

    `count_tokens` is the embedding model's measure of a text, without special tokens.
    """
    count = lru_cache(maxsize=4096)(partial(_size, count_tokens))
    sentences = lru_cache(maxsize=256)(partial(sentences_of, document.text))
    for segment in _segments(document.blocks):
        for start, end in _spans(document.text, segment, count, sentences, settings.passage_tokens):
            yield _passage(document, segment, start, end, sentences)


def _size(count_tokens: TokenCounter, text: str) -> int:
    """Return how many tokens a text has, at least one for every `_LONGEST_TOKEN` characters and parts of them.

    To the model marks without a letter are nothing, and LangChain would put what has no size into two passages; a word
    of a million letters is one token that is not known, and would be quoted as one passage.
    """
    return max(count_tokens(text), -(-len(text) // _LONGEST_TOKEN))


def context(title: str, section: Sequence[str], count_tokens: TokenCounter, settings: SplitterSettings) -> str:
    """Return what is put before a passage when it is embedded and indexed, never when it is quoted.

    The title and the headings above the passage, outermost first, as many whole words as fit.
    """
    steps = [title, *(heading for heading in section if heading != title)]
    words = " > ".join(steps).split(" ")
    while words and count_tokens(" ".join(words)) > settings.context_tokens:
        words.pop()
    return " ".join(words)


_INITIALS = re.compile(r"(?:\b[A-Z]\.\s+){2,}\Z")
"""Ends in the initials of a name that goes on, such as W. E. B. Du Bois: syntok takes the last for a sentence's end."""


def sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentences of one block as spans without surrounding white space, covering all that is not blank.

    Line ends are replaced by spaces of the same length first: a hard-wrapped sentence is one sentence.
    """
    flat = text[start:end].replace("\n", " ")
    starts = [tokens[0].offset for paragraph in segmenter.analyze(flat) for tokens in paragraph if tokens]
    bounds = [0, *(at for at in starts[1:] if not _INITIALS.search(flat, 0, at)), len(flat)]
    return [span for a, b in pairwise(bounds) if (span := _trimmed(text, start + a, start + b))]


def _segments(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Group blocks that one passage may hold: one section, speaker and page; a heading comes first."""
    segment: list[Block] = []
    for block in blocks:
        if block.furniture is not None:
            if segment:
                yield segment
            segment = []
            continue
        if segment and (
            block.kind == "heading"
            or block.section != segment[-1].section
            or block.attribution != segment[-1].attribution
            or block.page != segment[-1].page
        ):
            yield segment
            segment = []
        segment.append(block)
    if segment:
        yield segment


def _spans(
    text: str, segment: Sequence[Block], count: TokenCounter, sentences: _SentencesOf, limit: int
) -> Iterator[tuple[int, int]]:
    """Yield the passages of a segment, packed evenly: no short remainder after a full passage."""
    atoms = _atoms(text, segment, count, sentences, limit)
    # Each atom carries the blank characters before it, so that the pieces joined are the segment's text.
    edges = [segment[0].start, *(atom.end for atom in atoms)]
    pieces = [text[a:b] for a, b in pairwise(edges)]
    lengths = [count(piece) for piece in pieces]
    total = sum(lengths)
    even = -(-total // max(1, -(-total // limit)))
    size = min(limit, even + max(lengths)) if total > limit else limit
    position = segment[0].start
    for piece in _AtomSplitter(max(size, *lengths), count).pack(pieces):
        span = _trimmed(text, position, position + len(piece))
        position += len(piece)
        if span:
            yield span


def _atoms(
    text: str, segment: Sequence[Block], count: TokenCounter, sentences: _SentencesOf, limit: int
) -> list[_Atom]:
    atoms: list[_Atom] = []
    for block in segment:
        if count(text[block.start : block.end]) <= limit:
            atoms.append(_Atom(block.start, block.end))
            continue
        for start, end in sentences(block):
            if count(text[start:end]) <= limit:
                atoms.append(_Atom(start, end))
            else:
                atoms.extend(_pieces(text, start, end, count, limit))
    if len(atoms) > 1 and segment[0].kind == "heading":  # a heading stays with what it heads
        first, second = atoms[0], atoms[1]
        if first.end == segment[0].end and count(text[first.start : second.end]) <= limit:
            atoms[:2] = [_Atom(first.start, second.end)]
    return atoms


def _pieces(text: str, start: int, end: int, count: TokenCounter, limit: int) -> Iterator[_Atom]:
    """Cut a sentence that is too long for the model, at the strongest mark there is."""
    splitter = RecursiveCharacterTextSplitter(
        separators=_WEAKEST_LAST,
        keep_separator="end",
        chunk_size=limit,
        chunk_overlap=0,
        length_function=count,
        strip_whitespace=False,
    )
    position = start
    for piece in splitter.split_text(text[start:end]):
        yield _Atom(position, position + len(piece))
        position += len(piece)


def sentences_of(text: str, block: Block) -> list[tuple[int, int]]:
    """Return what of a block is cut only where it alone is too long: its sentences, the row, its lines of code."""
    if block.kind == "table row":
        return [(block.start, block.end)]
    if block.kind == "code":
        return _line_spans(text, block)
    return sentence_spans(text, block.start, block.end)


def _line_spans(text: str, block: Block) -> list[tuple[int, int]]:
    spans, position = [], block.start
    for line in text[block.start : block.end].split("\n"):
        if span := _trimmed(text, position, position + len(line)):
            spans.append(span)
        position += len(line) + 1
    return spans


def _passage(document: Document, segment: Sequence[Block], start: int, end: int, sentences: _SentencesOf) -> Passage:
    text = document.text
    spans = tuple(
        (max(a, start), min(b, end))
        for block in segment
        if block.kind != "heading" and block.start < end and block.end > start
        for a, b in sentences(block)
        if a < end and b > start
    )
    first = next(block for block in segment if block.end > start)
    last = next(block for block in reversed(segment) if block.start < end)
    return Passage(
        id=passage_id(document.sha256, start, end, text[start:end]),
        document_id=document.id,
        start=start,
        end=end,
        sentences=spans,
        section=segment[0].section,
        attribution=first.attribution,
        page=first.page,
        lines=_lines(text, first, last, start, end),
    )


def _lines(text: str, first: Block, last: Block, start: int, end: int) -> tuple[int, int] | None:
    """Return the source's lines of a span: counted inside a block whose line ends are the source's own."""
    if first.lines is None or last.lines is None:
        return None
    begin = min(first.lines[0] + text.count("\n", first.start, max(start, first.start)), first.lines[1])
    finish = max(last.lines[1] - text.count("\n", min(end, last.end), last.end), last.lines[0])
    return begin, max(begin, finish)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
