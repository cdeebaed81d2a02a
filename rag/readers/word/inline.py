"""Gather the text inside paragraphs of a Word file: runs, signs, notes, fields, links, pronunciations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from rag.readers.word.fields import Fields, form_field
from rag.readers.word.list_numbering import ListNumbering
from rag.readers.word.notes import Notes
from rag.readers.word.pieces import OpenParagraph
from rag.readers.word.styles import PLAIN, Styles
from rag.readers.word.symbols import as_shown, symbol
from rag.readers.word.word_package import PackagePart, WordPackage, child, is_on, name_of, value

_INDENTATION = re.compile(r" *[\t\r\n][\t\r\n ]*")  # to Word, no character of the text
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_LONGEST_LINK = 100  # runs


@dataclass(frozen=True, slots=True)
class Shared:
    """The parts of a file that all of its stories share."""

    package: WordPackage
    styles: Styles
    numbering: ListNumbering
    notes: Notes


@dataclass(frozen=True, slots=True)
class _Run:
    hidden: bool = False
    bold: bool = False
    font: str = ""


class ParagraphText:
    """The open paragraphs, the innermost last, and what the runs, fields and links around the next text say of it.

    `note` is the visible mark of a footnote that is read. Without `trusts_fields` no field hides anything.
    """

    def __init__(self, shared: Shared, part: PackagePart, note: str, trusts_fields: bool = True) -> None:
        self._shared = shared
        self._part = part
        self._note = note
        self._trusts_fields = trusts_fields
        self._paragraphs: list[OpenParagraph] = []
        self._fields = Fields()
        self._runs = [_Run()]
        self._link_starts: list[int] = []
        self._phonetic: list[str] = []
        self._phonetic_start = 0

    def _say(self, text: str) -> None:
        if not text or not self._paragraphs or self._runs[-1].hidden or self._fields.in_code:
            return
        paragraph = self._paragraphs[-1]
        paragraph.said.append(text)
        if not text.isspace():
            paragraph.is_bold = paragraph.is_bold and self._runs[-1].bold
            if self._fields.in_contents:
                paragraph.in_contents = True
            else:
                paragraph.outside_contents = True

    def _say_drawn(self, text: str) -> None:
        said = self._paragraphs[-1].said if self._paragraphs else []
        if text != " " or not said or not said[-1].endswith(" "):
            self._say(text)

    def _place(self) -> int:
        """Return where in the open paragraph the next text goes."""
        return len(self._paragraphs[-1].said) if self._paragraphs else 0

    def _on_text(self, element: etree._Element) -> None:
        text = element.text or ""
        if "\n" in text or "\t" in text:
            text = _INDENTATION.sub(" ", text)
        if _PRIVATE.search(text):
            text = as_shown(text, self._runs[-1].font)
        self._say(text)

    def _on_symbol(self, element: etree._Element) -> None:
        self._say(symbol(value(element, "w:char"), value(element, "w:font") or ""))

    def _on_run(self, element: etree._Element) -> None:
        properties = child(element, "w:rPr")
        style = self._paragraphs[-1].style if self._paragraphs else PLAIN
        hidden, bold, font = style.hidden, style.bold, ""
        if properties is not None:
            by_name = {name_of(one.tag): one for one in properties}
            if "w:rStyle" in by_name:
                of_run = self._shared.styles.character(value(by_name["w:rStyle"]))
                hidden, bold = hidden != of_run.hidden, bold != of_run.bold  # each style switches it over
            own_hidden, own_bold = is_on(by_name.get("w:vanish")), is_on(by_name.get("w:b"))
            hidden = hidden if own_hidden is None else own_hidden
            bold = bold if own_bold is None else own_bold
            if "w:rFonts" in by_name:
                font = value(by_name["w:rFonts"], "w:ascii") or value(by_name["w:rFonts"], "w:hAnsi") or ""
        self._runs.append(_Run(hidden or self._runs[-1].hidden, bold, font))

    def _end_run(self, element: etree._Element) -> None:
        self._runs.pop()

    def _on_note_reference(self, element: etree._Element) -> None:
        if self._runs[-1].hidden:
            return
        kind = name_of(element.tag).removeprefix("w:").removesuffix("Reference")
        has_own_mark = value(element, "w:customMarkFollows") in ("1", "true", "on")
        self._say(self._shared.notes.refer(kind, value(element, "w:id") or "", has_own_mark))

    def _on_note_mark(self, element: etree._Element) -> None:
        self._say(self._note)

    def _on_field_sign(self, element: etree._Element) -> None:
        if not self._trusts_fields:
            return
        sign = value(element, "w:fldCharType")
        if sign == "begin":
            self._say(form_field(element))
            self._fields.begin()
        elif sign == "separate":
            self._fields.begin_result(self._place())
        elif sign == "end":
            ended = self._fields.end()
            if ended is not None and ended.link is not None:
                self._link_to(ended.link, ended.result or 0)

    def _on_field_code(self, element: etree._Element) -> bool:
        self._fields.add_code(element.text or "")
        return True

    def _on_link(self, element: etree._Element) -> None:
        self._link_starts.append(self._place())

    def _end_link(self, element: etree._Element) -> None:
        start = self._link_starts.pop()
        related = self._part.relationships.get(value(element, "r:id") or "")
        if related is not None and related.external:
            self._link_to(related.target, start)

    def _link_to(self, target: str, start: int) -> None:
        if self._paragraphs:
            words = "".join(self._paragraphs[-1].said[start : start + _LONGEST_LINK])
            self._paragraphs[-1].link = (words, target)

    # The pronunciation that stands above characters is stored before them, and read after them.

    def _on_phonetic(self, element: etree._Element) -> None:
        self._phonetic_start = self._place()

    def _end_phonetic(self, element: etree._Element) -> None:
        if self._paragraphs:
            said = self._paragraphs[-1].said
            self._phonetic = [" ", *said[self._phonetic_start :]]
            del said[self._phonetic_start :]

    def _end_phonetic_base(self, element: etree._Element) -> None:
        if self._paragraphs:
            self._paragraphs[-1].said += self._phonetic
        self._phonetic = []
