"""Print answers and tables on a terminal, to be read at 80 columns and at 140."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rag.core.types.answers import Answer, Quote, QuotedDocument
from rag.core.types.documents import Document, Standing
from rag.core.types.passages import Passage
from rag.core.types.reports import Finding
from rag.render.evidence import LEGEND, along_after, along_before, cue_lines, legend, side_line
from rag.render.lacking import NEAR, LineRun, lacks_line, near_headline
from rag.render.layout import Paragraph, first_sentence, first_span, paragraphs, quote_paragraphs
from rag.render.wording import (
    NEAREST,
    also_in,
    headline,
    left_out,
    notices_of,
    origin,
    outcome_runs,
    page_name,
    place,
    remarks,
    searched_only,
    standing_lines,
    topic_name,
    topic_place,
    understood,
    whose_words,
)
from rag.text.characters import one_line, visible

_WIDEST = 96
"""Columns: longer lines of prose are hard to read, however wide the window."""

_URGENT = ("emergency", "crisis", "poisoning")
_BAR, _HIGHLIGHT_BAR = "│ ", "┃ "
_LIT = "bold green"


def print_answer(answer: Answer, console: Console) -> None:
    """Print an answer: its notices, what came of the question, each quote with its place and origin, what is near."""
    width = min(console.width, _WIDEST)
    print_opening(answer, console)
    for quote in answer.quotes:
        console.print()
        _print_quote(quote, console, width)
    _print_related(answer.related, console, width)
    if labels := legend(answer.quotes):
        console.print()
        _print(console, Text(LEGEND, style="dim"), width)
        for label, means in labels:
            _print(console, Text(f"{label}: {means}", style="dim"), width, indent=2, hanging=2)
    found = remarks(answer)
    if found:
        console.print()
    for remark in found:
        _print(console, Text(one_line(remark), style="yellow"), width)


def print_opening(answer: Answer, console: Console) -> None:
    """Print what stands before an answer's quotes, or instead of them: its notices, and what came of the question."""
    width = min(console.width, _WIDEST)
    for notice in notices_of(answer):
        style = "bold red" if notice.kind in _URGENT else "yellow"
        _print(console, Text(visible(notice.text), style=style), width)
    console.print()
    _print(console, _outcome_text(outcome_runs(answer)), width)
    for line in understood(answer):
        _print(console, Text(one_line(line), style="dim"), width)
    if only := searched_only(answer):
        _print(console, Text(one_line(only), style="dim"), width)
    if withdrawn := left_out(answer):
        _print(console, Text(one_line(withdrawn), style="dim"), width)
    if answer.topics:
        console.print()
        _print(console, Text(NEAREST), width)
        for topic in answer.topics:
            _print(console, Text(f"• {one_line(topic_name(topic))}"), width, indent=2, hanging=2)
            where = f"{topic_place(topic)} · python -m rag show {topic.passage.id}"
            console.print(Text(f"    {one_line(where)}", style="dim"), soft_wrap=True)  # a command, never folded


def _outcome_text(runs: Sequence[LineRun]) -> Text:
    """Return the line in which what is missing stands out, or the whole line where nothing is."""
    apart = any(run.emphasised for run in runs)
    return Text.assemble(*((run.text, "bold" if run.emphasised or not apart else "") for run in runs))


def print_document(
    document: Document, standing: Standing, passages: Sequence[Passage], marked: Passage | None, console: Console
) -> None:
    """Print a document with the passage that was asked for, if any, marked; furniture is shown as set aside."""
    width = min(console.width, _WIDEST)
    _print(console, Text(one_line(document.title), style="bold"), width)
    _print_standing(standing, console, width, indent=0)
    known = " · ".join(filter(None, (origin(document), document.path, document.id)))
    _print(console, Text(one_line(known), style="dim"), width)
    highlights = [(marked.start, marked.end)] if marked else []
    page = None
    for paragraph in paragraphs(document.text, document.blocks, 0, len(document.text), highlights):
        console.print()
        if paragraph.block.page != page:
            page = paragraph.block.page
            _print(console, Text(f"[{one_line(page_name(paragraph.block))}]", style="dim"), width)
        if paragraph.block.furniture:
            body = " ".join(one_line(run.text) for run in paragraph.runs)
            _print(console, Text(f"[set aside: {paragraph.block.furniture}] {body}", style="dim"), width)
        else:
            _print_paragraph(paragraph, console, width, indent=0)
    console.print()
    _print(console, Text(f"{len(passages)} passages", style="dim"), width)


def print_quoted(quoted: Sequence[QuotedDocument], console: Console) -> None:
    """Print which documents were quoted: how each stands, the places, each with its question and quote, and links."""
    width = min(console.width, _WIDEST)
    if not quoted:
        _print(console, Text("Nothing has been quoted yet."), width)
    for each in quoted:
        _print(console, Text(one_line(each.document.title), style="bold"), width)
        _print_standing(each.standing, console, width, indent=2)
        if made := origin(each.document):
            _print(console, Text(one_line(made), style="dim"), width, indent=2)
        for number, quote in each.quotes:
            said = f"{place(quote)} (question {number}, quote {quote.rank})"
            _print(console, Text(one_line(said), style="dim"), width, indent=2, hanging=2)
            _print_address(quote, console, indent=4)


def print_table(console: Console, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; cells fold rather than being cut, and a cell's lines stay its lines."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        cells = ("" if cell is None else visible(cell) for cell in row)
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    """Print what a lint of the corpus found, file by file."""
    width = min(console.width, _WIDEST)
    path = None
    for finding in findings:
        if finding.path != path:
            path = finding.path
            _print(console, Text(one_line(path), style="bold"), width)
        where = f" (page {finding.page})" if finding.page is not None else ""
        if finding.lines:
            where = f" (line{'s' if len(set(finding.lines)) > 1 else ''} {_range(finding.lines)})"
        text = Text(f"{finding.level}: ", style={"problem": "red", "warning": "yellow"}.get(finding.level, "dim"))
        text.append(f"{finding.kind}{where}: {one_line(finding.message)}", style="default")
        _print(console, text, width, indent=2, hanging=2)


def _range(lines: tuple[int, int]) -> str:
    return "–".join(map(str, dict.fromkeys(lines)))


def _print_quote(quote: Quote, console: Console, width: int) -> None:
    heading = Text(f"{quote.rank}  ", style="bold")
    heading.append(one_line(headline(quote)), style="bold cyan")
    _print(console, heading, width, hanging=3)
    _print_lacks(quote, console, width)
    _print_standing(quote.standing, console, width, indent=3)
    _print_along(along_before(quote), console, width)
    _print_paragraphs(quote_paragraphs(quote), console, width)
    _print_along(along_after(quote), console, width)
    entry = quote.document.entry
    restated = f"restates: {entry.source_title}" if entry.source_title else None
    for line in (
        side_line(quote),
        f"Whose words: {whose_words(quote.passage.attribution)}",
        *cue_lines(quote),
        " · ".join(filter(None, (origin(quote.document), restated))),
        place(quote) + f" · {quote.passage.id}",
        also_in(quote),
    ):
        if line:
            _print(console, Text(one_line(line), style="dim"), width, indent=3)
    _print_address(quote, console, indent=3)


def _print_related(related: Sequence[Quote], console: Console, width: int) -> None:
    """Print what is near and no answer: how each passage begins, and how to read it; nothing is marked in it."""
    if related:
        console.print()
        _print(console, Text(f"{NEAR}:"), width)
    for quote in related:
        console.print()
        _print(console, Text(f"{quote.rank}  {near_headline(quote)}"), width, hanging=3)
        _print_lacks(quote, console, width)
        _print_standing(quote.standing, console, width, indent=3)
        _print_paragraphs(first_sentence(quote), console, width)
        for line in (*_not_to_be_missed(quote), place(quote)):
            _print(console, Text(one_line(line), style="dim"), width, indent=3)
        command = f"python -m rag show {quote.passage.id}"
        console.print(Text(f"   {one_line(command)}", style="dim"), soft_wrap=True)  # never folded


def _not_to_be_missed(quote: Quote) -> list[str]:
    """Return what the shortest form of a passage says as well: that its words are somebody else's, and its doses."""
    start, end = first_span(quote)
    doses = tuple(cue for cue in quote.cues if cue.kind == "dose" and start <= cue.start and cue.end <= end)
    words = [f"Whose words: {whose_words(quote.passage.attribution)}"]
    return [*(words if quote.passage.attribution.kind != "author" else []), *cue_lines(replace(quote, cues=doses))]


def _print_lacks(quote: Quote, console: Console, width: int) -> None:
    if line := lacks_line(quote):
        _print(console, Text(line, style="yellow"), width, indent=3)


def _print_address(quote: Quote, console: Console, indent: int) -> None:
    if address := quote.link or quote.document.entry.source_url:
        # Never folded: a link that is cut in two cannot be opened.
        console.print(Text(" " * indent + one_line(address), style="dim"), soft_wrap=True)


def _print_along(along: Iterable[tuple[str, Sequence[Paragraph]]], console: Console, width: int) -> None:
    for what, laid_out in along:
        _print(console, Text(f"{what}:", style="dim"), width, indent=3)
        _print_paragraphs(laid_out, console, width)


def _print_paragraphs(laid_out: Sequence[Paragraph], console: Console, width: int) -> None:
    for index, paragraph in enumerate(laid_out):
        if index and paragraph.kind not in ("list item", "table row"):
            console.print(Text(f"   {_BAR}".rstrip(), style="dim"))
        _print_paragraph(paragraph, console, width, indent=3)


def _print_standing(standing: Standing, console: Console, width: int, indent: int) -> None:
    for line in standing_lines(standing):
        _print(console, Text(one_line(line), style="bold yellow"), width, indent=indent, hanging=2)


def _print_paragraph(paragraph: Paragraph, console: Console, width: int, indent: int) -> None:
    style = {"heading": "bold", "footnote": "italic", "caption": "italic"}.get(paragraph.kind, "")
    text = Text()
    for run in paragraph.runs:
        style_of_run = _LIT if run.highlighted else style
        text.append(visible(run.text), style=f"{style_of_run} underline".strip() if run.labelled else style_of_run)
    bullet = "• " if paragraph.needs_bullet else ""
    lines = text.wrap(console, max(20, width - indent - len(_BAR) - len(bullet)), tab_size=4)
    for number, line in enumerate(lines):
        lit = any(str(span.style).startswith(_LIT) for span in line.spans)
        bar = _HIGHLIGHT_BAR if lit else _BAR
        prefix = Text(" " * indent + bar, style="green" if lit else "dim")
        if bullet:
            prefix.append(bullet if number == 0 else "  ")
        line.rstrip()
        console.print(prefix + line, soft_wrap=True)


def _print(console: Console, text: Text, width: int, indent: int = 0, hanging: int = 0) -> None:
    for number, line in enumerate(text.wrap(console, max(20, width - indent - hanging))):
        line.rstrip()
        console.print(Text(" " * (indent + (hanging if number else 0))) + line, soft_wrap=True)
