"""Track the fields of Word: their codes are hidden, their results are text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from rag.readers.word.word_package import child, children, is_on, value, whole_number

_CONTENTS_CODE = re.compile(r"\s*TOC\b", re.IGNORECASE)
_LINK_CODE = re.compile(r'\s*HYPERLINK\s+"(https?://[^"\s]+)"', re.IGNORECASE)
_LONGEST_CODE = 2_000  # characters


@dataclass(slots=True)
class Field:
    """A field: its code, and where its result begins; None before that, while all that comes is code."""

    code: str = ""
    result: int | None = None

    @property
    def link(self) -> str | None:
        """The web address that it links its result to."""
        match = _LINK_CODE.match(self.code)
        return match[1] if match else None

    @property
    def is_contents(self) -> bool:
        """Say whether its result is a table of contents."""
        return _CONTENTS_CODE.match(self.code) is not None


@dataclass(slots=True)
class Fields:
    """The open fields, one inside the other: how many of them still give their code, or a table of contents."""

    open: list[Field] = field(default_factory=list)
    in_code: int = 0
    in_contents: int = 0

    def begin(self) -> None:
        """Open a field: what comes next is its code."""
        self.open.append(Field())
        self.in_code += 1

    def add_code(self, code: str) -> None:
        """Take in some of the code of the innermost field."""
        if self.in_code and len(self.open[-1].code) < _LONGEST_CODE:
            self.open[-1].code += code

    def begin_result(self, at: int) -> None:
        """Go over from the code of the innermost field to its result."""
        if self.open and self.open[-1].result is None:
            self.open[-1].result = at
            self.in_code -= 1
            self.in_contents += self.open[-1].is_contents

    def end(self) -> Field | None:
        """Close the innermost field and return it; None where none is open."""
        if not self.open:
            return None
        ended = self.open.pop()
        if ended.result is None:
            self.in_code -= 1
        else:
            self.in_contents -= ended.is_contents
        return ended


def form_field(element: etree._Element) -> str:
    """Return what a form's field shows that has no result: a box that is ticked or not, what is chosen of a list."""
    data = child(element, "w:ffData")
    box, choice = child(data, "w:checkBox"), child(data, "w:ddList")
    if box is not None:
        ticked = is_on(child(box, "w:checked"))
        return "☒" if (is_on(child(box, "w:default")) if ticked is None else ticked) else "☐"
    entries = [value(one) or "" for one in children(choice, "w:listEntry")]
    chosen = child(choice, "w:result")
    index = 0 if chosen is None else whole_number(value(chosen), 0)
    return entries[index] if 0 <= index < len(entries) else ""
