"""Make the HTML that the page shows beside answers, and the page's style."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from rag.core.errors import RagError
from rag.core.standing import withdrawal
from rag.core.types.answers import IndexInfo
from rag.core.types.documents import Document, SkippedSource, Standing
from rag.core.types.reports import BuildReport, CorpusStatus, OperatingPoint
from rag.page.html.map_marks import marks_style
from rag.render.html_parts import list_html, text_html
from rag.render.markup import link_html, standing_html
from rag.render.standalone import PAGE_STYLE
from rag.render.wording import calibration_remark, count_of, finding_line, origin, point_line
from rag.safety.framing import FRAMING
from rag.text.characters import one_line, visible

_MOST_CHANGES = 20
"""Files that changed since the index was built, that are named one by one."""

_WELCOME = (
    "Ask in a sentence. The answer is made of passages from the documents below, word for word, each with its place. "
    "Where they do not say, you are told so. What you ask stays in this window."
)
EXAMPLES = '<h2 class="rag-subtitle">Questions to begin with</h2>'
NARROWING = (
    '<p class="rag-remark">Only documents that state what is chosen here are searched. Of several values in one '
    "field, one is enough.</p>"
)
_EMPTY = (
    "The corpus is empty: it has no documents yet. Put some into its folder, then bring the index up to date "
    "under “Corpus”."
)


def page_style() -> str:
    """Return the style of the page: what answers need anywhere, and what only the page shows."""
    return PAGE_STYLE.read_text(encoding="utf-8") + marks_style()


def top_html(title: str) -> str:
    """Return the page's heading and the framing."""
    return (
        f'<h1 class="rag-title">{text_html(title)}</h1>'
        f'<p class="rag-notice rag-notice-{FRAMING.kind}" role="note">{text_html(FRAMING.text)}</p>'
    )


def welcome_html() -> str:
    """Return what stands where nothing has been asked yet: how to ask."""
    return f"<p>{_WELCOME}</p>"


def documents_html(sources: Sequence[tuple[Document, int]], most: int = 12) -> str:
    """Return what there is to ask about."""
    if not sources:
        return notice_html(_EMPTY)
    titles = [_with_withdrawal(document) for document, _ in sources[:most]]
    rest = len(sources) - len(titles)
    more = [f"and {rest} more, under “Corpus”"] if rest else []
    return f'<h2 class="rag-subtitle">{count_of(len(sources), "document")}</h2>{list_html([*titles, *more])}'


def choices(documents: Sequence[Document]) -> dict[str, tuple[str, dict[str, str]]]:
    """Return what a search can be narrowed to: a label and the values that there are, with how each is shown.

    Values that differ in capitals alone are one.
    """
    stated = {
        "kinds": ("Kind", [document.entry.kind for document in documents]),
        "licences": ("Licence", [document.entry.licence for document in documents]),
        "languages": ("Language", [document.entry.language for document in documents]),
    }
    found = {}
    for name, (label, values) in stated.items():
        once = {value.casefold(): value for value in reversed(values) if value}
        found[name] = (label, {once[folded]: one_line(once[folded]) for folded in sorted(once)})
    titles = {document.path: f"{one_line(document.title)} ({one_line(document.path)})" for document in documents}
    return {**found, "documents": ("Document", titles)}


def inclusions(documents: Sequence[Document]) -> dict[str, str]:
    """Return which withdrawn documents there are to be searched after all: a label for each of the filters' names."""
    there = {withdrawal(document.entry) for document in documents}
    labels = {
        "include_retracted": ("retracted", "Search retracted documents as well"),
        "include_superseded": ("superseded", "Search superseded documents as well"),
    }
    return {name: label for name, (kind, label) in labels.items() if kind in there}


def question_html(question: str, name: str) -> str:
    """Return a person's question, as typed, as the heading of its answer; `name` is its id."""
    return f'<h2 class="rag-question" id="{name}" dir="auto">{escape(visible(question))}</h2>'


def error_html(error: RagError) -> str:
    """Return what went wrong and what to do about it."""
    advice = f"<p>{text_html(error.advice)}</p>" if error.advice else ""
    return f'<div class="rag-error" role="alert"><p><strong>{text_html(error.message)}</strong></p>{advice}</div>'


def notice_html(text: str) -> str:
    """Return a sentence that stands by itself."""
    return f'<p class="rag-remark" role="status">{text_html(text)}</p>'


def scroll_script(name: str) -> str:
    """Return the script that brings an element of ours into view. `name` is never of the corpus or of a person."""
    return f"<script>document.getElementById({name!r})?.scrollIntoView()</script>"


def source_html(document: Document, standing: Standing) -> str:
    """Return what is known of a document, how it stands first."""
    entry = document.entry
    lines = [
        text_html(origin(document)),
        f"Review due {text_html(entry.review_due)}" if entry.review_due else "",
        f"Restates: {text_html(entry.source_title)}" if entry.source_title else "",
        text_html(entry.notes or ""),
        f"File: {text_html(document.path)} · {text_html(document.id)}",
        link_html(entry.url, "Open the source") if entry.url else "",
        link_html(entry.source_url, "Open what this restates") if entry.source_url else "",
    ]
    known = f'<ul class="rag-source">{"".join(f"<li>{line}</li>" for line in lines if line)}</ul>'
    return standing_html(standing) + known


def index_html(info: IndexInfo, point: OperatingPoint, *, pinned: bool) -> str:
    """Return which index answers, and from which confidence on."""
    lines = [
        f"{count_of(info.documents, 'document')}, {count_of(info.passages, 'passage')}",
        f"Published {datetime.fromisoformat(info.published):%d %B %Y, %H:%M %Z}",
        f"Fingerprint {info.fingerprint}",
        point_line(point),
    ]
    if pinned:
        lines.append("This is an earlier index, gone back to; the next build replaces it.")
    return list_html(lines)


def status_html(status: CorpusStatus) -> str:
    """Say in words how the index stands to the corpus."""
    if status.current:
        return notice_html("The index is up to date with the corpus folder.")
    changes = [
        f"{word}: {one_line(path)}"
        for word, paths in (("Added", status.added), ("Changed", status.changed), ("Removed", status.removed))
        for path in paths
    ]
    more = [f"and {len(changes) - _MOST_CHANGES:,} more"] if len(changes) > _MOST_CHANGES else []
    changes = [*changes[:_MOST_CHANGES], *more]
    reasons = [f"Made differently: {reason}" for reason in status.reasons]
    return notice_html("The corpus folder has changed since the index was built:") + list_html([*changes, *reasons])


def left_out_html(skipped: Sequence[SkippedSource], duplicates: Sequence[tuple[str, str]]) -> str:
    """Say what is not in the index and why, and which files are the same."""
    if not skipped and not duplicates:
        return notice_html("No file was left out.")
    lines = [f"{source.path}: {source.reason} {source.advice}" for source in skipped]
    return list_html(
        [*lines, *(f"{path} has the same content as {first}, and is counted once." for path, first in duplicates)]
    )


def report_html(report: BuildReport) -> str:
    """Say in a sentence what a build did."""
    if not report.published:
        return notice_html("The index was up to date already.")
    done = [
        f"{len(paths)} {word}"
        for word, paths in (("added", report.added), ("changed", report.changed), ("removed", report.removed))
        if paths
    ]
    said = f"The index was built in {report.seconds:.1f} seconds: {', '.join(done) or 'no document changed'}"
    left = f"; {count_of(len(report.skipped), 'file')} left out" if report.skipped else ""
    unused = [f"Left out: {finding_line(finding)}" for finding in report.findings]
    remark = calibration_remark(report)
    return (
        notice_html(f"{said}{left}.") + (list_html(unused) if unused else "") + (notice_html(remark) if remark else "")
    )


def _with_withdrawal(document: Document) -> str:
    withdrawn = withdrawal(document.entry)
    return f"{document.title} ({withdrawn})" if withdrawn else document.title
