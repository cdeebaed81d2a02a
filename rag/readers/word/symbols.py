"""Translate the glyphs of Word's symbol fonts into characters.

Word stores such a character as a place in its font (U+F0A3 in Symbol is "≤"), which no other font shows.
"""

from __future__ import annotations

_PRIVATE = range(0xF020, 0xF100)


def _table(first: int, glyphs: str) -> dict[int, str]:
    return {first + index: glyph for index, glyph in enumerate(glyphs) if glyph != "\ufffd"}


_SYMBOL = {
    **_table(0x20, " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
    **_table(0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"),
    **_table(0xE0, "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\ufffd〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"),
}
_FONTS = {
    "symbol": _SYMBOL,
    "wingdings": {
        **_table(0x20, " ✏✂✁\ufffd\ufffd\ufffd\ufffd☎✆✉"),
        **_table(0x46, "☞\ufffd\ufffd\ufffd☺\ufffd☹"),
        **_table(0x6C, "●❍■□◻❑❒⬧⧫◆❖⬥⌧"),
        **_table(0x9E, "·•▪◻"),
        **_table(0xA7, "▪◻"),
        **_table(0xD8, "➢"),
        **_table(0xDF, "←→↑↓↖↗↙↘"),
        **_table(0xE8, "➔"),
        **_table(0xEF, "⇦⇨⇧⇩⬄"),
        **_table(0xFB, "✗✓☒☑"),
    },
    "wingdings 2": {**_table(0x4F, "✗✓☒☑"), 0xA3: "☐"},
}
_COURIER_BULLETS = {"o": "◦"}  # as Word's own lists have it


def as_shown(text: str, font: str) -> str:
    """Return a run's text with its places in a symbol font as the characters that they show, where they are known."""
    glyphs = _glyphs(font)
    return "".join(_glyph(character, glyphs) if ord(character) in _PRIVATE else character for character in text)


def bullet(text: str, font: str) -> str:
    """Return the bullet that a list's text shows in a font; "•" for one of a symbol font that is not known here."""
    if font.lower().startswith("courier"):
        return _COURIER_BULLETS.get(text, text)
    glyphs = _glyphs(font)
    shown = "".join(_glyph(one, glyphs) for one in text) if glyphs else text
    return "".join("•" if ord(character) in _PRIVATE else character for character in shown)


def symbol(place: str | None, font: str) -> str:
    """Return what `w:sym` shows: the glyph at a hexadecimal place of a font. Nothing for a place that is none."""
    try:
        code = int(place or "", 16)
        character = chr(code)
    except (ValueError, OverflowError):
        return ""
    if 0xD800 <= code <= 0xDFFF:  # half a character
        return ""
    glyphs = _glyphs(font)
    if glyphs is None:  # an ordinary font, which has letters at the same places
        return chr(code - 0xF000) if 0xF020 <= code < 0xF07F else character
    return _glyph(character, glyphs)


def _glyphs(font: str) -> dict[int, str] | None:
    return _FONTS.get(font.strip().lower())


def _glyph(character: str, glyphs: dict[int, str] | None) -> str:
    place = ord(character) - 0xF000 if ord(character) in _PRIVATE else ord(character)
    return (glyphs or {}).get(place, character)
