"""Answer one question: `rag query`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from rag.cli.console import Command, console, print_record, progress_bars, standard_input, warned
from rag.cli.options import common, filtering
from rag.core.config import Settings
from rag.core.errors import UsageError
from rag.core.types.answers import Filters

_FORMATS = ("text", "json", "html", "markdown")
_CITATIONS = ("plain", "bibtex", "ris", "csl")


@click.command(
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
    from rag.answer.assemble import unsearched
    from rag.cli.ready import ready_engine
    from rag.safety.hearing import hear

    if cite and (as_json or form != "text"):
        raise UsageError("--cite prints citations and no answer.", "Leave out --json or --format.")
    question, called = hear(standard_input() if question == "-" else question, context, settings.country)
    if called.withheld:  # whether or not there is an index, and without waiting for one
        answer = unsearched(question, called, filters=filters)
    else:
        with warned(called.urgent, quiet) as say:
            with progress_bars(quiet) as progress:
                engine = ready_engine(settings, refresh=not no_refresh, progress=progress, say=say)
            answer = engine.ask(question, context=context, quotes=settings.quotes, filters=filters)
    if cite:
        from rag.render.citations.formats import citations
        from rag.render.terminal import print_opening

        print_opening(answer, console(no_color, stderr=True))
        click.echo(citations(answer.quotes, cite), nl=False)
    elif as_json or form == "json":
        from rag.render.json_records import answer_record

        print_record(answer_record(answer))
    elif form == "html":
        from rag.render.markup import answer_html

        click.echo(answer_html(answer))
    elif form == "markdown":
        from rag.render.markdown import answer_markdown

        click.echo(answer_markdown(answer), nl=False)
    else:
        from rag.render.terminal import print_answer

        print_answer(answer, console(no_color))
