"""Compare the index with the corpus: `rag status`."""

from __future__ import annotations

import click

from rag.cli.console import Command, print_record, print_skipped
from rag.cli.options import common
from rag.core.config import Settings
from rag.text.characters import one_line


@click.command(cls=Command, examples="python -m rag status")
@common("corpus", "index", "model", "may_refuse", "may_mislead", "json")
def status(settings: Settings, as_json: bool) -> None:
    """Compare the index with the corpus: what was added, changed, removed; and say how readily it refuses."""
    from rag.answer.engine import open_index
    from rag.building.status import status as compare
    from rag.render.wording import point_line

    engine = open_index(
        settings.index, settings.corpus, may_refuse=settings.may_refuse, may_mislead=settings.may_mislead
    )
    found, point = compare(settings), engine.operating_point
    reader = engine.reader
    precisions = sorted(engine.index.manifest.precisions)
    if as_json:
        from rag.render.json_reports import index_record, operating_point_record, status_record

        known = {
            "pinned": engine.index.pinned,
            "precisions": precisions,
            "operating_point": operating_point_record(point),
            "index": index_record(engine.info),
            "cross_encoder": {"fingerprint": reader and reader.fingerprint, "why_not": engine.no_reader or None},
        }
        print_record({**status_record(found), **known})
        return
    info = engine.info
    click.echo(
        f"Index {info.fingerprint}: {info.documents} documents, {info.passages} passages, published {info.published}."
    )
    click.echo(f"Model: {one_line(engine.index.manifest.model)}; vectors in {' and '.join(precisions) or 'none'}.")
    click.echo(f"Cross-encoder: {reader.fingerprint if reader else one_line(engine.no_reader)}")
    click.echo(one_line(point_line(point)))
    for verb, paths in (("Added", found.added), ("Changed", found.changed), ("Removed", found.removed)):
        for path in paths:
            click.echo(f"{verb}: {one_line(path)}")
    for reason in found.reasons:
        click.echo(f"To be built anew: {one_line(reason)}.")
    print_skipped(found.skipped)
    if engine.index.pinned:
        click.echo("Somebody went back to this index; it stays until: python -m rag build")
    elif found.current:
        click.echo("Up to date.")
    else:
        click.echo("Bring it up to date with: python -m rag build")
