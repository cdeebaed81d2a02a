"""Make the HTML of the Corpus view, every character of the corpus and of a person escaped."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from rag.core.types.documents import Document
from rag.core.types.reports import Finding
from rag.page.listing import ListedDocument, counted
from rag.render.html_parts import list_html, text_html
from rag.render.markup import standing_html
from rag.render.wording import count_of, origin
from rag.text.characters import one_line, visible

if TYPE_CHECKING:
    from rag.index.previous_generation import Kept
    from rag.page.intake import Looked, Seen
    from rag.page.jobs.work import Work

WIDE = '<div class="rag-wide" hidden></div>'
"""What makes room for a table of many columns."""

MEANWHILE = '<p class="rag-remark">Questions are answered from the index as it was until this is done.</p>'

_STAGES = {
    "starting": "Starting",
    "reading": "Reading documents",
    "comparing": "Comparing with the documents that are there",
    "encoding": "Encoding passages and their sentences",
    "calibrating": "Asking the corpus’s own questions",
    "publishing": "Publishing",
    "checking": "Checking documents",
}
_MOST_FINDINGS = 12


def table_html(rows: Sequence[ListedDocument]) -> str:
    """Return a table of documents, with how each stands and what is to be mended of it."""
    if not rows:
        return _remark("There are none.")
    columns = ("Title", "Kind", "Date", "Licence", "Review due", "Passages", "To mend")
    return _table("The documents of the index", columns, [_row(row) for row in rows])


def findings_html(findings: Sequence[Finding]) -> str:
    """Return a table of findings."""
    if not findings:
        return _remark("There are none.")
    columns = ("Document", "Level", "What", "What it says")
    rows = [
        (
            text_html(finding.path) + _place(finding),
            text_html(finding.level),
            text_html(finding.kind),
            text_html(finding.message),
        )
        for finding in findings
    ]
    return _table("What the check found", columns, rows)


def looked_html(number: int, looked: Looked) -> str:
    """Return what was read of a file before it goes in, or why it cannot."""
    head = f'<h3 class="rag-file">File {number}: <span dir="auto">{text_html(looked.name)}</span></h3>'
    if looked.refused:
        reason, advice = looked.refused
        return f'{head}<div class="rag-error"><p><strong>{text_html(reason)}</strong> {text_html(advice)}</p></div>'
    seen = looked.seen
    assert seen is not None
    taken = "The corpus has another file of this name." if looked.taken else ""
    remarks = "".join(f'<p class="rag-standing">{text_html(each)}</p>' for each in (looked.remark or "", taken) if each)
    found = seen.findings[:_MOST_FINDINGS]
    more = len(seen.findings) - len(found)
    said = [f"{finding.level}: {finding.message}" for finding in found] + ([f"and {more} more"] if more else [])
    return (
        f"{head}{remarks}{_facts(seen)}"
        f'<p class="rag-label">To mend: {text_html(counted(seen.findings))}</p>{list_html(said)}'
        '<p class="rag-label">It begins</p>'
        f'<div class="rag-beginning" dir="auto">{escape(visible(seen.beginning))}</div>'
        + _folded(f"Outline: {count_of(seen.headings, 'heading')}", _outline(seen))
        + _folded(f"Set aside as not part of the text: {count_of(seen.furniture, 'piece')}", _aside(seen))
    )


def progress_line(work: Work) -> tuple[float, str]:
    """Say how far work has come: the share of its step, and a line with what is left of it."""
    step = work.step
    share = step.done / step.total if step.total else 0.0
    name = _STAGES.get(step.stage, one_line(step.stage).capitalize())
    line = f"{name}: {step.done:,} of {step.total:,}" if step.total else name
    left = step.seconds_left(time.monotonic())
    return min(1.0, share), f"{line}, {_duration(left)} left of this step" if left is not None else line


def outcome_html(work: Work, html: str) -> str:
    """Return what came of work, given what it says of itself, with the time of its end."""
    when = f"{datetime.fromtimestamp(work.finished_at or 0, UTC):%d %B %Y, %H:%M} UTC"
    return f'<div class="rag-outcome-of-work">{html}<p class="rag-remark">Finished {when}.</p></div>'


def kept_html(kept: Kept) -> str:
    """Say what going to the other index means."""
    info = kept.info
    which = (
        f"{count_of(info.documents, 'document')}, published {datetime.fromisoformat(info.published):%d %B %Y, %H:%M %Z}"
    )
    if kept.newer:
        said = f"The newer index is still there ({which}). Going forward answers from it again, for everybody."
    else:
        said = (
            f"The index before is still there ({which}). Going back answers from it, for everybody, until the next "
            "build. The corpus folder stays as it is, and you can come forward again."
        )
    return _remark(said)


def removing_html(document: Document) -> str:
    """Ask whether a document is to be removed, naming it."""
    return (
        f'<div class="rag-error" role="alert"><p><strong>Remove “<bdi>{text_html(document.title)}</bdi>”?</strong></p>'
        f"<p>The file {text_html(document.path)} is deleted from the corpus folder, with its entry in the catalogue. "
        "The next build takes it out of the index. This page cannot bring it back.</p>"
        f"<p>{text_html(origin(document))}</p></div>"
    )


def done_html(done: Sequence[tuple[str, str]]) -> str:
    """Say what became of files: pairs of a word and a name."""
    return f'<div role="status">{list_html([f"{word}: {name}" for word, name in done])}</div>'


def _facts(seen: Seen) -> str:
    entry = seen.entry
    blocks = ", ".join(f"{number:,} {kind}{'' if number == 1 else 's'}" for kind, number in seen.blocks)
    facts = [
        ("Title", seen.title),
        ("Authors", "; ".join(entry.authors)),
        ("Publisher", entry.publisher or ""),
        ("Published", entry.published or ""),
        ("Licence", entry.licence or ""),
        ("Read as", seen.media_type),
        ("Pages", f"{seen.pages:,}" if seen.pages else ""),
        ("Words", f"{seen.words:,}"),
        ("Made of", blocks),
    ]
    pairs = "".join(f"<dt>{name}</dt><dd dir='auto'>{text_html(value)}</dd>" for name, value in facts if value)
    return f'<dl class="rag-known">{pairs}</dl>'


def _outline(seen: Seen) -> str:
    lines = "".join(
        f'<li style="margin-left: {min(level, 6) - 1}rem" dir="auto">{text_html(words)}</li>'
        for level, words in seen.outline
    )
    return f'<ul class="rag-list">{lines}{_rest(seen.headings - len(seen.outline))}</ul>' if lines else ""


def _aside(seen: Seen) -> str:
    lines = "".join(
        f'<li dir="auto">{text_html(words)} <em>({text_html(reason)})</em></li>' for reason, words in seen.set_aside
    )
    return f'<ul class="rag-list">{lines}{_rest(seen.furniture - len(seen.set_aside))}</ul>' if lines else ""


def _rest(left: int) -> str:
    return f"<li>and {left:,} more</li>" if left > 0 else ""


def _folded(summary: str, html: str) -> str:
    if not html:
        return f'<p class="rag-label">{text_html(summary)}</p>'
    return f'<details class="rag-more"><summary>{text_html(summary)}</summary>{html}</details>'


def _row(row: ListedDocument) -> tuple[str, ...]:
    entry = row.document.entry
    title = f"{text_html(row.document.title)}{standing_html(row.standing)}"
    mend = "not checked" if row.findings is None else counted(row.findings)
    stated = (entry.kind, entry.published or entry.reviewed_on, entry.licence, entry.review_due)
    return (title, *(text_html(value or "not stated") for value in stated), f"{row.passages:,}", mend)


def _table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of cells that are HTML already; on a phone each row becomes a card."""
    head = "".join(f'<th role="columnheader" scope="col">{column}</th>' for column in columns)
    body = "".join(
        f'<tr role="row"><th role="rowheader" scope="row" dir="auto">{first}</th>'
        + "".join(
            f'<td role="cell" data-label="{column}">{cell}</td>'
            for column, cell in zip(columns[1:], cells, strict=True)
        )
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f'<table class="rag-table rag-corpus-table" role="table"><caption>{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _place(finding: Finding) -> str:
    if finding.lines:
        return f", line {finding.lines[0]}"
    return f", page {finding.page}" if finding.page else ""


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"about {count_of(minutes, 'minute')}" if minutes else "less than a minute"


def _remark(text: str) -> str:
    return f'<p class="rag-remark">{text_html(text)}</p>'
