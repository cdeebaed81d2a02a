"""List the formats of a citation, and write quotes in one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rag.core.types.answers import Quote
from rag.render.citations.bibtex import bibtex
from rag.render.citations.csl import csl
from rag.render.citations.plain import plain
from rag.render.citations.reference import Reference, reference
from rag.render.citations.ris import ris
from rag.text.characters import json_safe

_ENDS = {"plain": "\n", "bibtex": "\n", "ris": "\r\n"}


def _csl_json(cited: Reference) -> str:
    return _json([csl(cited)])


def _json(items: Sequence[Mapping[str, Any]]) -> str:
    return json_safe(json.dumps(items, ensure_ascii=False, indent=1)) + "\n"


FORMATS: Mapping[str, Callable[[Reference], str]] = {"plain": plain, "bibtex": bibtex, "ris": ris, "csl": _csl_json}
"""What makes the text of a citation, by the name of its format."""


def citation(quote: Quote, form: str) -> str:
    """Return a quote's citation as text: "plain" words on one line, "bibtex", "ris", or "csl", a list of one item.

    Raises `KeyError` for any other format.
    """
    return FORMATS[form](reference(quote))


def citations(quotes: Sequence[Quote], form: str) -> str:
    """Return the citations of some quotes as the text of a file: one after the other, or one list of CSL-JSON."""
    if form == "csl":
        return _json([csl(reference(quote)) for quote in quotes])
    return "".join(f"{citation(quote, form).removesuffix(_ENDS[form])}{_ENDS[form]}" for quote in quotes)
