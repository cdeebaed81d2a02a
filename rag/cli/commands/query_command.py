"""Answer one question: `rag query`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from rag.cli.console import Command, console, print_record, standard_input
from rag.cli.options import common, filtering
from rag.core.config import Settings
from rag.core.errors import UsageError
from rag.core.types.answers import Filters
from rag.core.types.ask import Ask, earlier_questions

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
@common("corpus", "index", "model", "may_refuse", "may_mislead", "country", "refresh", "json", "quiet", "color")
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
        from rag.render.citations.citation_formats import citations
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
