"""Lint the corpus: `rag check`."""

from __future__ import annotations

import click

from rag.cli.console import Command, console, print_record
from rag.cli.options import common
from rag.core.config import Settings


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
        from rag.render.json_reports import finding_record

        print_record({"findings": [finding_record(finding) for finding in findings]})
    elif findings:
        from rag.render.terminal import print_findings

        print_findings(findings, console(no_color))
    else:
        click.echo("Nothing to mend.")
    if any(finding.level == "problem" for finding in findings):
        click.get_current_context().exit(1)
