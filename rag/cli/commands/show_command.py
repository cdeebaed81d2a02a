"""Show a document or a passage: `rag show`."""

from __future__ import annotations

from typing import Any

import click

from rag.cli.console import Command, console, print_record
from rag.cli.options import common
from rag.core.config import Settings


@click.command(cls=Command, examples="python -m rag show ketamine.md\npython -m rag show 1b0a8e62c3d4f590 --json")
@click.argument("name", metavar="ID")
@common("corpus", "index", "json", "color")
def show(settings: Settings, name: str, as_json: bool, no_color: bool) -> None:
    """Show a document (by id or path), or a passage (by id) in its document."""
    from rag.answer.engine import open_index
    from rag.render.json_records import block_record, document_record, passage_record
    from rag.render.terminal import print_document

    engine = open_index(settings.index, settings.corpus)
    passage = engine.passage(name)
    document = engine.document(passage.document_id if passage else name)
    if as_json:
        record: dict[str, Any] = {
            "document": document_record(document, engine.standing(document)),
            "text": document.text,
            "blocks": [block_record(block) for block in document.blocks],
            "passages": [passage_record(each, document) for each in engine.passages(document)],
        }
        if passage:
            record["passage"] = passage_record(passage, document)
        print_record(record)
        return
    print_document(document, engine.standing(document), engine.passages(document), passage, console(no_color))
