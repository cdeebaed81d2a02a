"""Resolve the styles of a Word file: headings and their levels, quotations, captions, code, lists.

A style inherits from the one that it is based on; Word's own are known by their names, whatever a writer's language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from rag.core.types.documents import BlockKind
from rag.readers.word.word_package import child, children, is_on, value, whole_number

CONTENTS = "the table of contents"
BODY_TEXT = 9
"""The outline level (from 0) that is none."""

_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titulo|titolo|encabezado|intestazione|cabeçalho|kop|rubrik|overskrift|otsikko"
    r"|nagłówek|nadpis|naslov|címsor|titlu|başlık|заголовок|επικεφαλίδα|标题|標題|見出し|제목) ?([1-9])"
)
_TITLES = set("title titel titre título titolo 标题 標題 表題 제목".split())
_FURNITURE = re.compile(
    r"(?:toc|contents|verzeichnis) ?\d|toc heading|contents heading|table of (?:figures|authorities)"
)
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("quote", "intense quote", "block text", "quotations", "block quotation"), "quotation"),
    **dict.fromkeys(
        ("zitat", "intensives zitat", "citation", "citation intense", "cita", "cita destacada"), "quotation"
    ),
    **dict.fromkeys(("caption", "image caption", "table caption", "figure caption"), "caption"),
    **dict.fromkeys(("beschriftung", "légende", "leyenda", "didascalia", "legenda", "bijschrift"), "caption"),
    **dict.fromkeys(("code", "code block", "source code", "html preformatted", "preformatted text"), "code"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """A style with all that it inherits. `chain` are its own id and those of what it is based on.

    `outline` is the level of its headings, from 0, and `BODY_TEXT` or more for none; `number` and `at` name a list and
    a level in it.
    """

    kind: BlockKind = "paragraph"
    outline: int = BODY_TEXT
    is_title: bool = False
    furniture: str | None = None
    number: str | None = None
    at: int | None = None
    hidden: bool = False
    bold: bool = False
    chain: tuple[str, ...] = ()


PLAIN = Style()


class Styles:
    """The styles of a file, by their ids."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements = {value(one, "w:styleId") or "": one for one in children(root, "w:style")}
        self._defaults = {
            value(one, "w:type"): key
            for key, one in self._elements.items()
            if value(one, "w:default") in ("1", "true", "on")
        }
        self._known: dict[str, Style] = {}

    def paragraph(self, name: str | None) -> Style:
        """Return a paragraph's style by its id, the default one where it names none that there is."""
        return self._style(name if name in self._elements else self._defaults.get("paragraph"))

    def character(self, name: str | None) -> Style:
        """Return a run's style by its id, one that says nothing where it names none that there is."""
        return self._style(name)

    def _style(self, name: str | None) -> Style:
        if name is None or name not in self._elements:
            return PLAIN
        if name not in self._known:
            pending: dict[str, None] = {}
            step: str | None = name
            while step in self._elements and step not in self._known and step not in pending:
                pending[step] = None
                base = child(self._elements[step], "w:basedOn")
                step = None if base is None else value(base)
            style = self._known.get(step or "", PLAIN)
            for step in reversed(pending):
                style = self._known[step] = _inherited(step, self._elements[step], style)
        return self._known[name]


def _inherited(name: str, element: etree._Element, base: Style) -> Style:
    """Return a style as it changes what it is based on."""
    said = child(element, "w:name")
    called = " ".join((value(said) or "" if said is not None else name).lower().split())
    of_paragraphs, of_runs = child(element, "w:pPr"), child(element, "w:rPr")
    style = replace(base, chain=(name, *base.chain[:50]))
    heading = _HEADING.fullmatch(called)
    if heading:
        style = replace(style, outline=int(heading[1]) - 1)
    if (outline := child(of_paragraphs, "w:outlineLvl")) is not None:
        style = replace(style, outline=whole_number(value(outline), BODY_TEXT))
    if called in _TITLES:
        style = replace(style, is_title=True)
    elif called == "subtitle":  # which some templates base on the title
        style = replace(style, is_title=False)
    if _FURNITURE.fullmatch(called):
        style = replace(style, furniture=CONTENTS)
    style = replace(style, kind=_KINDS.get(called, style.kind))
    numbered = child(of_paragraphs, "w:numPr")
    if (number := child(numbered, "w:numId")) is not None:
        style = replace(style, number=value(number))
    if (at := child(numbered, "w:ilvl")) is not None:
        style = replace(style, at=whole_number(value(at), 0))
    hidden, bold = is_on(child(of_runs, "w:vanish")), is_on(child(of_runs, "w:b"))
    return replace(
        style,
        hidden=style.hidden if hidden is None else hidden,
        bold=style.bold if bold is None else bold,
    )
