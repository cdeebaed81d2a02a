"""Put the characters that Word draws around the parts of an equation into its text: bars, brackets, roots.

An equation's text is said in its order. A fraction's bar, brackets, roots and large operators are drawn, so they are
said as the characters that they are: a half must not become 12.
"""

from __future__ import annotations

from lxml import etree

from rag.readers.word.word_package import child, name_of, value

_DELIMITERS = {"m:begChr": "(", "m:sepChr": "|", "m:endChr": ")"}


def said_before(element: etree._Element, name: str) -> str:
    """Return what is drawn before an element of an equation, or the space that stands there."""
    parent = element.getparent()
    inside = "" if parent is None else name_of(parent.tag)
    if name == "m:den":
        kind = _property(parent, "m:type", "bar")
        return " " if kind == "noBar" else "/"
    if name == "m:d":
        return _delimiter(element, "m:begChr")
    if name == "m:nary":
        return _property(element, "m:chr", "∫")
    if name in ("m:lim", "m:func") or (inside == "m:nary" and name in ("m:sub", "m:sup")):
        return " "
    if name in ("m:mr", "m:oMath"):
        return "\n" if name == "m:mr" and _is_later(element, name) else " " if _is_later(element, name) else ""
    if name == "m:e":
        if inside == "m:rad":
            return "√"
        if inside in ("m:nary", "m:func"):
            return " "
        if _is_later(element, name):
            return {"m:d": _delimiter(parent, "m:sepChr"), "m:mr": " ", "m:eqArr": "\n"}.get(inside, "")
    return ""


def said_after(element: etree._Element, name: str) -> str:
    """Return what is drawn after an element of an equation."""
    if name == "m:d":
        return _delimiter(element, "m:endChr")
    if name == "m:acc":
        return _property(element, "m:chr", "\u0302")
    return ""


def _is_later(element: etree._Element, name: str) -> bool:
    before = element.getprevious()
    return before is not None and name_of(before.tag) == name


def _delimiter(element: etree._Element | None, name: str) -> str:
    return _property(element, name, _DELIMITERS[name])


def _property(element: etree._Element | None, name: str, default: str) -> str:
    """Return a character that an element's properties state; stated without a value, it is none at all."""
    first = None if element is None or not len(element) else element[0]
    if first is None or not name_of(first.tag).endswith("Pr"):
        return default
    stated = child(first, name)
    return default if stated is None else value(stated, "m:val") or ""
