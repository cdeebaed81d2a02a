"""Extract the words of charts and SmartArt, which a Word file keeps in parts of their own."""

from __future__ import annotations

import re

from lxml import etree

from rag.readers.word.word_package import child, children, descendants, name_of

_LONG_NUMBER = re.compile(r"-?[0-9]{1,12}\.[0-9]{14,20}")
_MOST_POINTS = 10_000
_MOST_SERIES = 255  # as many as a chart can have


def diagram_words(root: etree._Element) -> list[str]:
    """Return the texts of a SmartArt's points, in their order."""
    points = children(child(root, "dgm:ptLst"), "dgm:pt")
    return [text for point in points if (text := _text(child(point, "dgm:t")))]


def chart_words(root: etree._Element) -> tuple[list[str], list[list[str]]]:
    """Return a chart's titles, and its data as rows: the names of the series above, the categories before them."""
    chart = child(root, "c:chart")
    plots = [one for area in children(chart, "c:plotArea") for one in area]
    titled = [title for one in ([] if chart is None else [chart, *plots]) for title in children(one, "c:title")]
    names: list[str] = []
    categories: dict[int, str] = {}
    columns: list[dict[int, str]] = []
    for series in [series for plot in plots for series in children(plot, "c:ser")][:_MOST_SERIES]:
        by_name = {name_of(one.tag): one for one in series}
        names.append(" ".join(_points(by_name.get("c:tx")).values()))
        categories |= _points(by_name.get("c:cat", by_name.get("c:xVal")))
        columns.append(_points(by_name.get("c:val", by_name.get("c:yVal"))))
    rows = sorted({index for column in columns for index in column} | set(categories))[:_MOST_POINTS]
    header = [["", *names]] if any(names) else []
    table = header + [[categories.get(row, ""), *(column.get(row, "") for column in columns)] for row in rows]
    return [text for title in titled if (text := _text(title))], table


def _points(element: etree._Element | None) -> dict[int, str]:
    """Return what is cached of the cells that an element refers to, by their place in the series."""
    points: dict[int, str] = {}
    for one in descendants(element, "c:pt"):
        shown = child(one, "c:v")
        index = one.get("idx") or ""
        if shown is not None and shown.text and len(index) < 9 and index.isdecimal():
            points[int(index)] = _as_shown(shown.text)
    return points


def _as_shown(stored: str) -> str:
    """Return a number in the fifteen figures that Office shows at most; 4.4 is stored as 4.4000000000000004."""
    return f"{float(stored):.15g}" if _LONG_NUMBER.fullmatch(stored) else stored


def _text(element: etree._Element | None) -> str:
    """Return the words of a drawing's text, its paragraphs apart by a space."""
    pieces: list[str] = []
    for one in () if element is None else element.iter():
        name = name_of(one.tag)
        if name in ("a:p", "a:br"):
            pieces.append(" ")
        elif name in ("a:t", "c:v"):
            pieces.append(one.text or "")
    return "".join(pieces).strip()
