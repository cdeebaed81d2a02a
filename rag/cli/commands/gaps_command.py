"""List what the corpus lacks: `rag gaps`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from rag.cli.console import Command, print_record, progress_bars, remarks
from rag.cli.options import common
from rag.core.config import Settings

if TYPE_CHECKING:
    import numpy


@click.command(
    cls=Command,
    examples="""
    python -m rag gaps
    python -m rag gaps --json
    python -m rag gaps --records backup/records
    """,
)
@common("records", "index", "json", "quiet")
def gaps(settings: Settings, as_json: bool, quiet: bool) -> None:
    """List the questions that the corpus did not answer: what to acquire.

    Of those that people chose to have kept, on the page: the same question in other words counted as one, the most
    frequent first, with the words that no document holds. Apart from them, what was answered and marked as not helpful.
    """
    from rag.cli.commands.gaps_report import gap_lines, gaps_record, unreadable_lines
    from rag.corpus.records.gaps import find_gaps
    from rag.corpus.records.records_folder import records_folder

    folder = records_folder(settings)
    records = folder.read()
    with progress_bars(quiet) as progress:

        def encode(texts: Sequence[str]) -> numpy.ndarray:
            from rag.answer.engine import open_index

            encoder = open_index(settings.index).encoder
            return encoder.encode(texts, lambda done: progress("reading", done, len(texts)))

        found = find_gaps(records.questions, encode)
    for line in unreadable_lines(records, str(folder.path)):
        remarks(quiet)(line)
    if as_json:
        print_record(gaps_record(found, records, str(folder.path)))
        return
    for line in gap_lines(found, records, str(folder.path)):
        click.echo(line)
