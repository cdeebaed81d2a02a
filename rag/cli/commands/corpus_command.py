"""Add documents to the corpus folder, and take them out: `rag add`, `rag remove`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from rag.cli.console import Command, print_build, print_record, print_skipped, progress_bars
from rag.cli.options import common, describing
from rag.core.config import Settings
from rag.text.characters import one_line


@click.command(
    cls=Command,
    examples="""
    python -m rag add leaflet.html --title "Magnesium" --licence "CC BY 4.0" --url https://example.org/m
    python -m rag add papers/
    """,
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|DIR…")
@describing
@click.option("--replace", is_flag=True, help="Replace documents of the same name.")
@click.option("--no-build", is_flag=True, help="Do not build afterwards.")
@common("corpus", "index", "model", "json", "quiet")
def add(
    settings: Settings,
    files: Sequence[Path],
    replace: bool,
    no_build: bool,
    as_json: bool,
    quiet: bool,
    known: Mapping[str, object],
) -> None:
    """Copy documents into the corpus with what is known of them, then build.

    Each is read first; one that cannot be read is named and left out, and the exit code is 1.
    """
    from rag.building.build import build as bring_up_to_date
    from rag.corpus.editing import add as copy_in

    done = copy_in(settings.corpus, files, known, replace=replace, limits=settings.reading)
    report = None
    if not no_build:
        with progress_bars(quiet) as progress:
            report = bring_up_to_date(settings, progress=progress)
    if as_json:
        from rag.render.json_reports import added_record

        print_record(added_record(done, report))
    else:
        for verb, paths in (("Added", done.added), ("Replaced", done.replaced), ("Already there", done.unchanged)):
            for path in paths:
                click.echo(f"{verb}: {one_line(path)}")
        print_skipped(done.skipped)
        if report:
            print_build(report, as_json=False, quiet=quiet)
    if done.skipped or (report and (report.skipped or report.findings)):
        click.get_current_context().exit(1)


@click.command(cls=Command, examples="python -m rag remove leaflet.html\npython -m rag remove 3f2a9c")
@click.argument("document", metavar="ID")
@click.option("--no-build", is_flag=True, help="Do not build afterwards.")
@common("corpus", "index", "model", "json", "quiet")
def remove(settings: Settings, document: str, no_build: bool, as_json: bool, quiet: bool) -> None:
    """Take a document out of the corpus, by its id or path, then build."""
    from rag.building.build import build as bring_up_to_date
    from rag.corpus.editing import remove as take_out
    from rag.index.opening import open_published

    def path_in_index(name: str) -> str:
        return open_published(settings.index).document(name).path

    path = take_out(settings.corpus, document, path_in_index)
    report = None
    if not no_build:
        with progress_bars(quiet) as progress:
            report = bring_up_to_date(settings, progress=progress)
    if as_json:
        from rag.render.json_reports import build_record

        print_record({"removed": path, "build": build_record(report) if report else None})
    else:
        click.echo(f"Removed: {one_line(path)}")
        if report:
            print_build(report, as_json=False, quiet=quiet)
    if report and (report.skipped or report.findings):
        click.get_current_context().exit(1)
