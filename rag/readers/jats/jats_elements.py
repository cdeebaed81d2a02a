"""Classify single elements of JATS: headings, alternative forms of one thing, what style alone sets apart."""

from __future__ import annotations

import re

from lxml import etree

from rag.readers.jats.vocabulary import ALTERNATIVES, FORMULAS, PREFERRED, SECTIONS, SPACED
from rag.readers.xml_tree import one_line

_TEX_DOCUMENT = re.compile(r"\\begin\{document\}(.*)\\end\{document\}", re.DOTALL)


def heads_section(element: etree._Element) -> bool:
    """Say whether a title is a heading: of an article, of a section, of a box of text."""
    if element.tag == "article-title":
        return True
    parent = element.getparent()
    if element.tag != "title" or parent is None:
        return False
    if parent.tag == "caption":
        box = parent.getparent()
        return box is not None and box.tag == "boxed-text"
    return parent.tag in SECTIONS


def shown_forms(element: etree._Element) -> list[etree._Element]:
    """Return the children of an element; of several forms of one thing, only one."""
    children = list(element)
    if element.tag in FORMULAS:
        forms = [child for child in children if child.tag in PREFERRED]
    elif element.tag in ALTERNATIVES:
        forms = [child for child in children if isinstance(child.tag, str)]
    else:
        return children
    if len(forms) < 2:
        return children
    preferred = [form for tag in PREFERRED for form in forms if form.tag == tag]
    chosen = next((form for form in [*preferred, *forms] if one_line(form)), None)
    others = set(forms) - {chosen}
    return [child for child in children if child not in others]


def is_set_apart(element: etree._Element) -> bool:
    """Say whether only a style sheet sets an element apart from the one after it."""
    if (element.tail or "").strip():
        return False
    parent = element.getparent()
    return parent is not None and parent.tag in SPACED and element.getnext() is not None


def tex_formula(text: str) -> str:
    """Return a formula out of the TeX document that publishers wrap it in."""
    document = _TEX_DOCUMENT.search(text)
    return document[1] if document else text
