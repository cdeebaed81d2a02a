"""Parse strangers' XML strictly: nothing is fetched, nothing expanded but the characters that HTML has names for.

Publishers write `&nbsp;` or `&alpha;` and leave what they mean to a DTD on the network. Their names are HTML's, so
they are decoded here; what is behind any other name is not known, and a text with a hole in it is not quoted.
"""

from __future__ import annotations

import codecs
import copy
import re
from html.entities import html5
from xml.sax.saxutils import escape

from lxml import etree

from rag.core.errors import UnreadableDocument
from rag.readers.text.decoding import codec_name, is_of_texts

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNICODE = frozenset("ascii utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be".split())
_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']")
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
# What stands in a comment or in CDATA is no entity.
_NAMED = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|&([A-Za-z][A-Za-z0-9]*);", re.DOTALL)
_XML_KNOWS = ("amp", "lt", "gt", "quot", "apos")


def parsed_xml(data: bytes | str) -> etree._Element:
    """Return the root of an XML document, its tags as they are written, with their namespaces.

    Raises `UnreadableDocument` when it is not well-formed, nests too deep or holds an entity that is not resolved.
    """
    text = data if isinstance(data, str) else decoded_xml(data)
    # Not huge_tree: the parser's own limits are what stops a few bytes from becoming a tree of gigabytes.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(_NAMED.sub(_character, text).encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(f"It is not well-formed XML ({error.msg}).", "Mend it, or get it anew.") from error
    unresolved = next(root.iter(etree.Entity), None)
    if unresolved is not None:
        raise UnreadableDocument(
            f"It says {unresolved.text}, and what that means stands elsewhere.", "Write the characters in its place."
        )
    return root


def decoded_xml(data: bytes) -> str:
    """Return an XML document's text without its declaration, as its byte order mark or its declaration says.

    Raises `UnreadableDocument` when it is in another encoding.
    """
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    declared = _DECLARED.match(data[:1024])
    encoding = encoding or (declared[1].decode("ascii") if declared else "utf-8")
    codec = codec_name(encoding)
    if codec is None or not (codec in _UNICODE or is_of_texts(codec)):  # "unicode_escape" would read what is not there
        raise UnreadableDocument(f"Its XML is not {encoding}, in which no text is written.", "Save it again as UTF-8.")
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        message = f"Its XML is not {encoding}, at byte {error.start}."
        raise UnreadableDocument(message, "Save it again as UTF-8.") from error
    # The declaration's lines stay, so that the parser counts lines as the file does.
    return _DECLARATION.sub(lambda declaration: "\n" * declaration[0].count("\n"), text, count=1)


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; nothing for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def without_namespaces(root: etree._Element) -> etree._Element:
    """Rename the elements of a tree, which is changed, to their names without namespaces."""
    for element in root.iter(etree.Element):
        tag = element.tag
        if tag[0] == "{":
            element.tag = tag[tag.index("}") + 1 :]
    return root


def one_line(element: etree._Element, without: tuple[str, ...] = ()) -> str:
    """Return an element's text on one line, without the text of elements of some names in it."""
    if without and next(element.iterdescendants(*without), None) is not None:
        element = copy.deepcopy(element)
        etree.strip_elements(element, *without, with_tail=False)
    return " ".join("".join(map(str, element.itertext())).split())


def _character(found: re.Match[str]) -> str:
    name = found[1]
    character = html5.get(f"{name};") if name and name not in _XML_KNOWS else None
    return found[0] if character is None else escape(character)
