"""Changing files so that readers get past their beginnings: text by pieces, XML by elements, archives by members."""

from __future__ import annotations

import copy
import io
import re
import warnings
import zipfile
from collections.abc import Callable
from random import Random

from lxml import etree

Mutation = Callable[[bytes, Random], bytes]

PIECES = (
    "--- +++ === *** ~~~ ``` > >> - 1. 999999999999. | |-| [ ] ( ) [^1] [^1]: [a]: ![ \\ ** __ < > & &#13; &#0;"
    " &#xD800;"
    " &nbsp; &lt; <p> </p> <pre> </pre> <table> <tr> <td> <li> <ol> <ul> <br> <blockquote> </blockquote>"
    " <script> </script>"
    " <!-- --> <![CDATA[ ]]> <?x ?> <a href='javascript:1'> hidden display:none title: a: {a: *b} !!binary &a"
    " *a << \\ud800"
    ' "\\ud83d" \\x00 \\u0000 9e999 0x 1e400 -1 NaN true null 2024-02-30 http://[ word Words. 12 © † • 镁 ﬁ e\u0301'
    " \r \n \t \0 \x0b \x0c \x1b \x1c \x85 \xa0 \xad \u0300 \u061c \u200b \u200d \u2028 \u202e \u2066 \ufdd0"
    " \ufeff \ufffe"
    " \uffff \U0001f600 \U000e0001 \U0010ffff"
).split(" ")
_BYTES = (b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\x80")
_TOKENS = re.compile(rb"<[^<>]{0,200}>|\w+|\s+|.", re.DOTALL)
_NUMBERS = ("0", "-1", "1", "2", "65536", "2147483648", "99999999999999999999", "", "1.5", "x", "\u0661")
_DEEPEST = 300


def text(data: bytes, chance: Random) -> bytes:
    """Move, repeat, drop or insert tokens; now and then bytes, or another encoding of all of it."""
    if chance.random() < 0.05:
        return _recoded(data, chance)
    tokens = _TOKENS.findall(data) or [b""]
    at, to = sorted((chance.randrange(len(tokens) + 1), chance.randrange(len(tokens) + 1)))
    to = min(to, at + chance.choice((1, 3, 30)))
    piece = chance.choice(PIECES).encode("utf-8", "replace") if chance.random() < 0.9 else chance.choice(_BYTES)
    act = chance.randrange(6)
    if act == 0:
        del tokens[at:to]
    elif act == 1:
        tokens[at:at] = tokens[at:to] * chance.choice((1, 2, 40))
    elif act == 2:
        moved = tokens[at:to]
        del tokens[at:to]
        place = chance.randrange(len(tokens) + 1)
        tokens[place:place] = moved
    elif act == 3:
        tokens[at:to] = [piece]
    else:
        tokens[at:at] = [piece] * chance.choice((1, 1, 1, 2, 200))
    return b"".join(tokens)


def xml(data: bytes, chance: Random) -> bytes:
    """Move, repeat, drop, rename or wrap elements, change attributes and texts; now and then as text."""
    if chance.random() < 0.3:
        return text(data, chance)
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, recover=True))
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
    except (etree.XMLSyntaxError, ValueError, AttributeError):
        return text(data, chance)
    one, other = chance.choice(elements), chance.choice(elements)
    act = chance.randrange(7)
    try:
        if act == 0 and one.getparent() is not None:
            one.getparent().remove(one)
        elif act == 1:
            other.insert(chance.randrange(len(other) + 1), copy.deepcopy(one))
        elif act == 2 and one not in (other, *other.iterancestors()):
            other.append(one)
        elif act == 3:
            one.tag = other.tag
        elif act == 4 and one.attrib:
            name = chance.choice(one.keys())
            one.set(name, chance.choice((*_NUMBERS, *PIECES, *other.values())))
        elif act == 5 and one.getparent() is not None:
            for _ in range(chance.choice((1, 3, _DEEPEST))):
                wrapped = copy.copy(one) if len(one) == 0 else one
                outer = etree.Element(other.tag)
                one.getparent().replace(one, outer)
                outer.append(wrapped)
                one = wrapped
        else:
            one.text = (one.text or "") + chance.choice(PIECES)
    except (ValueError, TypeError):  # lxml writes no such name or character
        return text(data, chance)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def archive(data: bytes, chance: Random) -> bytes:
    """Change, drop, double or rename a member of a ZIP archive; now and then bytes of the archive itself."""
    if chance.random() < 0.1:
        return raw(data, chance)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            members = [(member.filename, old.read(member)) for member in old.infolist()]
    except Exception:  # noqa: BLE001 - it was damaged before
        return raw(data, chance)
    if not members:
        return raw(data, chance)
    place = chance.randrange(len(members))
    name, content = members[place]
    act = chance.randrange(20)
    if act == 0:
        del members[place]
    elif act == 1:
        members.append((name, chance.choice(members)[1]))
    elif act == 2:
        members[place] = (chance.choice(("../", "/", "C:\\", "a/../", "\u0301", "")) + name.swapcase(), content)
    else:
        members[place] = (name, xml(content, chance))
    out = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as new,
    ):
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in members:
            new.writestr(zipfile.ZipInfo(name[:200] or "x"), content)
    return out.getvalue()


def pdf(data: bytes, chance: Random) -> bytes:
    """Change a number, a name, a reference or a mark of a PDF's objects; now and then bytes."""
    if chance.random() < 0.2:
        return raw(data, chance)
    tokens = re.findall(rb"/[\w.]+|-?\d+(?:\.\d+)?|\([^)]*\)|<<|>>|\s+|\w+|.", data, re.DOTALL)
    if not tokens:
        return raw(data, chance)
    place = chance.randrange(len(tokens))
    same = [token for token in tokens if token[:1] == tokens[place][:1]]
    act = chance.randrange(5)
    if act == 0:
        del tokens[place]
    elif act == 1:
        tokens[place] = chance.choice(same)
    elif act == 2:
        tokens[place] = chance.choice(_NUMBERS).encode() + b" "
    elif act == 3:
        tokens[place:place] = [chance.choice((b"[", b"<<", b"(", b"]", b">>", b"null ", b"\0"))] * chance.choice(
            (1, 1, 500)
        )
    else:
        tokens[place:place] = tokens[place : place + chance.randrange(1, 40)]
    return b"".join(tokens)


def raw(data: bytes, chance: Random) -> bytes:
    """Change, drop or repeat bytes, whatever they mean."""
    at = chance.randrange(len(data) + 1)
    to = min(len(data), at + chance.choice((1, 4, 100)))
    act = chance.randrange(4)
    if act == 0:
        return data[:at] + data[to:]
    if act == 1:
        return data[:to] + data[at:to] + data[to:]
    if act == 2:
        return data[:at]
    return data[:at] + bytes(chance.randrange(256) for _ in range(to - at)) + data[to:]


def _recoded(data: bytes, chance: Random) -> bytes:
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-8-sig", "utf-32", "cp1252", "shift_jis", "cp037", "utf-7"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")
