"""Make the HTML of the About view: what a quote is worth, error rates, the model, what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rag.core.types.answers import IndexInfo
from rag.core.types.reports import OperatingPoint
from rag.render.html_parts import list_html, text_html
from rag.text.characters import one_line

_VERBATIM = (
    "<p>Whatever is shown as a quote is copied character for character from a document of the corpus, and leads to its "
    "place there. Nothing is summarised, translated or made up, and no language model writes a word. Where the "
    "documents do not say, you are told so.</p>"
    "<p>Word for word does not mean true. A quote is worth what its source is worth, and a trial, a leaflet and a post "
    "in a forum are quoted alike: an amateur’s speculation, quoted word for word, is still speculation. So look at "
    "three things beside each quote:</p>"
    '<ul class="rag-list"><li>Whose words they are: the document’s own, or somebody’s whom it quotes.</li>'
    "<li>What kind of source it is, from when, and whether it was retracted, replaced or is due for review.</li>"
    "<li>The labels on its words, such as doubt, speculation, animals instead of people, who paid. Fixed rules find "
    "them by wording. They miss some, they grade nothing, and where none stands nothing is proven.</li></ul>"
    "<p>A quote tears words out of their context: open the document before you rely on one. None of it is advice for "
    "you. It knows neither you nor your medicines.</p>"
)
_FIRST_OR_LAST = (
    "<p>Refusing too much and answering too much go against each other, and no setting avoids both. So take a refusal "
    "as “not found here” rather than as a no, take what is related as a way into the documents, and read each quote "
    "for whether it answers at all.</p>"
)
_MODEL = (
    "The model turns passages and questions into numbers, to find what is alike. It writes nothing, and what is alike "
    "to it need not mean the same."
)
_COMMANDS = (
    ('python -m rag query "Who should not take magnesium?"', "answers one question"),
    ("python -m rag chat", "holds a conversation"),
    ("python -m rag sources", "lists the documents"),
    ("python -m rag verify", "proves every passage against its source again"),
    ("python -m rag status", "says how the index stands to the corpus, and how readily it refuses"),
    ("python -m rag gaps", "lists what the corpus lacks, by the questions that were kept"),
    ("python -m rag --help", "says what else there is"),
)
_HERE = ("localhost", "127.0.0.1", "::1")


def verbatim_html() -> str:
    """Say what word for word means, and what it does not."""
    return _section("Word for word, and no more", _VERBATIM)


def errors_html(point: OperatingPoint) -> str:
    """Say how often nothing is shown, only what is related, or a wrong answer: in sentences and as a table."""
    rows = (
        ("Questions that have an answer", "shown nothing", point.wrongly_refused),
        ("Questions that have an answer", "shown only related passages", point.only_related),
        ("Questions that have none", "answered all the same", point.wrongly_answered),
        ("Answers, half of the questions having one", "no answer", point.wrong_answers),
    )
    body = "".join(
        f'<tr role="row"><th role="rowheader" scope="row">{of}</th><td role="cell" data-label="Wrongly">{what}</td>'
        f'<td role="cell" data-label="How often">{share:.0%}</td></tr>'
        for of, what, share in rows
    )
    head = "".join(f'<th role="columnheader" scope="col">{name}</th>' for name in ("Asked", "Wrongly", "How often"))
    return _section(
        "How often it is wrong",
        f"<p>Passages are shown as an answer from a confidence of {point.threshold:.2f} on, and from "
        f"{point.related_from:.2f} on as related: near the question, and no answer to it. Of 100 questions that have "
        f"an answer about {point.wrongly_refused * 100:.0f} are then shown nothing, and about "
        f"{point.only_related * 100:.0f} only related passages. Of 100 that have none about "
        f"{point.wrongly_answered * 100:.0f} are answered all the same. Where half of the questions have an answer, "
        f"about {point.wrong_answers * 100:.0f} of 100 answers do not answer. This was measured on "
        f"{text_html(point.measured_on)}.</p>"
        '<table class="rag-table" role="table"><caption class="rag-caption-above">The ways to be wrong</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>{_FIRST_OR_LAST}',
    )


def index_html(info: IndexInfo, model: str, encoder: str) -> str:
    """Say which model and which index answer."""
    published = f"{datetime.fromisoformat(info.published):%d %B %Y, %H:%M %Z}"
    return _section("The model", _facts((("Name", model), ("Fingerprint", encoder))) + f"<p>{_MODEL}</p>") + _section(
        "The index",
        _facts(
            (
                ("Fingerprint", info.fingerprint),
                ("Published", published),
                ("Documents", f"{info.documents:,}"),
                ("Passages", f"{info.passages:,}"),
            )
        )
        + "<p>The fingerprint changes with everything that can change an answer: the same gives the same answers.</p>",
    )


def privacy_html(records: Path, *, kept: bool, statistics: bool, address: str | None) -> str:
    """Say what is kept and what is sent: `statistics` says whether Streamlit sends its maker figures on its use."""
    lines = [
        "What you ask is searched on the machine that serves this page, and nowhere else. Nothing is fetched to answer "
        "it.",
        "A question stands in no address of a page, in no log and in no file, unless you turn on “Keep a record of my "
        "questions” under “Ask”.",
        f"Questions that were kept are in the folder {one_line(records)}."
        if kept
        else f"No question is kept now. Where somebody turns it on, they are in the folder {one_line(records)}.",
        "If that folder lies in the index folder, whoever copies the index copies them as well.",
        "Streamlit, which draws this page, sends figures on its use to its maker. Start the page in the project’s "
        "folder, whose settings turn that off."
        if statistics
        else "Streamlit, which draws this page, sends no figures on its use to its maker: that is turned off.",
    ]
    if address not in _HERE:
        lines.append(
            "This page can be reached from other machines: whoever reaches it can ask, and download or delete what was "
            "kept."
        )
    return _section("Privacy", list_html(lines))


def command_line_html() -> str:
    """Say how to reach the same on the command line."""
    lines = "".join(
        f"<div><dt><code>{text_html(command)}</code></dt><dd>{text_html(does)}</dd></div>"
        for command, does in _COMMANDS
    )
    return _section("On the command line", f'<dl class="rag-facts rag-commands">{lines}</dl>')


def licence_html(version: str) -> str:
    """Say which version this is, and under what licence."""
    return _section(
        "Version and licence",
        _facts((("Version", version), ("Licence of the program", "Apache-2.0")))
        + "<p>The documents have licences of their own, which stand with each of them under “Corpus”.</p>",
    )


def _section(title: str, html: str) -> str:
    return f'<section class="rag-about"><h2 class="rag-subtitle">{title}</h2>{html}</section>'


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    lines = "".join(f"<div><dt>{name}</dt><dd>{text_html(value)}</dd></div>" for name, value in facts)
    return f'<dl class="rag-facts">{lines}</dl>'
