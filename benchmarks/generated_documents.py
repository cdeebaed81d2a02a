"""Documents that are made up, with what a reader must find in them: known without reading them by the program's means.

A document is drawn by its number alone, so that any of them can be made again.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from random import Random
from typing import Literal

Kind = Literal["heading", "paragraph", "wrapped", "item", "row", "quotation"]

_WHO = "mice|rats|adults|children|patients with migraine|nurses|older women|men with gout|healthy volunteers".split("|")
_DOES = "lowers|raises|does not change|may ease|worsens|shortened|had no effect on|protects|was linked to".split("|")
_WHAT = "blood pressure|sleep|pain|memory|the heart rate|nausea|the risk of stroke|muscle cramps|anxiety".split("|")
_MORE = (
    "in a trial of {n} people|at {n} mg twice daily|for {n} weeks|after {n} days (p < 0.0{n})|by {n}.5%|, the"
    " authors say"
).split("|")
_ODD = (
    "caf\u00e9|cafe\u0301|\u202eabc\u202c|\u2066x\u2069|\u200bzero|soft\u00adhyphen|ﬁne ﬂow|№ 5|５０"
    " mg|naïve|\ufeffmark|α-β|"
    "镁离子|\U0001f48a|a\u0300\u0301\u0302b|\ufdd0|e\u200dx|\u0430pple|ma\u00a0gnesium|5\u202fmg|“q”|—|<b>|&amp;|*x*|[y](z)|"
    "`c`|$x$|\\d|_u_|#tag|~~s~~|http://e.org|{a: b}|\u061c|\u2028sep|x\u0085y|\u180e|\U000e0041|\uffff"
).split("|")
_UNSPEAKABLE = re.compile("[\ufdd0\ufffe\uffff]")  # characters that XML does not take
_REPEATED = (
    "Ask a pharmacist before taking it with other medicines.",
    "Side effects are rare, and they stop when the tablets are stopped.",
    "The evidence is of low certainty.",
)
_SYLLABLES = "zor bul in mag ne pra lox vi tam du ker so fen ti ra mol quo xan".split()


@dataclass(frozen=True)
class Piece:
    """A block as it was written: its exact text, a row's cells joined by tabs, wrapped lines by line ends."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Made:
    """A document: the name of its file, its bytes, and the text that is to be found in it, character for character."""

    name: str
    data: bytes
    text: str
    sentences: tuple[str, ...]


def make(number: int) -> Made:
    """Return a document, always the same one for a number."""
    chance = Random(f"document {number}")
    format_ = chance.choices(list(FORMATS), [6, 6, 4, 2, 2, 2, 2])[0]
    odd = [word for word in _ODD if format_ in ("txt", "md") or not _UNSPEAKABLE.search(word)]
    sentences = [_sentence(chance, number, odd) for _ in range(chance.randint(1, 2))]
    if chance.random() < 0.2:
        sentences.append(chance.choice(_REPEATED))
    pieces = [_piece(chance, sentence, format_) for sentence in sentences]
    if chance.random() < 0.3 and format_ != "txt":
        pieces.insert(0, Piece("heading", f"About {_name(number)}"))
    if chance.random() < 0.1 and format_ != "txt":
        pieces.append(pieces[-1])  # the same passage twice in one document
    data = FORMATS[format_](pieces)
    text = data.decode() if format_ == "txt" else _as_found(pieces)
    suffix = {"page": "html"}.get(format_, format_)
    return Made(f"{number:06d}.{suffix}", data, text, tuple(sentences))


def _sentence(chance: Random, number: int, odd: Sequence[str]) -> str:
    about = number - number % 3 if chance.random() < 0.3 else number  # near-duplicates: three documents on one thing
    chance = Random(f"sentence {about}") if about != number else chance
    words = [_name(about).capitalize(), chance.choice(_DOES), chance.choice(_WHAT), "in", chance.choice(_WHO)]
    words.append(chance.choice(_MORE).format(n=chance.randint(2, 98)))
    if about != number:
        words.append(f"and {number % 3 + 2} more")
    for _ in range(chance.choice((0, 0, 1, 3))):
        words.insert(chance.randrange(1, len(words) + 1), chance.choice(odd))
    return " ".join(words) + "."


def _name(number: int) -> str:
    chance = Random(f"name {number}")
    return "".join(chance.choice(_SYLLABLES) for _ in range(3))


def _piece(chance: Random, sentence: str, format_: str) -> Piece:
    kinds: list[Kind] = ["paragraph", "paragraph", "wrapped", "item", "row", "quotation"]
    kind = chance.choice(kinds)
    if (format_, kind) in (("txt", "row"), ("txt", "quotation"), ("docx", "item")):  # which take more than a line
        kind = "paragraph"
    if kind == "wrapped":
        return Piece(kind, _wrapped(sentence, chance) if format_ in ("txt",) else sentence)
    if kind == "row":
        return Piece(kind, f"{_name(len(sentence))}\t{sentence}")
    return Piece(kind, sentence)


def _wrapped(sentence: str, chance: Random) -> str:
    words = sentence.split(" ")
    place = chance.randrange(1, len(words))
    return " ".join(words[:place]) + "\n" + " ".join(words[place:])


def _as_found(pieces: Sequence[Piece]) -> str:
    """Return the text of blocks as every reader puts it together: rows and items of one list are a line end apart."""
    found = ""
    for before, piece in zip([None, *pieces], pieces, strict=False):
        if before is not None:
            found += "\n" if piece.kind == before.kind and piece.kind in ("item", "row") else "\n\n"
        found += piece.text
    return found


def _plain(pieces: Sequence[Piece]) -> bytes:
    written = [f"- {piece.text}" if piece.kind == "item" else piece.text for piece in pieces]
    return ("\n\n".join(written) + "\n").encode()


def _markdown(pieces: Sequence[Piece]) -> bytes:
    parts: list[str] = []
    for before, piece in zip([None, *pieces], pieces, strict=False):
        text = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", piece.text)
        same = before is not None and before.kind == piece.kind
        if piece.kind == "row":
            cells = " | ".join(text.split("\t"))
            # A table's first row is its head.
            parts.append(f"| {cells} |" if same else f"\n| {cells} |\n|---|---|")
        elif piece.kind == "wrapped":
            parts.append("\n" + text.replace(" ", "\n", 1))
        else:
            mark = {"heading": "\n# ", "item": "- " if same else "\n- ", "quotation": "\n> "}.get(piece.kind, "\n")
            parts.append(mark + text)
    return ("\n".join(parts) + "\n").encode()


def _markup(pieces: Sequence[Piece]) -> str:
    parts: list[str] = []
    for piece in pieces:
        text = escape(piece.text)
        if piece.kind == "row":
            parts.append(f"<table><tr><td>{'</td><td>'.join(text.split(chr(9)))}</td></tr></table>")
        elif piece.kind == "wrapped":
            first, _, rest = text.partition(" ")
            parts.append(f"<p>{first}\n  <em>{rest}</em></p>")
        else:
            tag = {"heading": "h1", "item": "li", "quotation": "blockquote"}.get(piece.kind, "p")
            whole = f"<{tag}>{text}</{tag}>"
            parts.append(f"<ul>{whole}</ul>" if tag == "li" else whole)
    return "\n".join(parts)


def _html(pieces: Sequence[Piece]) -> bytes:
    return _markup(pieces).encode()


def _page(pieces: Sequence[Piece]) -> bytes:
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{_markup(pieces)}</body></html>'.encode()


def _jats(pieces: Sequence[Piece]) -> bytes:
    parts: list[str] = []
    for number, piece in enumerate(pieces):
        text = escape(piece.text)
        if piece.kind == "row":
            cells = "</td><td>".join(text.split("\t"))
            parts.append(f"<table-wrap><table><tbody><tr><td>{cells}</td></tr></tbody></table></table-wrap>")
        elif piece.kind == "heading" and number == 0:
            parts.append(f"<sec><title>{text}</title>")
        elif piece.kind == "item":
            parts.append(f"<list><list-item><p>{text}</p></list-item></list>")
        else:
            parts.append(f"<disp-quote><p>{text}</p></disp-quote>" if piece.kind == "quotation" else f"<p>{text}</p>")
    end = "</sec>" if pieces[0].kind == "heading" else ""
    return f"<article><front><article-meta/></front><body>{''.join(parts)}{end}</body></article>".encode()


def _word(pieces: Sequence[Piece]) -> bytes:
    space = "http://schemas.openxmlformats.org"
    parts: list[str] = []
    for piece in pieces:
        runs = [f'<w:r><w:t xml:space="preserve">{escape(cell)}</w:t></w:r>' for cell in piece.text.split("\t")]
        style = {"heading": "Heading1", "quotation": "Quote"}.get(piece.kind)
        own = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        if piece.kind == "row":
            cells = "".join(f"<w:tc><w:p>{run}</w:p></w:tc>" for run in runs)
            parts.append(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")
        else:
            parts.append(f"<w:p>{own}{''.join(runs)}</w:p>")
    named = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{called}"/></w:style>'
        for name, called in (("Heading1", "heading 1"), ("Quote", "Quote"))
    )
    words = f'xmlns:w="{space}/wordprocessingml/2006/main"'
    link = f'<Relationship Id="{{}}" Type="{space}/officeDocument/2006/relationships/{{}}" Target="{{}}"/>'
    return _zipped(
        {
            "_rels/.rels": _related(link.format("a", "officeDocument", "word/document.xml")),
            "word/document.xml": f"<w:document {words}><w:body>{''.join(parts)}</w:body></w:document>",
            "word/_rels/document.xml.rels": _related(link.format("b", "styles", "styles.xml")),
            "word/styles.xml": f"<w:styles {words}>{named}</w:styles>",
        }
    )


def _related(link: str) -> str:
    return f'<Relationships xmlns="r">{link}</Relationships>'


def _book(pieces: Sequence[Piece]) -> bytes:
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{_markup(pieces)}</body></html>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    return _zipped({"mimetype": "application/epub+zip", "book.opf": package, "a.xhtml": page})


def _zipped(members: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


FORMATS: dict[str, Callable[[Sequence[Piece]], bytes]] = {
    "txt": _plain,
    "md": _markdown,
    "html": _html,
    "page": _page,
    "xml": _jats,
    "docx": _word,
    "epub": _book,
}
