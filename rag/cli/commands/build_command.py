"""Bring the index up to date, or compare what a build would change: `rag build`."""

from __future__ import annotations

from pathlib import Path

import click

from rag.cli.console import Command, console, print_build, print_changes, print_record, progress_bars
from rag.cli.options import common
from rag.core.config import Settings
from rag.core.errors import UsageError


@click.command(
    cls=Command,
    examples="""
    python -m rag build
    python -m rag build --rebuild
    python -m rag build --back
    python -m rag build --compare
    """,
)
@click.option("--rebuild", is_flag=True, help="Make everything anew, taking nothing over from the index before.")
@click.option("--back", is_flag=True, help="Go back to the index before; it stays until the next build.")
@click.option("--compare", is_flag=True, help="Publish nothing: say which answers to a question set would change.")
@click.option(
    "--questions",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The question set to compare by (default: questions.jsonl in the corpus folder).",
)
@common("corpus", "index", "model", "precision", "may_refuse", "may_mislead", "json", "quiet", "color")
def build(
    settings: Settings,
    rebuild: bool,
    back: bool,
    compare: bool,
    questions: Path | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> None:
    """Bring the index up to date with the corpus.

    Exits with 1 when a document, or a line of the synonyms or of the question set, had to be left out; the others are
    in.
    """
    if compare:
        if back:
            raise UsageError("--back and --compare exclude each other.", "Choose one.")
        _compare(settings, questions, rebuild, as_json, quiet, no_color)
        return
    if questions:
        raise UsageError("--questions says what --compare asks.", "Give --compare as well.")
    from rag.building.build import build as bring_up_to_date
    from rag.building.build import go_back

    if back and rebuild:
        raise UsageError("--back and --rebuild exclude each other.", "Choose one.")
    if back:
        info = go_back(settings).info
        if as_json:
            from rag.render.json_reports import index_record

            print_record({"went_back_to": index_record(info)})
        else:
            click.echo(
                f"Back to the index {info.fingerprint} of {info.published}: {info.documents} documents. "
                "It stays until the next build."
            )
        return
    with progress_bars(quiet) as progress:
        report = bring_up_to_date(settings, rebuild=rebuild, progress=progress)
    print_build(report, as_json, quiet)
    if report.skipped or report.findings:
        click.get_current_context().exit(1)


def _compare(settings: Settings, named: Path | None, rebuild: bool, as_json: bool, quiet: bool, no_color: bool) -> None:
    from rag.cli.commands import compare_report as reports
    from rag.corpus.question_set import questions_of, read_questions
    from rag.evaluation.comparison import compare_build

    asked = read_questions(named) if named else questions_of(settings.corpus)
    with progress_bars(quiet) as progress:
        comparison = compare_build(settings, asked, progress, rebuild=rebuild)
    if as_json:
        print_record(reports.comparison_record(comparison))
        return
    from rag.render.terminal import print_table

    print_changes(comparison.build)
    if comparison.changes:
        print_table(console(no_color), *reports.change_rows(comparison))
        click.echo()
    print_table(console(no_color), *reports.total_rows(comparison))
    click.echo(reports.total_line(comparison))
