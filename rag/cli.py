"""The command line: parse, call, map errors to exit codes.

Answers go to standard output, everything else to standard error. What a command needs is imported when it runs.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

import click

from rag import __version__
from rag.config import Settings, load_settings
from rag.console import (
    Command,
    Program,
    console,
    print_build,
    print_json,
    print_skipped,
    progress_bars,
    remarks,
    standard_input,
)
from rag.errors import UsageError
from rag.render.characters import one_line

_FORMATS = ("text", "json", "html", "markdown")


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(version)s")
def command() -> None:
    """Ask a curated corpus: verbatim, cited passages, or an honest no.

    The first question builds the index. Nothing leaves this machine.
    """


_OPTIONS: dict[str, Callable[[Any], Any]] = {
    "corpus": click.option("--corpus", metavar="DIR", help="The corpus folder (default: corpus)."),
    "index": click.option("--index", metavar="DIR", help="The index folder (default: index)."),
    "model": click.option("--model", metavar="NAME", help="A sentence-transformers model: a name or a folder."),
    "json": click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
    "quiet": click.option("-q", "--quiet", is_flag=True, help="No progress and no remarks."),
    "color": click.option("--no-color", is_flag=True, help="No colour (NO_COLOR does the same)."),
    "refresh": click.option("--no-refresh", is_flag=True, help="Use the index as it is, even if the corpus changed."),
}


def _common(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command some of the options that several have, and hand the settings on as one object."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(**values: Any) -> Any:
            flags = {name: values.pop(name, None) for name in ("corpus", "index", "model", "quotes")}
            return function(settings=load_settings(**flags), **values)

        for name in reversed(names):
            run = _OPTIONS[name](run)
        return run

    return decorate


@command.command(
    cls=Command,
    examples="""
    python -m rag query "How does magnesium act on the NMDA receptor?"
    python -m rag query "Who should not take it?" --context "Is magnesium safe?"
    echo "What is memantine?" | python -m rag query - --json
    """,
)
@click.argument("question")
@click.option("-k", "quotes", type=int, metavar="N", help="How many quotes at most (default: 5).")
@click.option("--context", multiple=True, metavar="QUESTION", help="An earlier question (repeatable, oldest first).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="How to print the answer.")
@_common("corpus", "index", "model", "refresh", "json", "quiet", "color")
def query(
    settings: Settings,
    question: str,
    context: Sequence[str],
    form: str,
    no_refresh: bool,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> None:
    """Answer one question ("-" reads it from standard input)."""
    from rag.answer.assemble import checked_question
    from rag.refresh import ready_engine

    question = checked_question(standard_input() if question == "-" else question)
    with progress_bars(quiet) as progress:
        engine = ready_engine(settings, refresh=not no_refresh, progress=progress, say=remarks(quiet))
    answer = engine.ask(question, context=context, quotes=settings.quotes)
    if as_json or form == "json":
        from rag.render.records import answer_record

        print_json(answer_record(answer))
    elif form == "html":
        from rag.render.markup import answer_html

        click.echo(answer_html(answer))
    elif form == "markdown":
        from rag.render.markdown import answer_markdown

        click.echo(answer_markdown(answer), nl=False)
    else:
        from rag.render.terminal import print_answer

        print_answer(answer, console(no_color))


@command.command(
    cls=Command,
    examples="""
    python -m rag build
    python -m rag build --rebuild
    python -m rag build --back
    """,
)
@click.option("--rebuild", is_flag=True, help="Make everything anew, taking nothing over from the index before.")
@click.option("--back", is_flag=True, help="Go back to the index before; it stays until the next build.")
@_common("corpus", "index", "model", "json", "quiet")
def build(settings: Settings, rebuild: bool, back: bool, as_json: bool, quiet: bool) -> None:
    """Bring the index up to date with the corpus.

    Exits with 1 when a document had to be left out; the others are in.
    """
    from rag.build import build as bring_up_to_date
    from rag.build import go_back

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
    print_build(report, as_json)
    if report.skipped:
        click.get_current_context().exit(1)


@command.command(
    cls=Command,
    examples="""
    python -m rag add leaflet.html --title "Magnesium" --licence "CC BY 4.0" --url https://example.org/m
    python -m rag add papers/
    """,
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|DIR…")
@click.option("--title", help="What it is called.")
@click.option("--authors", "--author", multiple=True, help="Who wrote it (repeatable).")
@click.option("--publisher", help="Who published it.")
@click.option("--url", help="Where it can be read.")
@click.option("--published", metavar="DATE", help="When: a year, month or day, such as 2024-05.")
@click.option("--reviewed-on", metavar="DATE", help="When it was last reviewed.")
@click.option("--review-due", metavar="DATE", help="When it should be reviewed again.")
@click.option("--licence", help="Under what licence it is here.")
@click.option("--kind", help='What kind of source it is, such as "leaflet".')
@click.option("--notes", help="Anything else to know of it.")
@click.option("--replace", is_flag=True, help="Replace documents of the same name.")
@click.option("--no-build", is_flag=True, help="Do not build afterwards.")
@_common("corpus", "index", "model", "json", "quiet")
def add(
    settings: Settings,
    files: Sequence[Path],
    replace: bool,
    no_build: bool,
    as_json: bool,
    quiet: bool,
    authors: Sequence[str],
    **known: str | None,
) -> None:
    """Copy documents into the corpus with what is known of them, then build.

    Each is read first; one that cannot be read is named and left out, and the exit code is 1.
    """
    from rag.build import build as bring_up_to_date
    from rag.curate import add as copy_in

    done = copy_in(settings.corpus, files, {**known, "authors": list(authors)}, replace=replace)
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
            print_build(report, as_json=False)
    if done.skipped or (report and report.skipped):
        click.get_current_context().exit(1)


@command.command(cls=Command, examples="python -m rag remove leaflet.html\npython -m rag remove 3f2a9c")
@click.argument("document", metavar="ID")
@click.option("--no-build", is_flag=True, help="Do not build afterwards.")
@_common("corpus", "index", "model", "json", "quiet")
def remove(settings: Settings, document: str, no_build: bool, as_json: bool, quiet: bool) -> None:
    """Take a document out of the corpus, by its id or path, then build."""
    from rag.build import build as bring_up_to_date
    from rag.curate import remove as take_out

    path = take_out(settings, document)
    report = None
    if not no_build:
        with progress_bars(quiet) as progress:
            report = bring_up_to_date(settings, progress=progress)
    if as_json:
        print_json({"schema": 1, "removed": path, "build": asdict(report) if report else None})
    else:
        click.echo(f"Removed: {one_line(path)}")
        if report:
            print_build(report, as_json=False)
    if report and report.skipped:
        click.get_current_context().exit(1)


@command.command(cls=Command, examples="python -m rag sources\npython -m rag sources --json")
@_common("corpus", "index", "json", "color")
def sources(settings: Settings, as_json: bool, no_color: bool) -> None:
    """List the documents of the index, with dates, licence and passages."""
    from rag.engine import open_index
    from rag.render.records import document_record

    engine = open_index(settings.index, settings.corpus)
    counts = {record.id: record.passages for record in engine.index.manifest.documents}
    documents = engine.documents()
    if as_json:
        records = [{**document_record(document), "passages": counts[document.id]} for document in documents]
        print_json({"schema": 1, "documents": records, "index": asdict(engine.info)})
        return
    from rag.render.terminal import print_table

    rows = [
        (
            document.id,
            f"{one_line(document.title)}\n{one_line(document.path)}",
            document.entry.published or document.entry.reviewed_on,
            document.entry.licence,
            counts[document.id],
        )
        for document in documents
    ]
    print_table(console(no_color), ("id", "document", "date", "licence", "passages"), rows)


@command.command(cls=Command, examples="python -m rag status")
@_common("corpus", "index", "model", "json")
def status(settings: Settings, as_json: bool) -> None:
    """Compare the index with the corpus: what was added, changed, removed."""
    from rag.engine import open_index
    from rag.status import status as compare

    engine = open_index(settings.index, settings.corpus)
    found = compare(settings)
    if as_json:
        print_json({"schema": 1, **asdict(found), "pinned": engine.index.pinned, "index": asdict(engine.info)})
        return
    info = engine.info
    click.echo(
        f"Index {info.fingerprint}: {info.documents} documents, {info.passages} passages, published {info.published}."
    )
    click.echo(f"Model: {one_line(engine.index.manifest.model)}.")
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


@command.command(cls=Command, examples="python -m rag check\npython -m rag check --json")
@_common("corpus", "json", "color")
def check(settings: Settings, as_json: bool, no_color: bool) -> None:
    """Lint the corpus: unreadable files, missing licence or source, overdue review, furniture, near-duplicates.

    Exits with 1 when a file cannot be read.
    """
    from rag.check import check as lint

    findings = lint(settings.corpus, datetime.datetime.now(datetime.UTC).date())
    if as_json:
        print_json({"schema": 1, "findings": [asdict(finding) for finding in findings]})
    elif findings:
        from rag.render.terminal import print_findings

        print_findings(findings, console(no_color))
    else:
        click.echo("Nothing to mend.")
    if any(finding.level == "problem" for finding in findings):
        click.get_current_context().exit(1)


@command.command(cls=Command, examples="python -m rag show ketamine.md\npython -m rag show 1b0a8e62c3d4f590 --json")
@click.argument("name", metavar="ID")
@_common("corpus", "index", "json", "color")
def show(settings: Settings, name: str, as_json: bool, no_color: bool) -> None:
    """Show a document (by id or path), or a passage (by id) in its document."""
    from rag.engine import open_index
    from rag.render.records import block_record, document_record, passage_record
    from rag.render.terminal import print_document

    engine = open_index(settings.index, settings.corpus)
    passage = engine.passage(name)
    document = engine.document(passage.document_id if passage else name)
    if as_json:
        record: dict[str, Any] = {
            "schema": 1,
            "document": document_record(document),
            "text": document.text,
            "blocks": [block_record(block) for block in document.blocks],
            "passages": [passage_record(each, document) for each in engine.passages(document)],
        }
        if passage:
            record["passage"] = passage_record(passage, document)
        print_json(record)
        return
    print_document(document, engine.passages(document), passage, console(no_color))


@command.command(
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
@_common("corpus", "index", "json", "quiet")
def verify(
    settings: Settings, quotation: str | None, document: str | None, start: int | None, as_json: bool, quiet: bool
) -> None:
    """Read every source again and prove every passage; or one quotation ("-" reads it from standard input).

    A quotation is exact, moved, in another document, or absent. Exits with 1 when something is not proven.
    """
    from rag.engine import open_index
    from rag.verify import verify_index, verify_quotation

    if quotation is None and (document is not None or start is not None):
        raise UsageError("--document and --start say where a quotation stands.", "Give the quotation as well.")
    engine = open_index(settings.index, settings.corpus)
    if quotation is None:
        with progress_bars(quiet) as progress:
            proof = verify_index(engine, progress)
        if as_json:
            print_json({"schema": 1, "sound": proof.sound, **asdict(proof), "index": asdict(engine.info)})
        else:
            click.echo(f"{proof.proven} of {proof.passages} passages of {proof.documents} documents proven.")
            for problem in proof.problems:
                click.echo(f"Not proven: {one_line(problem.path)}: {one_line(problem.reason)}")
            for name in proof.damaged_files:
                click.echo(f"Damaged: {one_line(name)}. Build it anew with: python -m rag build --rebuild")
        click.get_current_context().exit(0 if proof.sound else 1)
    quotation = standard_input() if quotation == "-" else quotation
    found = verify_quotation(engine, quotation, document, start)
    if as_json:
        print_json({"schema": 1, "quotation": quotation, **asdict(found)})
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


@command.command(
    name="eval",
    cls=Command,
    examples="""
    python -m rag eval corpus/questions.jsonl
    python -m rag eval data/scifact --split train
    python -m rag eval data/nfcorpus --split dev --json --run fused.trec
    """,
)
@click.argument("data", metavar="DIR|FILE", type=click.Path(path_type=Path))
@click.option("--split", metavar="NAME", help="Which qrels/NAME.tsv of a benchmark to measure by.")
@click.option("--cache", metavar="DIR", type=click.Path(path_type=Path), help="Where benchmarks' indexes are kept.")
@click.option("--run", "run_file", metavar="FILE", type=click.Path(path_type=Path), help="Write the fused run here.")
@_common("corpus", "index", "model", "refresh", "json", "quiet", "color")
def evaluate(
    settings: Settings,
    data: Path,
    split: str | None,
    cache: Path | None,
    run_file: Path | None,
    no_refresh: bool,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> None:
    """Measure: the ranking on a benchmark in BEIR's layout, or the answers to a question set of the corpus's own."""
    from rag.evaluation.reports import benchmark_record, benchmark_rows, question_record, question_rows
    from rag.render.terminal import print_table

    with progress_bars(quiet) as progress:
        if (data / "corpus.jsonl").is_file() or not data.exists():
            from rag.evaluation.beir import read_benchmark
            from rag.evaluation.retrieving import evaluate as measure
            from rag.evaluation.retrieving import write_run

            kept = cache or Path.home() / ".cache" / "rag" / "evaluation"
            measured = measure(read_benchmark(data, split), settings.model, kept, progress)
            record, (columns, rows) = benchmark_record(measured), benchmark_rows(measured)
            if run_file:
                write_run(measured.runs["fused"], "rag-fused", run_file)
        else:
            from rag.evaluation.questions import ask_questions, read_questions
            from rag.refresh import ready_engine

            questions = read_questions(data / "questions.jsonl" if data.is_dir() else data)
            engine = ready_engine(settings, refresh=not no_refresh, progress=progress, say=remarks(quiet))
            asked = ask_questions(engine, questions, progress)
            record, (columns, rows) = question_record(asked), question_rows(asked)
    if as_json:
        print_json({"schema": 1, **record})
    else:
        print_table(console(no_color), columns, rows)
