"""Find running heads, running feet and page numbers at the edges of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set

from rag.readers.pdf.pdf_lines import Line

EDGE = 0.12
"""Which part of a page's height is its upper or lower edge."""

FEWEST_PAGES = 3
"""On how many pages a line must recur; on fewer, it may be said twice."""

SHARE = 0.3
"""On which part of the pages, so that the heads of left and right pages and of chapters are told as well."""

EDGE_GAP = 1.5
"""How far from the text such lines stand at least, in heights of a character."""

_NAMES = {"top": "head", "bottom": "foot"}
_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:page|p\.|seite|s\.)?\s*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/|von|sur|de)\s*\d{1,4})?(?:\s*[-–—|])?",
    re.IGNORECASE,
)


def running_lines(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[dict[int, str]]:
    """Return for each page which of its lines (by number) are set aside, and why."""
    seen: Counter[tuple[str, int]] = Counter()
    at_edge: list[list[tuple[int, tuple[str, int]]]] = []
    for lines, height in zip(pages, heights, strict=True):
        found = [(number, _key(line, height)) for number, line in enumerate(lines) if _edge(line, height)]
        at_edge.append(found)
        seen.update({key for _, key in found})
    needed = max(FEWEST_PAGES, SHARE * len(pages))
    result: list[dict[int, str]] = []
    for lines, height, found in zip(pages, heights, at_edge, strict=True):
        recurring = {
            number for number, (text, at) in found if any(seen[text, at + shift] >= needed for shift in (0, -1, 1))
        }
        numbers = {number for number, line in enumerate(lines) if _is_page_number(line, lines, height)}
        reasons = dict.fromkeys(numbers, "page number")
        for edge in ("top", "bottom"):
            reasons |= dict.fromkeys(_outermost(lines, recurring | numbers, edge) - numbers, f"running {_NAMES[edge]}")
        result.append(reasons)
    return result


def _outermost(lines: Sequence[Line], candidates: Set[int], edge: str) -> set[int]:
    """Return the candidates that stand at an edge with nothing else farther out, and apart from what follows."""
    outwards = sorted(range(len(lines)), key=lambda number: lines[number].middle, reverse=edge == "top")
    chosen: list[int] = []
    for number in outwards:
        if number not in candidates:
            break
        chosen.append(number)
    inwards = outwards[len(chosen) : len(chosen) + 1]
    while chosen and inwards:
        gap = abs(lines[chosen[-1]].middle - lines[inwards[0]].middle)
        if gap >= EDGE_GAP * lines[inwards[0]].size:
            break
        inwards = [chosen.pop()]
    return set(chosen)


def _edge(line: Line, height: float) -> str | None:
    if line.middle > (1 - EDGE) * height:
        return "top"
    return "bottom" if line.middle < EDGE * height else None


def _key(line: Line, height: float) -> tuple[str, int]:
    """Return what recurs: a line's text, whatever its figures are, at about one height."""
    return re.sub(r"\d+", "#", " ".join(line.text.split())), round(line.middle / height * 100)


def _is_page_number(line: Line, lines: Sequence[Line], height: float) -> bool:
    """Say whether a line is a number by itself, in the upper or lower quarter of a page with nothing farther out."""
    if not _NUMBER.fullmatch(line.text.strip()) or len(lines) == 1:
        return False
    lowest = all(other.middle >= line.middle - line.size for other in lines)
    highest = all(other.middle <= line.middle + line.size for other in lines)
    return (lowest and line.middle < height / 4) or (highest and line.middle > height * 3 / 4)
