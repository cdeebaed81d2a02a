"""Measure ranking, highlights and refusal: `rag eval`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rag.cli.console import Command, console, print_record, progress_bars, remarks
from rag.cli.options import common
from rag.core.config import Settings
from rag.core.errors import UsageError


@click.command(
    name="eval",
    cls=Command,
    examples="""
    python -m rag eval corpus/questions.jsonl
    python -m rag eval data/scifact --split train
    python -m rag eval data/nfcorpus --split dev --json --run fused.trec
    python -m rag eval data/scifact --ablate
    python -m rag eval data/clapnq --only refusal
    """,
)
@click.argument("data", metavar="DIR|FILE", type=click.Path(path_type=Path))
@click.option("--split", metavar="NAME", help="Which qrels/NAME.tsv of a benchmark to measure by.")
@click.option("--cache", metavar="DIR", type=click.Path(path_type=Path), help="Where benchmarks' indexes are kept.")
@click.option("--run", "run_file", metavar="FILE", type=click.Path(path_type=Path), help="Write the fused run here.")
@click.option("--ablate", is_flag=True, help="Measure the ranking with stages left out as well.")
@click.option(
    "--only",
    type=click.Choice(("ranking", "highlights", "refusal")),
    help="Which part of a benchmark's measuring to do.",
)
@common("corpus", "index", "model", "precision", "may_refuse", "may_mislead", "refresh", "json", "quiet", "color")
def evaluate(
    settings: Settings,
    data: Path,
    split: str | None,
    cache: Path | None,
    run_file: Path | None,
    ablate: bool,
    only: str | None,
    no_refresh: bool,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> None:
    """Measure: a benchmark in BEIR's layout, or the answers to the corpus's own question set.

    Of a benchmark the ranking; the highlights where answers.jsonl lies beside its queries, and refusal where
    queries_unanswerable.jsonl does.
    """
    from rag.cli.commands import evaluate_report as reports
    from rag.render.terminal import print_table

    if (run_file or ablate) and only not in (None, "ranking"):
        raise UsageError(f"--run and --ablate are of the ranking, which --only {only} leaves out.", "Leave one out.")
    record: dict[str, Any] = {}
    tables: list[reports.Table] = []
    refusals = None
    with progress_bars(quiet) as progress:
        if (data / "corpus.jsonl").is_file() or not data.exists():
            from rag.evaluation.beir import read_benchmark
            from rag.evaluation.highlighting import ANSWERS, evaluate_highlights
            from rag.evaluation.measures import require_measures
            from rag.evaluation.refusing import evaluate_refusal
            from rag.evaluation.retrieving import evaluate as measure
            from rag.evaluation.retrieving import write_run

            if only in (None, "ranking"):
                require_measures()
            benchmark = read_benchmark(data, split)
            kept = cache or Path.home() / ".cache" / "rag" / "evaluation"
            indexed = benchmark, settings.model, kept, progress, settings.precision
            if only in (None, "ranking"):
                measured = measure(*indexed, ablate=ablate)
                record, tables = reports.benchmark_record(measured), [reports.benchmark_rows(measured)]
                if run_file:
                    write_run(measured.runs["fused"], "rag-fused", run_file)
            if only == "highlights" or (only is None and (data / ANSWERS).is_file()):
                pointed = evaluate_highlights(*indexed)
                record |= reports.highlight_record(pointed)
                tables.append(reports.highlight_rows(pointed))
            if only == "refusal" or (only is None and benchmark.unanswerable):
                refused = evaluate_refusal(*indexed, may_refuse=settings.may_refuse, may_mislead=settings.may_mislead)
                record |= reports.benchmark_refusal_record(refused)
                refusals = refused.refusals
        else:
            from rag.cli.ready import ready_engine
            from rag.corpus.question_set import questions_of, read_questions
            from rag.evaluation.questions import ask_questions

            questions = questions_of(data) if data.is_dir() else read_questions(data)
            engine = ready_engine(settings, refresh=not no_refresh, progress=progress, say=remarks(quiet))
            asked = ask_questions(engine, questions, progress)
            record, tables = reports.question_record(asked), [reports.question_rows(asked)]
            refusals = asked.refusals()
    if as_json:
        print_record(record)
        return
    for columns, rows in tables:
        print_table(console(no_color), columns, rows)
    if refusals:
        if tables:
            click.echo()
        print_table(console(no_color), *reports.refusal_rows(refusals))
        click.echo()
        print_table(console(no_color), *reports.tally_rows(refusals))
        if halves := reports.halves_rows(refusals):
            click.echo()
            print_table(console(no_color), *halves)
        click.echo(reports.operating_point_line(refusals))
