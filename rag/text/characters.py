"""Escape characters that would steer a terminal or turn text round, before they reach a screen."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and line end, DEL, line and paragraph separators, bidirectional marks, embeddings,
# overrides and isolates, the byte order mark, and unpaired surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: object) -> str:
    """Return a text with every unsafe character as a visible escape, such as `\\x1b` or `\\u202e`."""
    return _UNSAFE.sub(lambda match: _python_escape(match[0]), str(text))


def one_line(text: object) -> str:
    """Return a text safe and on one line."""
    return " ".join(visible(text).split())


def json_safe(serialised: str) -> str:
    """Return JSON with every unsafe character as a JSON escape; it stands for the same value."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", serialised)


def _python_escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
