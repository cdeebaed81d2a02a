"""`catalogue.toml` in the corpus folder: what the curator knows of sources that cannot say it themselves.

    ["leaflets/magnesium.txt"]
    title = "Magnesium: what it does"
    licence = "CC BY 4.0"

What it says goes before what a file's front matter says, field by field.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import tomlkit

from rag.errors import CorpusError
from rag.readers.front_matter import entry_from
from rag.types import CatalogueEntry

CATALOGUE = "catalogue.toml"


def read_catalogue(corpus: Path) -> dict[str, CatalogueEntry]:
    """Return the entries of the corpus folder's catalogue by path; none where there is no catalogue."""
    path = corpus / CATALOGUE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{CATALOGUE} cannot be read: {error}.", "Mend it; the index stays as it is.") from error
    for name, entry in values.items():
        if not isinstance(entry, dict):
            raise CorpusError(
                f"{CATALOGUE}: {name!r} is not a table.", f'Write ["{name}"] above the keys of that file.'
            )
    return {name: entry_from(entry) for name, entry in values.items()}


def merged(own: CatalogueEntry, catalogue: CatalogueEntry) -> CatalogueEntry:
    """Return a source's own entry with the catalogue's fields put over it."""
    stated = {
        field.name: getattr(catalogue, field.name)
        for field in fields(CatalogueEntry)
        if getattr(catalogue, field.name)
    }
    return replace(own, **stated)


def catalogue_with(text: str, path: str, values: Mapping[str, object]) -> str:
    """Return a catalogue's text with a source's values put in, comments and order kept.

    With no values the source's table is taken out.
    """
    document = tomlkit.parse(text)
    if values:
        table = document.get(path)
        if table is None:
            table = tomlkit.table()
            document[path] = table
        for name, value in values.items():
            table[name] = value
    elif path in document:
        del document[path]
    return tomlkit.dumps(document)
