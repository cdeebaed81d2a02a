"""Read PDF: the text layer in reading order, page by page, under the headings of the outline or of the print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.readers.pdf.page_layout import Stretch, body_size, in_reading_order, may_be_heading, stretches
from rag.readers.pdf.pdf_lines import Line, PageText
from rag.readers.pdf.running_lines import running_lines
from rag.readers.reading import Draft, Reading

LEVELS = 6
"""How deep headings of the print may be."""

_NO_TITLE = re.compile(
    r"untitled|document\d*|microsoft (?:word|powerpoint|excel) - .*|.*\.(?:docx?|pdf|indd|qxd|tex|dvi|pptx?|rtf|odt)"
    r"|[\W\d_]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page, and the numbers of those that are set aside, with the reasons."""

    lines: list[Line]
    height: float
    label: str | None
    aside: dict[int, str]


def read_pdf(data: bytes, limits: Limits = Limits()) -> Reading:
    """Read a PDF file; one that is encrypted with each of the limits' passwords in turn.

    Raises `UnreadableDocument` when it is damaged or protected, has too many pages or none, or no text layer.
    """
    return read_with_lines(data, limits)[0]


def read_with_lines(data: bytes, limits: Limits = Limits()) -> tuple[Reading, list[tuple[Line, ...]]]:
    """Read a PDF file as `read_pdf` does; return with it the lines on its page that each block was made of.

    The visible characters of a block's text are those of its lines' spans, one for one and in the same order.
    """
    with closing(opened(data, limits.passwords)) as pdf:
        count = len(pdf)
        if not count:
            raise UnreadableDocument("It has no pages.", "Remove it, or put the right file in its place.")
        if count > limits.pages:
            raise UnreadableDocument(
                f"It has {count} pages, more than {limits.pages}.",
                "Split it, or raise pages under [reading] in rag.toml.",
            )
        pages = list(_pages(pdf))
        if not any(page.lines for page in pages):
            raise UnreadableDocument(
                f"It has no text layer: {count} {'page' if count == 1 else 'pages'}, nothing to quote.",
                "Run text recognition (OCR) on it, look the result over, and put that in its place.",
            )
        return _reading(pages, _outline(pdf), _title(pdf))


def opened(data: bytes, passwords: Sequence[str]) -> pypdfium2.PdfDocument:
    """Open a PDF file, with each of the passwords in turn if it needs one. Raises `UnreadableDocument`."""
    for password in (None, *passwords):
        try:
            return pypdfium2.PdfDocument(data, password=password)
        except pypdfium2.PdfiumError:
            code = raw.FPDF_GetLastError()
            if code == raw.FPDF_ERR_SECURITY:
                raise UnreadableDocument(
                    "It is encrypted in a way that cannot be read here.", "Save it without protection."
                ) from None
            if code != raw.FPDF_ERR_PASSWORD:
                raise UnreadableDocument(
                    "It is damaged, or no PDF file.", "Open it in a PDF program and save it again."
                ) from None
    raise UnreadableDocument(
        "It is protected with a password.",
        'Save it without one, or give it as passwords = ["…"] in rag.toml.'
        if not passwords
        else "None of the passwords that were given opens it.",
    )


def _pages(pdf: pypdfium2.PdfDocument) -> Iterator[_Page]:
    every, heights, labels = [], [], []
    for number in range(len(pdf)):
        try:
            page = pdf[number]
        except pypdfium2.PdfiumError:
            raise UnreadableDocument(
                f"Its page {number + 1} is damaged.", "Open it in a PDF program and save it again."
            ) from None
        with closing(page), closing(PageText(page)) as text:
            every.append(text.lines())
            heights.append(page.get_height())
            label = pdf.get_page_label(number).strip()
            labels.append(label if label not in ("", str(number + 1)) else None)
    for each in zip(every, heights, labels, running_lines(every, heights), strict=True):
        yield _Page(*each)


def _reading(
    pages: Sequence[_Page], outline: dict[int, list[tuple[str, int]]], title: str | None
) -> tuple[Reading, list[tuple[Line, ...]]]:
    body = body_size([[line for number, line in enumerate(page.lines) if number not in page.aside] for page in pages])
    laid_out = [(page, list(_stretches(page, body))) for page in pages]
    every = [stretch for _, found in laid_out for stretch in found]
    bold = sum(len(stretch.text) for stretch in every if stretch.bold)
    body_is_bold = bold > sum(len(stretch.text) for stretch in every) / 2
    levels = _levels(every, body, body_is_bold)
    draft = Draft()
    made_of: list[tuple[Line, ...]] = []

    def note(lines: tuple[Line, ...]) -> None:
        if len(draft.blocks) > len(made_of):  # what has no visible character made no block
            made_of.append(lines)

    for number, (page, found) in enumerate(laid_out, 1):
        wanted = [(_plain(words), level) for words, level in outline.get(number, [])]

        def set_aside(above: bool, page: _Page = page, number: int = number) -> None:
            for at, why in page.aside.items():
                line = page.lines[at]
                if (line.middle > page.height / 2) == above:
                    draft.add("paragraph", line.text, None, furniture=why, page=number, page_label=page.label)
                    note((line,))

        set_aside(above=True)
        for stretch in found:
            level = next((level for words, level in wanted if words and words == _plain(stretch.text)), None)
            if level is None and not outline:
                level = levels.get(id(stretch))
            draft.add(
                stretch.kind if level is None else "heading",
                stretch.text,
                None,
                level=level,
                page=number,
                page_label=page.label,
                wrapped=len(stretch.lines) > 1,
            )
            note(stretch.lines)
        set_aside(above=False)
    first = next((each for each in every if levels.get(id(each)) == 1), None)
    return draft.finish(title or (" ".join(first.text.split()) if first else None)), made_of


def _stretches(page: _Page, body: float) -> Iterator[Stretch]:
    lines = [line for number, line in enumerate(page.lines) if number not in page.aside]
    for column in in_reading_order(lines):
        yield from stretches(column, body)


def _levels(every: Sequence[Stretch], body: float, body_is_bold: bool) -> dict[int, int]:
    """Return the levels of what looks like headings: the larger, the higher; bold ones of the body's size lowest."""
    heads = [stretch for stretch in every if may_be_heading(stretch, body, body_is_bold)]
    sizes = sorted({round(stretch.size) for stretch in heads}, reverse=True)
    return {id(stretch): min(sizes.index(round(stretch.size)) + 1, LEVELS) for stretch in heads}


def _outline(pdf: pypdfium2.PdfDocument) -> dict[int, list[tuple[str, int]]]:
    """Return the outline's titles with their levels, by the page (from 1) that each points to."""
    found: dict[int, list[tuple[str, int]]] = {}
    for bookmark in pdf.get_toc():
        destination = bookmark.get_dest()
        index = destination.get_index() if destination else None
        if index is not None:
            found.setdefault(index + 1, []).append((bookmark.get_title(), bookmark.level + 1))
    return found


def _title(pdf: pypdfium2.PdfDocument) -> str | None:
    title = " ".join(pdf.get_metadata_value("Title").split())
    return None if _NO_TITLE.fullmatch(title) else title


def _plain(words: str) -> str:
    """Return a title's letters and figures without the number before it: outlines leave those out, or their dots."""
    return re.sub(r"^[\d.\s]+", "", " ".join(words.split())).casefold()
