"""Read and edit `catalogue.toml` in the corpus folder, for sources that cannot describe themselves.

    ["leaflets/magnesium.txt"]
    title = "Magnesium: what it does"
    licence = "CC BY 4.0"

What it says goes before what a file's front matter says, field by field.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from rag.core.catalogue_fields import entry_from
from rag.core.corpus_files import CATALOGUE
from rag.core.errors import CorpusError, UnreadableDocument
from rag.core.types.documents import CatalogueEntry
from rag.corpus.source_bytes import read_source


def read_catalogue(corpus: Path) -> dict[str, CatalogueEntry]:
    """Return the entries of the corpus folder's catalogue by path; none where there is no catalogue."""
    if not os.path.lexists(corpus / CATALOGUE):
        return {}
    try:
        values = tomllib.loads(read_source(corpus, CATALOGUE).decode("utf-8"))
    except UnreadableDocument as error:
        raise CorpusError(f"{CATALOGUE} cannot be read. {error.message}", error.advice) from error
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{CATALOGUE} cannot be read: {error}.", "Mend it; the index stays as it is.") from error
    for name, entry in values.items():
        if not isinstance(entry, dict):
            raise CorpusError(
                f"{CATALOGUE}: {name!r} is not a table.", f'Write ["{name}"] above the keys of that file.'
            )
        for key, value in entry.items():
            if isinstance(value, dict):  # [leaflet.txt] without quotation marks is a table txt in a table leaflet
                whole = f"{name}.{key}"
                raise CorpusError(f"{CATALOGUE}: {whole!r} is not quoted.", f'Write ["{whole}"] with quotation marks.')
    return {name: entry_from(entry) for name, entry in values.items()}


def catalogue_with(text: str, path: str, values: Mapping[str, object]) -> str:
    """Return a catalogue's text with a source's values put in, comments and order kept.

    With no values the source's table is taken out.
    """
    import tomlkit  # only curating needs it

    document = tomlkit.parse(text)
    if values:
        table = document.get(path)
        if table is None:
            table = tomlkit.table()
            document[path] = table
        for name, value in values.items():
            table[name] = value
    elif path in document:
        cut = _without_table(text, path)
        kept = {name: value for name, value in tomllib.loads(text).items() if name != path}
        if cut is not None and tomllib.loads(cut) == kept:
            return cut
        del document[path]
    return tomlkit.dumps(document)


def _without_table(text: str, path: str) -> str | None:
    """Cut a table out line by line. To tomlkit a comment above the next table is this one's, and would go with it."""
    lines = text.splitlines(keepends=True)
    headers = [(index, name) for index, line in enumerate(lines) if (name := _table_named_by(line)) is not None]
    start = next((index for index, name in headers if name == path), None)
    if start is None:
        return None
    end = next((index for index, _ in headers if index > start), len(lines))
    while end - 1 > start and lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return "".join([*lines[:start], *lines[end:]])


def _table_named_by(line: str) -> str | None:
    if not line.lstrip().startswith("["):
        return None
    try:
        values = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None
    return next(iter(values), None)
