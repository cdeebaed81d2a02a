"""Name and draw the marks of the documents on the map: one table, of which the page's style is made."""

from __future__ import annotations

from typing import NamedTuple


class MapMark(NamedTuple):
    """A mark of the map: what it is called in words, and how CSS draws it."""

    name: str
    rule: str


# Colours of a middling lightness hold on white and on near black; shapes tell the marks apart without colour.
MARKS = (
    MapMark("circle", "background: #0077bb; border-radius: 50%;"),
    MapMark("square", "background: #d55e00; scale: .85;"),
    MapMark("triangle", "background: #00926a; clip-path: polygon(50% 0, 100% 100%, 0 100%);"),
    MapMark("diamond", "background: #b85fa0; clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%);"),
    MapMark(
        "cross",
        "background: #c0392b; clip-path: polygon(20% 0, 50% 30%, 80% 0, 100% 20%, 70% 50%, 100% 80%, "
        "80% 100%, 50% 70%, 20% 100%, 0 80%, 30% 50%, 0 20%);",
    ),
    MapMark(
        "star",
        "background: #8f7200; scale: 1.2; clip-path: polygon(50% 0, 63% 36%, 100% 36%, 70% 58%, "
        "81% 95%, 50% 73%, 19% 95%, 30% 58%, 0 36%, 37% 36%);",
    ),
    MapMark("triangle pointing down", "background: #7d62cf; clip-path: polygon(0 0, 100% 0, 50% 100%);"),
    MapMark(
        "plus",
        "background: #4d8f2f; clip-path: polygon(35% 0, 65% 0, 65% 35%, 100% 35%, 100% 65%, "
        "65% 65%, 65% 100%, 35% 100%, 35% 65%, 0 65%, 0 35%, 35% 35%);",
    ),
    MapMark("ring", "border: .2rem solid #008ba3; border-radius: 50%;"),
    MapMark("frame", "border: .2rem solid #a9682c; scale: .9;"),
    MapMark("bow tie", "background: #d0407f; clip-path: polygon(0 0, 50% 35%, 100% 0, 100% 100%, 50% 65%, 0 100%);"),
    MapMark("bar", "background: #5f7f93; clip-path: inset(0 32%); scale: 1.15;"),
)
"""The marks of the documents that have one of their own."""

WIDTH, HEIGHT, EDGE = 400, 300, 24
"""The proportions of the map, and how much of it stays free along its edges."""

_THIN = ".12rem"
"""How thick a mark that is an outline is drawn where there are many marks."""


def marks_style() -> str:
    """Return the rules that draw the map's marks and keep its proportions."""
    rules = [f".rag-map {{ aspect-ratio: {WIDTH} / {HEIGHT}; }}"]
    for number, mark in enumerate(MARKS, 1):
        rules.append(f".rag-mark-{number} {{ {mark.rule} }}")
        if mark.rule.startswith("border:"):
            rules.append(f".rag-map-many .rag-mark-{number} {{ border-width: {_THIN}; }}")
    return "\n".join(rules) + "\n"
