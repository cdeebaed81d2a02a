"""List the documents of the index: `rag sources`."""

from __future__ import annotations

import click

from rag.cli.console import Command, console, print_record
from rag.cli.options import common
from rag.core.config import Settings
from rag.text.characters import one_line


@click.command(cls=Command, examples="python -m rag sources\npython -m rag sources --json")
@common("corpus", "index", "json", "color")
def sources(settings: Settings, as_json: bool, no_color: bool) -> None:
    """List the documents of the index, with dates, licence and passages."""
    from rag.answer.engine import open_index
    from rag.render.json_records import document_record
    from rag.render.json_reports import index_record

    engine = open_index(settings.index, settings.corpus)
    counts = {record.id: record.passages for record in engine.index.manifest.documents}
    documents = engine.documents()
    if as_json:
        records = [
            {**document_record(document, engine.standing(document)), "passages": counts[document.id]}
            for document in documents
        ]
        print_record({"documents": records, "index": index_record(engine.info)})
        return
    from rag.render.terminal import print_table
    from rag.render.wording import standing_lines

    standings = ["\n".join(map(one_line, standing_lines(engine.standing(document)))) for document in documents]
    columns = ("id", "document", "date", "licence", "passages", *(("standing",) if any(standings) else ()))
    rows = [
        (
            document.id,
            f"{one_line(document.title)}\n{one_line(document.path)}",
            document.entry.published or document.entry.reviewed_on,
            document.entry.licence,
            counts[document.id],
            standing,
        )[: len(columns)]
        for document, standing in zip(documents, standings, strict=True)
    ]
    print_table(console(no_color), columns, rows)
