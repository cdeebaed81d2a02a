"""Number the footnotes and endnotes of a Word file as they are referred to, and make their visible marks.

A mark stands in brackets, as in Markdown: set small and high beside a figure it is no digit of it, and here it must not
become one. A mark of the writer's own ("*") stands as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from rag.readers.word.list_numbering import formatted
from rag.readers.word.word_package import PackagePart, WordPackage, child, children, descendants, value, whole_number

KINDS = ("footnote", "endnote")


@dataclass(frozen=True, slots=True)
class Note:
    """A note that the text refers to: where its own text is, and its mark, if that is not the writer's own."""

    part: PackagePart
    root: etree._Element
    mark: str


class Notes:
    """The notes of a file. What nothing refers to is not shown by Word, and is no note."""

    def __init__(self, package: WordPackage, settings: etree._Element | None) -> None:
        self._texts: dict[tuple[str, str], tuple[PackagePart, etree._Element]] = {}
        self._marks: dict[tuple[str, str], str] = {}
        self._start, self._form, self._anew = {}, {}, set()
        self._count: dict[str, int] = {}
        section = next(descendants(package.main.root, "w:sectPr"), None)
        for kind in KINDS:
            stated = [one for place in (section, settings) for one in children(place, f"w:{kind}Pr")]
            self._form[kind] = _first(stated, "w:numFmt") or ("decimal" if kind == "footnote" else "lowerRoman")
            self._start[kind] = self._count[kind] = whole_number(_first(stated, "w:numStart"), 1)
            if _first(stated, "w:numRestart") == "eachSect":
                self._anew.add(kind)
            part = package.related(package.main, f"{kind}s")
            for note in children(None if part is None else part.root, f"w:{kind}"):
                if part is not None and value(note, "w:type") in (None, "normal"):
                    self._texts[kind, value(note, "w:id") or ""] = part, note

    def refer(self, kind: str, name: str, has_own_mark: bool) -> str:
        """Return the mark of a note where the text refers to it: nothing where the writer's own mark follows there."""
        if has_own_mark:
            self._marks.setdefault((kind, name), "")
            return ""
        if (kind, name) not in self._marks:
            self._marks[kind, name] = f"[{formatted(self._count[kind], self._form[kind])}]"
            self._count[kind] += 1
        return self._marks[kind, name]

    def end_section(self) -> None:
        """Begin to count anew, where the notes of each section do."""
        for kind in self._anew:
            self._count[kind] = self._start[kind]

    def referred(self) -> list[Note]:
        """Return the notes that were referred to, footnotes first, in the order of their marks."""
        return [
            Note(*self._texts[kind, name], mark)
            for wanted in KINDS
            for (kind, name), mark in self._marks.items()
            if kind == wanted and (kind, name) in self._texts
        ]


def _first(stated: list[etree._Element], tag: str) -> str | None:
    return next((value(one) for place in stated if (one := child(place, tag)) is not None), None)
