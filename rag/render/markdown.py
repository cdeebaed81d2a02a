"""Write answers and conversations as Markdown in which every character of a source stands for itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.core.types.answers import Answer, Quote
from rag.core.version import __version__
from rag.render.evidence import LEGEND, along_after, along_before, cue_lines, legend, side_line
from rag.render.lacking import NEAR, LineRun, lacks_line, near_headline, near_link
from rag.render.layout import Paragraph, near_paragraphs, quote_paragraphs
from rag.render.wording import (
    NEAREST,
    also_in,
    headline,
    index_line,
    left_out,
    notices_of,
    origin,
    outcome_runs,
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

if TYPE_CHECKING:
    from rag.core.types.answers import Turn

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:=&\"'^@/])")


def answer_markdown(answer: Answer) -> str:
    """Return an answer as Markdown: notices, question, filters, outcome, quotes as block quotations."""
    return _joined(*_notices(answer), f"## {_line(answer.question)}", *_answered(answer))


def conversation_markdown(turns: Sequence[Turn], exported_at: str) -> str:
    """Return a conversation as one Markdown document: each question with its notices and its answer, oldest first."""
    parts = ["# Conversation", f"Exported at {_line(exported_at)} by rag {__version__}"]
    for number, turn in enumerate(turns, 1):
        parts += [f"## {number}\\. {_line(turn.question)}", f"Asked at {_line(turn.asked_at)}"]
        parts += [*_notices(turn.answer), *_answered(turn.answer)]
    return _joined(*parts)


def _notices(answer: Answer) -> list[str]:
    return [f"**{_escaped(notice.text)}**" for notice in notices_of(answer)]


def _answered(answer: Answer) -> list[str]:
    parts = [_runs(outcome_runs(answer)), *(_line(line) for line in understood(answer))]
    if only := searched_only(answer):
        parts.append(_line(only))
    if withdrawn := left_out(answer):
        parts.append(_line(withdrawn))
    parts.extend(_quote(quote) for quote in answer.quotes)
    if answer.related:
        parts += [f"### {_line(NEAR)}", *map(_related, answer.related)]
    if answer.topics:
        parts.append(_escaped(NEAREST))
        parts.append("\n".join(f"- {_line(f'{topic_name(each)} ({topic_place(each)})')}" for each in answer.topics))
    if labels := legend((*answer.quotes, *answer.related)):
        parts.append(_escaped(LEGEND))
        parts.append("\n".join(f"- {_escaped(f'{label}: {means}')}" for label, means in labels))
    parts.extend(_line(remark) for remark in remarks(answer))
    if index := index_line(answer.index):
        parts.append(_line(index))
    return parts


def _quote(quote: Quote) -> str:
    title = _line(headline(quote))
    parts = [f"### {quote.rank}\\. {title}", *_before(quote)]
    parts += [f"{what}:\n\n{_quoted(laid_out)}" for what, laid_out in along_before(quote)]
    parts.append(_quoted(quote_paragraphs(quote)))
    parts += [f"{what}:\n\n{_quoted(laid_out)}" for what, laid_out in along_after(quote)]
    return "\n\n".join((*parts, "\n".join(_source(quote, side_line(quote), quote.link))))


def _related(quote: Quote) -> str:
    """Return a passage that is near and no answer as an item of a list: no number, no block quotation, no mark."""
    body = [
        "".join(_escaped(visible(run.text)) for run in paragraph.runs).replace("\n", "\\\n")
        for paragraph in near_paragraphs(quote)
    ]
    source = "\n".join(_source(quote, None, near_link(quote)))
    item = "\n\n".join((_line(near_headline(quote)), *_before(quote), *body, source))
    return "- " + "\n".join(f"  {line}" if line else "" for line in item.split("\n")).lstrip()


def _before(quote: Quote) -> list[str]:
    """Return what must be known of a passage before reading it."""
    lacks = lacks_line(quote)
    return [*([_line(lacks)] if lacks else []), *(f"**{_line(line)}**" for line in standing_lines(quote.standing))]


def _source(quote: Quote, side: str | None, link: str | None) -> list[str]:
    details = [
        side,
        f"Whose words: {whose_words(quote.passage.attribution)}",
        *cue_lines(quote),
        origin(quote.document),
        f"Restates: {quote.document.entry.source_title}" if quote.document.entry.source_title else None,
        place(quote),
        also_in(quote),
    ]
    lines = [f"- {_line(line)}" for line in details if line]
    address = link or quote.document.entry.source_url
    if address:
        lines.append(f"- <{one_line(address).replace('<', '%3C').replace('>', '%3E')}>")
    return lines


def _quoted(laid_out: Sequence[Paragraph]) -> str:
    body = []
    for paragraph in laid_out:
        runs = (
            f"<mark>{_escaped(visible(run.text))}</mark>" if run.highlighted else _escaped(visible(run.text))
            for run in paragraph.runs
        )
        body.append("".join(runs).replace("\n", "\\\n> "))
    return "> " + "\n>\n> ".join(body)


def _joined(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


def _runs(runs: Sequence[LineRun]) -> str:
    return "".join(f"**{_escaped(run.text)}**" if run.emphasised else _escaped(run.text) for run in runs)


def _line(text: str) -> str:
    return _escaped(one_line(text))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
