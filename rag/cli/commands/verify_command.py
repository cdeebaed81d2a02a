"""Prove the passages of the index, or one quotation: `rag verify`."""

from __future__ import annotations

import click

from rag.cli.console import Command, print_record, progress_bars, standard_input
from rag.cli.options import common
from rag.core.config import Settings
from rag.core.errors import UsageError
from rag.text.characters import one_line


@click.command(
    cls=Command,
    examples="""
    python -m rag verify
    python -m rag verify "acts as an antagonist to the NMDA receptor"
    python -m rag verify "acts as an antagonist" --document ketamine.md --start 120
    """,
)
@click.argument("quotation", required=False)
@click.option("--document", metavar="ID", help="The document that the quotation is said to be in.")
@click.option(
    "--start", type=click.IntRange(min=0), metavar="OFFSET", help="The offset at which it is said to stand there."
)
@common("corpus", "index", "json", "quiet")
def verify(
    settings: Settings, quotation: str | None, document: str | None, start: int | None, as_json: bool, quiet: bool
) -> None:
    """Read every source again and prove every passage; or one quotation ("-" reads it from standard input).

    A quotation is exact, moved, in another document, or absent. Exits with 1 when something is not proven.
    """
    from rag.answer.engine import open_index
    from rag.building.verify import verify_index, verify_quotation

    if quotation is None and (document is not None or start is not None):
        raise UsageError("--document and --start say where a quotation stands.", "Give the quotation as well.")
    engine = open_index(settings.index, settings.corpus)
    if quotation is None:
        with progress_bars(quiet) as progress:
            proof = verify_index(engine.index, engine.corpus, progress, settings.reading)
        if as_json:
            from rag.render.json_reports import index_record, proof_record

            print_record({**proof_record(proof), "index": index_record(engine.info)})
        else:
            click.echo(f"{proof.proven} of {proof.passages} passages of {proof.documents} documents proven.")
            for problem in proof.problems:
                click.echo(f"Not proven: {one_line(problem.path)}: {one_line(problem.reason)}")
            for name in proof.damaged_files:
                click.echo(f"Damaged: {one_line(name)}. Build it anew with: python -m rag build --rebuild")
        click.get_current_context().exit(0 if proof.sound else 1)
    quotation = standard_input() if quotation == "-" else quotation
    found = verify_quotation(engine.index, quotation, document, start, corpus=engine.corpus, limits=settings.reading)
    if as_json:
        from rag.render.json_reports import quotation_proof_record

        print_record({"quotation": quotation, **quotation_proof_record(found)})
    else:
        click.echo(found.verdict)
        for place in found.places:
            aside = " (set aside as furniture)" if place.furniture else ""
            click.echo(f"  {one_line(place.path)} {place.start}–{place.end}{aside}")
        for place in found.near:
            click.echo(f"  but for white space: {one_line(place.path)} {place.start}–{place.end}")
        for path in found.unreadable:
            click.echo(f"Could not be read: {one_line(path)}", err=True)
    click.get_current_context().exit(0 if found.verdict == "exact" else 1)
