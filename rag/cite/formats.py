"""The formats of a citation."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from rag.cite.bibtex import bibtex
from rag.cite.csl import csl
from rag.cite.plain import plain
from rag.cite.reference import Reference, reference
from rag.cite.ris import ris
from rag.render.characters import json_safe
from rag.types import Quote


def _csl_json(cited: Reference) -> str:
    return json_safe(json.dumps([csl(cited)], ensure_ascii=False, indent=1))


FORMATS: Mapping[str, Callable[[Reference], str]] = {"plain": plain, "bibtex": bibtex, "ris": ris, "csl": _csl_json}
"""What makes the text of a citation, by the name of its format."""


def citation(quote: Quote, form: str) -> str:
    """Return a quote's citation as text: "plain" words on one line, "bibtex", "ris", or "csl", a list of one item.

    Raises `KeyError` for any other format.
    """
    return FORMATS[form](reference(quote))
