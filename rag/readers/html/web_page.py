"""Mark the furniture of whole web pages: menus, notices, links, comments, all but the article.

trafilatura says which text it would extract. It rebuilds what it keeps, so elements cannot be told again in its
result: before it is asked, every text of a block gets a character of the block's own, and the characters that come
back name the blocks. The last word has our own judgement (`article.py`). Nothing is taken out, and where no article can
be told nothing is marked: losing one is worse than keeping a menu.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from rag.readers.html.article import Judgement, Origin, around
from rag.readers.reading import DraftBlock

NOT_THE_ARTICLE = "not part of the article"

_DEEPEST = 300
"""Elements in one another. Nothing is judged on a page that nests deeper: copying and searching it takes recursion."""

_LONGEST, _MOST = 1_000_000, 50_000
"""Characters and elements. Nothing is judged on a page of more: joining them may take trafilatura their product."""

_LEAST = 0.25  # of the characters outside of links: an extraction of less is none
_MARKS = (range(0x100000, 0x10FFFE), range(0xF0000, 0xFFFFE))  # for private use, which no text means anything by
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # lxml reads these, and lets nobody write them
_PRIVATE_USE = re.compile("[\U000f0000-\U0010ffff]")


def furniture_marked(
    root: lxml_html.HtmlElement, text: str, drafts: Sequence[DraftBlock], origins: Sequence[Origin]
) -> list[DraftBlock]:
    """Mark the blocks that are not the page's article; none where no article can be told.

    The tree is used up.
    """
    if _is_deep(root) or _is_large(root, text):
        return list(drafts)
    extracted = _extracted(root, origins)
    if not _is_enough(root, origins, extracted):
        return list(drafts)
    article = Judgement(root, text, drafts, origins, extracted).article()
    if not any(article):
        return list(drafts)
    return [
        draft if inside else replace(draft, furniture=NOT_THE_ARTICLE)
        for draft, inside in zip(drafts, article, strict=True)
    ]


def _is_deep(root: lxml_html.HtmlElement) -> bool:
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def _is_large(root: lxml_html.HtmlElement, text: str) -> bool:
    return len(text) > _LONGEST or sum(1 for _ in root.iter()) > _MOST


def _extracted(root: lxml_html.HtmlElement, origins: Sequence[Origin]) -> list[bool]:
    """Say of each block whether any of it is in what trafilatura extracts."""
    import trafilatura  # takes a tenth of a second, and only whole pages need it

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # what it does not find is no error
    used = set(_PRIVATE_USE.findall(etree.tostring(root, method="text", encoding="unicode")))
    free = (mark for codes in _MARKS for mark in map(chr, codes) if mark not in used)
    marks = [mark for mark, _ in zip(free, origins, strict=False)]
    if len(marks) < len(origins):
        return [False] * len(origins)
    for mark, origin in zip(marks, origins, strict=True):
        for element, is_tail in origin.texts:
            if is_tail:
                element.tail = _with_mark(element.tail, mark)
            else:
                element.text = _with_mark(element.text, mark)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)  # as its own parser does
    for element in root.iter("script", "style"):  # it looks at data alone, and would copy all of it several times
        element.text = element.text if element.get("type") == "application/ld+json" else None
    try:
        document: Any = trafilatura.bare_extraction(root, include_comments=False)
    except Exception:  # noqa: BLE001 - heuristics of others over anything: what fails there costs the marking alone
        document = None
    found = set("".join(document.body.itertext())) if document is not None else set[str]()
    return [mark in found for mark in marks]


def _with_mark(text: str, mark: str) -> str:
    text = _NOT_IN_XML.sub("", text)
    return text[: len(text) - len(text.lstrip())] + mark + text.lstrip()


def _is_enough(root: lxml_html.HtmlElement, origins: Sequence[Origin], extracted: Sequence[bool]) -> bool:
    """Say whether what was extracted may be the article of the page, or of what the page calls its main part."""
    main = set(root.iter("main", "article"))
    in_all = found = 0
    for origin, is_in in zip(origins, extracted, strict=True):
        if not main or not main.isdisjoint(around(origin.element)):
            in_all += origin.characters - origin.linked  # menus are links, and may be most of a page
            found += (origin.characters - origin.linked) * is_in
    return found > 0 and found >= in_all * _LEAST
