"""Small Word files, written as XML: paragraphs, tables, lists and styles, put together into a package."""

from __future__ import annotations

import io
import re
import zipfile

OOXML = "http://schemas.openxmlformats.org"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": f"{OOXML}/wordprocessingml/2006/main",
        "r": f"{OOXML}/officeDocument/2006/relationships",
        "m": f"{OOXML}/officeDocument/2006/math",
        "a": f"{OOXML}/drawingml/2006/main",
        "c": f"{OOXML}/drawingml/2006/chart",
        "dgm": f"{OOXML}/drawingml/2006/diagram",
        "mc": f"{OOXML}/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "cp": f"{OOXML}/package/2006/metadata/core-properties",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
    }.items()
)


def t(text: str) -> str:
    """A run."""
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs: str, style: str = "", own: str = "") -> str:
    """A paragraph; what begins with "<" is XML already."""
    inner = "".join(run if run.startswith("<") else t(run) for run in runs)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{own}</w:pPr>{inner}</w:p>"


def item(text: str, number: int = 1, level: int = 0) -> str:
    """A paragraph of a list."""
    return p(text, own=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def table(*rows: list[str]) -> str:
    """A table; a cell is XML, or the text of its one paragraph."""
    cells = ["".join(f"<w:tc>{one if one[:1] == '<' else p(one)}</w:tc>" for one in row) for row in rows]
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def field(code: str, result: str) -> str:
    """A field with its result, which is XML."""
    signs = [f'<w:r><w:fldChar w:fldCharType="{sign}"/></w:r>' for sign in ("begin", "separate", "end")]
    return f"{signs[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{signs[1]}{result}{signs[2]}"


def level(at: int, form: str, text: str, own: str = "") -> str:
    """A level of a list's definition."""
    inner = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{own}'
    return f'<w:lvl w:ilvl="{at}">{inner}</w:lvl>'


def style(name: str, called: str, own: str = "", kind: str = "paragraph", based_on: str = "") -> str:
    """A style."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{called}"/>{base}{own}</w:style>'


def package(body: str, parts: dict[str, str] | None = None, links: str = "") -> bytes:
    """A small Word file; `parts` are XML by their kinds, which the main part is related to."""
    held = {f"word/{kind}.xml": xml for kind, xml in (parts or {}).items()}
    kinds = {"core": f"{OOXML}/package/2006/relationships/metadata/core-properties"}
    related = [
        f'<Relationship Id="{kind}" Type="{OOXML}/officeDocument/2006/relationships/{re.sub("[0-9]", "", kind)}" '
        f'Target="{kind}.xml"/>'
        for kind in (parts or {})
        if kind not in kinds
    ]
    own = [f'<Relationship Id="x" Type="{kinds["core"]}" Target="word/core.xml"/>'] if "core" in (parts or {}) else []
    start = (
        f'<Relationship Id="m" Type="{OOXML}/officeDocument/2006/relationships/officeDocument" Target="word/d.xml"/>'
    )
    return zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{OOXML}/r">{start}{"".join(own)}</Relationships>',
            "word/d.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/d.xml.rels": f'<Relationships xmlns="{OOXML}/r">{"".join(related)}{links}</Relationships>',
            **{name: re.sub(r"^<([\w:]+)", rf"<\1 {NAMESPACES}", xml) for name, xml in held.items()},
        }
    )


_WRITTEN = (2026, 1, 1, 0, 0, 0)
"""When every part was written: so that the bytes, and what tests are called by them, are always the same."""


def zipped(members: dict[str, str]) -> bytes:
    """A ZIP archive."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name, _WRITTEN), text, zipfile.ZIP_DEFLATED)
    return data.getvalue()


STYLES = "<w:styles>" + "".join(
    (
        style("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'),
        style("Heading2", "heading 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>', based_on="Heading1"),
        style("Mine", "My section", based_on="Heading2"),
        style("Plain", "My note", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', based_on="Heading2"),
        style("berschrift3", "Überschrift 3"),
        style("Title", "Title"),
        style("Quote", "Quote"),
        style("IntenseQuote", "Intense Quote", based_on="Quote"),
        style("Caption", "caption"),
        style("Figure", "My figure", based_on="Caption"),
        style("SourceCode", "Source Code"),
        style("SourceReference", "Source Reference"),
        style("TOC1", "toc 1"),
        style("Secret", "Secret", "<w:rPr><w:vanish/></w:rPr>", "character"),
        style("SecretLine", "Secret line", "<w:rPr><w:vanish/></w:rPr>"),
        style("Strong", "Strong", "<w:rPr><w:b/></w:rPr>", "character"),
        style("Loop", "Loop", based_on="Loop2"),
        style("Loop2", "Loop 2", based_on="Loop"),
        style("ListNumber", "List Number", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'),
    )
) + "</w:styles>"  # fmt: skip

NUMBERING = "<w:numbering>" + "".join(
    (
        '<w:abstractNum w:abstractNumId="0">',
        level(0, "decimal", "%1."),
        level(1, "lowerLetter", "%1.%2)"),
        level(2, "lowerRoman", "(%3)"),
        "</w:abstractNum>",
        '<w:abstractNum w:abstractNumId="1">',
        level(0, "bullet", "\uf0b7", '<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr>'),
        level(1, "bullet", "o", '<w:rPr><w:rFonts w:ascii="Courier New"/></w:rPr>'),
        level(2, "bullet", "\uf0a7", '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'),
        level(3, "bullet", "–"),
        level(4, "bullet", "\uf0ee", '<w:rPr><w:rFonts w:ascii="Unknown"/></w:rPr>'),
        "</w:abstractNum>",
        '<w:abstractNum w:abstractNumId="2">',
        level(0, "upperRoman", "%1", '<w:pStyle w:val="Heading1"/>'),
        level(1, "decimal", "%1.%2", '<w:isLgl/><w:pStyle w:val="Heading2"/><w:suff w:val="space"/>'),
        "</w:abstractNum>",
        '<w:abstractNum w:abstractNumId="3">',
        level(0, "decimal", "%1."),
        level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>'),
        "</w:abstractNum>",
        '<w:abstractNum w:abstractNumId="4"><w:numStyleLink w:val="L"/></w:abstractNum>',
        '<w:abstractNum w:abstractNumId="5"><w:styleLink w:val="L"/>',
        level(0, "upperLetter", "%1:", '<w:suff w:val="nothing"/>'),
        "</w:abstractNum>",
        *(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n - 1}"/></w:num>' for n in range(1, 6)),
        '<w:num w:numId="11"><w:abstractNumId w:val="0"/>',
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>',
        '<w:num w:numId="12"><w:abstractNumId w:val="0"/>',
        f'<w:lvlOverride w:ilvl="0">{level(0, "decimalZero", "Step %1:")}</w:lvlOverride></w:num>',
        '<w:num w:numId="13"><w:abstractNumId w:val="0"/></w:num>',
    )
) + "</w:numbering>"  # fmt: skip
