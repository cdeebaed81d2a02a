"""The command line: parse, call, map errors to exit codes.

Answers go to standard output, everything else to standard error. What a command needs is imported when it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from rag.cli.commands import curator_commands as curator
from rag.cli.commands.gaps_command import gaps
from rag.cli.console import Command, Program, console, print_json, progress_bars, remarks, standard_input
from rag.cli.options import common, filtering
from rag.core.config import Settings
from rag.core.errors import UsageError
from rag.core.types.answers import Filters
from rag.core.types.ask import Ask, earlier_questions
from rag.core.version import __version__
from rag.text.characters import one_line

_FORMATS = ("text", "json", "html", "markdown")
_CITATIONS = ("plain", "bibtex", "ris", "csl")


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(version)s")
def command() -> None:
    """Ask a curated corpus: verbatim, cited passages, or an honest no.

    The first question builds the index. Nothing leaves this machine.
    """


@command.command(
    cls=Command,
    examples="""
    python -m rag query "How does magnesium act on the NMDA receptor?"
    python -m rag query "Who should not take it?" --context "Is magnesium safe?"
    python -m rag query "Is magnesium safe?" --kind leaflet --language en --since 2024
    echo "What is memantine?" | python -m rag query - --json
    python -m rag query "Does memantine help OCD?" --cite bibtex >> references.bib
    """,
)
@click.argument("question")
@click.option("-k", "quotes", type=int, metavar="N", help="How many quotes at most (default: 5).")
@click.option("--context", multiple=True, metavar="QUESTION", help="An earlier question (repeatable, oldest first).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="How to print the answer.")
@click.option(
    "--cite",
    type=click.Choice(_CITATIONS),
    help="Print the citations of what is quoted, and nothing else; notices and outcome go to standard error.",
)
@filtering
@common("corpus", "index", "model", "may_refuse", "country", "refresh", "json", "quiet", "color")
def query(
    settings: Settings,
    filters: Filters,
    question: str,
    context: Sequence[str],
    form: str,
    cite: str | None,
    no_refresh: bool,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> None:
    """Answer one question ("-" reads it from standard input)."""
    from rag.cli.ready import ReadyEngine

    if cite and (as_json or form != "text"):
        raise UsageError("--cite prints citations and no answer.", "Leave out --json or --format.")
    asked = standard_input() if question == "-" else question
    ask = Ask(asked, earlier_questions(context), settings.quotes, filters)
    answer = ReadyEngine(settings, refresh=not no_refresh, quiet=quiet).respond(ask)
    if cite:
        from rag.render.citations.formats import citations
        from rag.render.terminal import print_opening

        print_opening(answer, console(no_color, stderr=True))
        click.echo(citations(answer.quotes, cite), nl=False)
    elif as_json or form == "json":
        from rag.render.json_records import answer_record

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
    python -m rag chat
    python -m rag chat --kind leaflet --since 2024
    printf 'What is memantine?\\nDoes it help depression?\\n' | python -m rag chat --json
    """,
)
@click.option("-k", "quotes", type=int, metavar="N", help="How many quotes at most (default: 5).")
@filtering
@common("corpus", "index", "model", "may_refuse", "country", "refresh", "json", "quiet", "color")
def chat(settings: Settings, filters: Filters, no_refresh: bool, as_json: bool, quiet: bool, no_color: bool) -> None:
    """Hold a conversation: a question a line, each answered as "query" does, and commands ("/help" lists them).

    A question may lean on the ones before it. Nothing is kept but what "/save FILE" saves. With --json each answer is
    one JSON object on a line, and what commands print goes to standard error.
    """
    from rag.answer.conversation import Conversation
    from rag.cli.chat.showing import json_line, text_on
    from rag.cli.chat.talk import Talk
    from rag.cli.ready import ReadyEngine

    ready = ReadyEngine(settings, refresh=not no_refresh, quiet=quiet)
    conversation = Conversation(ready, quotes=settings.quotes, filters=filters)
    show = json_line if as_json else text_on(console(no_color))
    talk = Talk(conversation, ready, show, console(no_color, stderr=as_json), remarks(quiet))
    click.get_current_context().exit(talk.hold())


@command.command(cls=Command, examples="python -m rag show ketamine.md\npython -m rag show 1b0a8e62c3d4f590 --json")
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
            "schema": 1,
            "document": document_record(document, engine.standing(document)),
            "text": document.text,
            "blocks": [block_record(block) for block in document.blocks],
            "passages": [passage_record(each, document) for each in engine.passages(document)],
        }
        if passage:
            record["passage"] = passage_record(passage, document)
        print_json(record)
        return
    print_document(document, engine.standing(document), engine.passages(document), passage, console(no_color))


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
            print_json({"schema": 1, "sound": proof.sound, **asdict(proof), "index": asdict(engine.info)})
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
@common("corpus", "index", "model", "precision", "may_refuse", "refresh", "json", "quiet", "color")
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
            from rag.evaluation.refusing import evaluate_refusal
            from rag.evaluation.retrieving import evaluate as measure
            from rag.evaluation.retrieving import write_run

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
                refused = evaluate_refusal(*indexed, may_refuse=settings.may_refuse)
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
        print_json({"schema": 1, **record})
        return
    for columns, rows in tables:
        print_table(console(no_color), columns, rows)
    if refusals:
        if tables:
            click.echo()
        print_table(console(no_color), *reports.refusal_rows(refusals))
        if halves := reports.halves_rows(refusals):
            click.echo()
            print_table(console(no_color), *halves)
        click.echo(reports.operating_point_line(refusals))


for each in (curator.build, curator.add, curator.remove, curator.sources, curator.status, curator.check, gaps):
    command.add_command(each)
