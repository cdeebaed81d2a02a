"""Read Word files (.docx, .docm, Strict and Transitional): the text of the page, block by block.

The text is the document as it stands with its tracked changes accepted. Comments are about it and not of it, so they
are left out, as are deletions, hidden text and the codes of fields. Running heads and tables of contents are set aside
as furniture. Where pages end is known to Word alone, so no block has a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import etree

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.core.types.documents import AUTHOR, Attribution
from rag.readers.reading import Draft, DraftBlock, Reading, promote_pseudo_headings, quotation_source
from rag.readers.word.inline import Shared
from rag.readers.word.list_numbering import ListNumbering
from rag.readers.word.notes import Notes
from rag.readers.word.pieces import Piece
from rag.readers.word.properties import own_entry
from rag.readers.word.story import read_story
from rag.readers.word.styles import Styles
from rag.readers.word.word_package import WordPackage, child, descendants, is_on, name_of, value


def read_docx(data: bytes, limits: Limits = Limits()) -> Reading:
    """Read the bytes of a Word file.

    Raises `UnreadableDocument` when it is damaged, protected with a password, no Word file or far too large, when some
    of its text lies elsewhere, and when no word of it is visible.
    """
    package = WordPackage(data, limits.unpacked)
    settings = _root(package, "settings")
    notes = Notes(package, settings)
    shared = Shared(package, Styles(_root(package, "styles")), ListNumbering(_root(package, "numbering")), notes)
    pieces = _under_title(read_story(shared, package.main, package.main.root))
    for note in notes.referred():
        pieces += [
            replace(piece, kind="footnote", level=None, is_bold=False)
            for piece in read_story(shared, note.part, note.root, note.mark)
        ]
    pieces += _running_heads(shared, settings)
    reading = _drafted(pieces).finish(_title(pieces), own_entry(package.properties))
    if not reading.blocks:
        raise UnreadableDocument("No word of this Word file is visible.", "Look at it in Word; remove it if empty.")
    return reading


def _root(package: WordPackage, kind: str) -> etree._Element | None:
    part = package.related(package.main, kind)
    return None if part is None else part.root


def _under_title(pieces: list[Piece]) -> list[Piece]:
    """Put all headings under the document's title, where it has one before them."""
    first = next((piece for piece in pieces if piece.kind == "heading"), None)
    if first is None or not first.is_title:
        return pieces
    return [
        replace(piece, level=piece.level + 1) if piece.level is not None and not piece.is_title else piece
        for piece in pieces
    ]


def _title(pieces: Sequence[Piece]) -> str | None:
    """Return the title that the document shows: that of its style, else its first heading of the first level."""
    headings = [piece for piece in pieces if piece.kind == "heading"]
    titles = [piece for piece in headings if piece.is_title] or [piece for piece in headings if piece.level == 1]
    return " ".join(titles[0].text.split()) if titles else None


def _running_heads(shared: Shared, settings: etree._Element | None) -> list[Piece]:
    """Read the headers and footers that are shown on any page, each once, and once where several say the same."""
    has_even = is_on(child(settings, "w:evenAndOddHeaders"))
    found: dict[tuple[str, str], Piece] = {}
    read: set[str] = set()
    main = shared.package.main
    for section in descendants(main.root, "w:sectPr"):
        shown = {"default", "first" if is_on(child(section, "w:titlePg")) else "", "even" if has_even else ""}
        for reference in section:
            kind = name_of(reference.tag).removeprefix("w:").removesuffix("Reference")
            related = main.relationships.get(value(reference, "r:id") or "")
            if kind not in ("header", "footer") or value(reference, "w:type") not in (None, *shown) or related is None:
                continue
            if related.external or related.target in read:
                continue
            read.add(related.target)
            part = shared.package.part(related.target)
            for piece in [] if part is None else read_story(shared, part, part.root):
                set_aside = replace(piece, furniture=f"page {kind}", level=None)
                found.setdefault((kind, piece.text), set_aside)
    return [replace(piece, kind="paragraph") if piece.kind == "heading" else piece for piece in found.values()]


def _drafted(pieces: list[Piece]) -> Draft:
    """Draft the blocks. Quotations in a row are one speaker's; lines of code in a row are one block."""
    draft = Draft()
    bold: list[int] = []
    speaker: Attribution = AUTHOR
    link: tuple[str, str] | None = None
    for piece in _joined_code(pieces):
        if not piece.is_quoted:
            speaker = AUTHOR
        elif speaker == AUTHOR:
            speaker = Attribution("quoted", None, quotation_source(draft.last_text, link))
        before = len(draft.blocks)
        draft.add(piece.kind, piece.text, None, attribution=speaker, level=piece.level, furniture=piece.furniture)
        if len(draft.blocks) > before:
            link = piece.link
            if piece.is_bold and piece.furniture is None:
                bold.append(before)
    blocks = draft.blocks
    # At the end of the body stand notes and running heads, which nothing there is the heading of.
    bold = [index for index in bold if index + 1 < len(blocks) and _is_body(blocks[index + 1])]
    draft.blocks = promote_pseudo_headings(draft.text, blocks, bold)
    return draft


def _is_body(block: DraftBlock) -> bool:
    return block.furniture is None and block.kind != "footnote"


def _joined_code(pieces: list[Piece]) -> Iterator[Piece]:
    code: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and piece.kind == "code" and piece.furniture is None:
            code.append(piece)
            continue
        if code:
            yield replace(code[0], text="\n".join(line.text for line in code))
            code = []
        if piece is not None:
            yield piece
