"""The curator's commands: build, add, remove, sources, status, check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from rag.cli.console import Command, console, print_build, print_changes, print_json, print_skipped, progress_bars
from rag.cli.options import common, describing
from rag.core.config import Settings
from rag.core.errors import UsageError
from rag.text.characters import one_line


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
@common("corpus", "index", "model", "precision", "may_refuse", "json", "quiet", "color")
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
        print_json({"schema": 1, "went_back_to": asdict(info)}) if as_json else click.echo(
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
        print_json({"schema": 1, **reports.comparison_record(comparison)})
        return
    from rag.render.terminal import print_table

    print_changes(comparison.build)
    if comparison.changes:
        print_table(console(no_color), *reports.change_rows(comparison))
        click.echo()
    print_table(console(no_color), *reports.total_rows(comparison))
    click.echo(reports.total_line(comparison))


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
        print_json({"schema": 1, **asdict(done), "build": asdict(report) if report else None})
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
        print_json({"schema": 1, "removed": path, "build": asdict(report) if report else None})
    else:
        click.echo(f"Removed: {one_line(path)}")
        if report:
            print_build(report, as_json=False, quiet=quiet)
    if report and (report.skipped or report.findings):
        click.get_current_context().exit(1)


@click.command(cls=Command, examples="python -m rag sources\npython -m rag sources --json")
@common("corpus", "index", "json", "color")
def sources(settings: Settings, as_json: bool, no_color: bool) -> None:
    """List the documents of the index, with dates, licence and passages."""
    from rag.answer.engine import open_index
    from rag.render.json_records import document_record

    engine = open_index(settings.index, settings.corpus)
    counts = {record.id: record.passages for record in engine.index.manifest.documents}
    documents = engine.documents()
    if as_json:
        records = [
            {**document_record(document, engine.standing(document)), "passages": counts[document.id]}
            for document in documents
        ]
        print_json({"schema": 1, "documents": records, "index": asdict(engine.info)})
        return
    from rag.render.layout import standing_lines
    from rag.render.terminal import print_table

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


@click.command(cls=Command, examples="python -m rag status")
@common("corpus", "index", "model", "may_refuse", "json")
def status(settings: Settings, as_json: bool) -> None:
    """Compare the index with the corpus: what was added, changed, removed; and say how readily it refuses."""
    from rag.answer.engine import open_index
    from rag.building.status import status as compare
    from rag.render.layout import point_line

    engine = open_index(settings.index, settings.corpus, may_refuse=settings.may_refuse)
    found, point = compare(settings), engine.operating_point
    precisions = sorted(engine.index.manifest.precisions)
    if as_json:
        known = {
            "pinned": engine.index.pinned,
            "precisions": precisions,
            "operating_point": asdict(point),
            "index": asdict(engine.info),
        }
        print_json({"schema": 1, **asdict(found), **known})
        return
    info = engine.info
    click.echo(
        f"Index {info.fingerprint}: {info.documents} documents, {info.passages} passages, published {info.published}."
    )
    click.echo(f"Model: {one_line(engine.index.manifest.model)}; vectors in {' and '.join(precisions) or 'none'}.")
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


@click.command(cls=Command, examples="python -m rag check\npython -m rag check --json")
@common("corpus", "model", "json", "color")
def check(settings: Settings, as_json: bool, no_color: bool) -> None:
    """Lint the corpus: what cannot be read, found or trusted, and what nobody said of it.

    Unreadable files, missing sources and licences, overdue reviews, copies, withdrawn documents, broken text, other
    languages, sentences too long for a passage, furniture, idle synonyms, questions whose quotation is not there. Exits
    with 1 when a file, or a line of the synonyms or of the question set, cannot be used.
    """
    from rag.core.dates import today
    from rag.corpus.lint.check import check as lint

    findings = lint(settings.corpus, today(), settings.reading, settings.model)
    if as_json:
        print_json({"schema": 1, "findings": [asdict(finding) for finding in findings]})
    elif findings:
        from rag.render.terminal import print_findings

        print_findings(findings, console(no_color))
    else:
        click.echo("Nothing to mend.")
    if any(finding.level == "problem" for finding in findings):
        click.get_current_context().exit(1)
