"""Read JATS, the XML of PubMed Central and publishers: all that an article says, under its headings.

Sections are what the file's own nesting says. What only describes the article (its authors' addresses, index terms, the
licence) is kept and set aside; references stay in the text as the list that they are.
"""

from __future__ import annotations

import codecs
import re

from lxml import etree

from rag.core.errors import UnreadableDocument
from rag.core.limits import Limits
from rag.readers.jats.jats_metadata import article_entry
from rag.readers.jats.jats_walk import ArticleWalk
from rag.readers.reading import Reading
from rag.readers.xml_tree import parsed_xml, without_namespaces

_SNIFFED = 64 * 2**10  # bytes
_BEFORE_ROOT = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?(article|pmc-articleset|OAI-PMH)[\s>]")
_FRONT = re.compile(r"<(?:[\w.-]+:)?(?:front|article-meta)[\s/>]")  # which no article of HTML or DocBook has


def looks_like_jats(data: bytes) -> bool:
    """Say whether these bytes begin as an article of JATS, or of the NLM's older format, does."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    head = data[:_SNIFFED].decode("utf-16" if wide else "utf-8", errors="ignore").removeprefix("\ufeff")
    before = _BEFORE_ROOT.match(head)
    root = _ROOT.match(head, before.end() if before else 0)
    return root is not None and _FRONT.search(head, root.end()) is not None


def read_jats(data: bytes, limits: Limits = Limits()) -> Reading:
    """Read one article, with the letters and replies that stand in its file.

    Raises `UnreadableDocument` when it is no well-formed XML, holds more than one article, or no word.
    """
    root = without_namespaces(parsed_xml(data))
    articles = [article for article in root.iter("article") if next(article.iterancestors("article"), None) is None]
    if len(articles) != 1:
        raise UnreadableDocument(
            f"It holds {len(articles) or 'no'} articles.", "Save each article in a file of its own."
        )
    article: etree._Element = articles[0]
    entry = article_entry(article)
    walk = ArticleWalk(entry.authors)
    walk.over(article)
    if not walk.draft.blocks:
        raise UnreadableDocument("No word of this article is in the file.", "Get its full text.")
    return walk.finish(entry)
