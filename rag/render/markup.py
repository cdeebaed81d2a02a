"""Write answers as HTML, every character of theirs escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from rag.core.types.answers import Answer, Quote, Topic
from rag.core.types.documents import Standing
from rag.render.evidence import LEGEND, along_after, along_before, cue_lines, legend, side_line
from rag.render.html_parts import runs_html, text_html
from rag.render.lacking import NEAR, lacks_line, near_count, near_headline, near_link
from rag.render.layout import Paragraph, Run, near_paragraphs, quote_paragraphs
from rag.render.wording import (
    NEAREST,
    also_in,
    headline,
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
from rag.text.characters import visible


def answer_html(answer: Answer) -> str:
    """Return an answer as a fragment of HTML: notices, outcome, quotes or what is related."""
    parts = [opening_html(answer), *map(quote_html, answer.quotes), related_html(answer), remarks_html(answer)]
    return f'<section class="rag-answer">{"".join(parts)}</section>'


def opening_html(answer: Answer, *, on_page: bool = False) -> str:
    """Return what stands before an answer's quotes: its notices, what came of it, what was searched and within what.

    Where the corpus does not say, the topics nearest to the question stand in their place.

    On the page it says how to do there what is done with options elsewhere.
    """
    parts = [notices_html(answer), f'<p class="rag-outcome">{runs_html(outcome_runs(answer))}</p>']
    parts.extend(f'<p class="rag-searched">{text_html(line)}</p>' for line in understood(answer))
    if only := searched_only(answer):
        parts.append(f'<p class="rag-searched">{text_html(only)}</p>')
    if withdrawn := left_out(answer, on_page=on_page):
        parts.append(f'<p class="rag-searched">{text_html(withdrawn)}</p>')
    return "".join(parts) + _topics_html(answer.topics)


def _topics_html(topics: Sequence[Topic]) -> str:
    named = "".join(
        f'<li dir="auto">{text_html(topic_name(topic))} <span>{text_html(topic_place(topic))}</span></li>'
        for topic in topics
    )
    return (
        f'<p class="rag-nearest">{text_html(NEAREST)}</p><ol class="rag-list rag-topics">{named}</ol>' if named else ""
    )


def remarks_html(answer: Answer, *, folded: bool = True) -> str:
    """Return what stands after an answer's passages; nothing when there is nothing to remark."""
    return legend_html((*answer.quotes, *answer.related), folded=folded) + "".join(
        f'<p class="rag-remark">{text_html(remark)}</p>' for remark in remarks(answer)
    )


def legend_html(quotes: Iterable[Quote], *, folded: bool = True) -> str:
    """Return what the labels beside some quotes mean, folded away or open; nothing where there are none."""
    meant = "".join(f"<dt>{text_html(label)}</dt><dd>{text_html(means)}</dd>" for label, means in legend(quotes))
    if not meant:
        return ""
    opened = "" if folded else " open"
    return (
        f'<details class="rag-legend"{opened}><summary>What the labels mean</summary><p>{text_html(LEGEND)}</p>'
        f"<dl>{meant}</dl></details>"
    )


def notices_html(answer: Answer) -> str:
    """Return an answer's notices."""
    return "".join(
        f'<p class="rag-notice rag-notice-{notice.kind}" role="note">{text_html(notice.text)}</p>'
        for notice in notices_of(answer)
    )


def quote_html(quote: Quote, within: str = "", after: str = "") -> str:
    """Return one quote: the passage with its highlights, whose words it is, and where it stands.

    `within` begins its id, where more than one answer stands on a page; `after` is HTML that stands last in it.
    """
    return (
        f'<article class="rag-quote" id="{within}quote-{quote.passage.id}">'
        f'<h3 class="rag-quote-title">{quote.rank}. {text_html(headline(quote))}</h3>'
        f"{_lacks_html(quote)}{standing_html(quote.standing)}"
        f"{_along_html(along_before(quote))}"
        f'<blockquote class="rag-passage">{"".join(map(paragraph_html, quote_paragraphs(quote)))}</blockquote>'
        f"{_along_html(along_after(quote))}"
        f"{_source_html(quote, side_line(quote), quote.link)}"
        f"{after}</article>"
    )


def related_html(answer: Answer, within: str = "") -> str:
    """Return what is near a question and no answer to it, folded away; nothing where there is nothing of the kind."""
    if not answer.related:
        return ""
    passages = "".join(related_passage_html(quote, within) for quote in answer.related)
    return f'<details class="rag-related"><summary>{text_html(near_count(answer))}</summary>{passages}</details>'


def related_passage_html(quote: Quote, within: str = "", after: str = "") -> str:
    """Return one related passage, whole: nothing highlighted, no number, no heading, and named as no answer.

    A screen reader says so of each, wherever it is led to. `within` begins its id, `after` is HTML that stands last.
    """
    body = "".join(paragraph_html(paragraph, "p") for paragraph in near_paragraphs(quote))
    return (
        f'<article class="rag-related-passage" id="{within}related-{quote.passage.id}" '
        f'aria-label="{text_html(f"{NEAR}: {near_headline(quote)}")}">'
        f'<p class="rag-related-title">{text_html(headline(quote))}</p>'
        f"{_lacks_html(quote)}{standing_html(quote.standing)}"
        f'<div class="rag-related-text">{body}</div>'
        f"{_source_html(quote, None, near_link(quote))}"
        f"{after}</article>"
    )


def _lacks_html(quote: Quote) -> str:
    return f'<p class="rag-lacks">{text_html(line)}</p>' if (line := lacks_line(quote)) else ""


def _source_html(quote: Quote, side: str | None, address: str | None) -> str:
    """Return what is said of a passage's source; `side` stands first, `address` is where it is opened."""
    entry = quote.document.entry
    lines = [
        text_html(side or ""),
        f"Whose words: {text_html(whose_words(quote.passage.attribution))}",
        *map(text_html, cue_lines(quote)),
        text_html(origin(quote.document)),
        f"Restates: {text_html(entry.source_title)}" if entry.source_title else "",
        text_html(place(quote)),
        text_html(also_in(quote) or ""),
    ]
    if address:
        at = " at this sentence" if "#:~:" in address else ""
        at = f" at page {quote.passage.page}" if "#page=" in address else at
        lines.append(link_html(address, f"Open the source{at}"))
    elif entry.source_url:
        lines.append(link_html(entry.source_url, "Open what this restates"))
    details = "".join(f"<li>{line}</li>" for line in lines if line)
    return f'<ul class="rag-source">{details}</ul>'


def _along_html(along: Iterable[tuple[str, Sequence[Paragraph]]]) -> str:
    return "".join(
        f'<div class="rag-along"><p>{text_html(what)}:</p>'
        f"<blockquote>{''.join(map(paragraph_html, laid_out))}</blockquote></div>"
        for what, laid_out in along
    )


def standing_html(standing: Standing) -> str:
    """Return what a reader must know of a document before reading it; nothing when there is nothing."""
    return "".join(f'<p class="rag-standing">{text_html(line)}</p>' for line in standing_lines(standing))


def paragraph_html(paragraph: Paragraph, heading: str = "h4") -> str:
    """Return one block of a document; a block set aside as furniture says so. `heading` is a heading's tag."""
    body = "".join(map(_run_html, paragraph.runs))
    tag = {"heading": heading, "code": "pre"}.get(paragraph.kind, "p")
    kind = paragraph.kind.replace(" ", "-") + (" rag-bullet" if paragraph.needs_bullet else "")
    if paragraph.block.furniture:
        reason = escape(paragraph.block.furniture)
        return f'<p class="rag-block rag-furniture"><span>Set aside ({reason}):</span> {body}</p>'
    return f'<{tag} class="rag-block rag-{kind}" dir="auto">{body}</{tag}>'


def _run_html(run: Run) -> str:
    text = escape(visible(run.text))
    if run.labelled:
        text = f'<span class="rag-dose" title="A dose figure of the source, not advice">{text}</span>'
    if run.highlighted:
        return f"<mark>{text}</mark>"
    return f'<mark class="rag-also-hit">{text}</mark>' if run.also_hit else text


def link_html(address: str, words: str) -> str:
    """Return a link that leaves nothing behind; an address that is not of the web is shown as text."""
    if not address.startswith(("https://", "http://")) or visible(address) != address:
        return text_html(address)
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">{text_html(words)}</a>'
