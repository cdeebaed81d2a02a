"""Make the HTML that explains a verdict: the confidence against its threshold, and the scores as bars.

A table, so that whoever does not see the bars hears the same figures.
"""

from __future__ import annotations

from html import escape

from rag.core.types.answers import Answer, Candidate
from rag.core.types.outcomes import OUTCOMES
from rag.render.wording import topic_name
from rag.text.characters import one_line

_HOW = (
    "The confidence is judged from the best of the passages together, so none has a threshold of its own. What the "
    "question is about and they do not speak of lowers it, and where none of them speaks of all of that, they are no "
    "answer, however high it is. Whether they are related is judged without this, by how near they are alone. Their "
    "order goes by the score and by how well their best sentence answers."
)


def why_html(answer: Answer) -> str:
    """Return an answer's confidence and its candidates' scores, folded away; nothing where nothing was found."""
    if not answer.candidates:
        return ""
    why = "these passages" if OUTCOMES[answer.status].has_quotes else "no answer"
    said = "at or above" if answer.confidence >= answer.threshold else "below"
    related = {quote.passage.id for quote in answer.related}
    rows = "".join(_row(each, each.topic.passage.id in related) for each in answer.candidates)
    return (
        f'<details class="rag-why"><summary>Why {why}</summary>'
        f"<p>Confidence {answer.confidence:.2f}, {said} the threshold of {answer.threshold:.2f}. Passages are shown as "
        f"an answer from {answer.threshold:.2f} on, as related from {answer.related_from:.2f} on.</p>"
        f"{_bar(answer.confidence, answer.threshold)}<p>{_HOW}</p>"
        '<table class="rag-scores"><caption>Scores of the passages that were found</caption><thead><tr>'
        '<th scope="col">Passage</th><th scope="col">Shown</th><th scope="col">Score</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )


def _row(candidate: Candidate, related: bool) -> str:
    shown = f"as {candidate.rank}" if candidate.rank else "as related" if related else "no"
    return (
        f'<tr><th scope="row" dir="auto">{escape(one_line(topic_name(candidate.topic)))}'
        f"{_bar(candidate.score)}</th><td>{shown}</td><td>{candidate.score:.2f}</td></tr>"
    )


def _bar(value: float, threshold: float | None = None) -> str:
    """Return a bar from 0 to 1, with a mark where a threshold stands; the figures are told beside it."""
    mark = "" if threshold is None else f'<span class="rag-threshold" style="left:{_share(threshold)}"></span>'
    return (
        f'<span class="rag-bar" aria-hidden="true"><span class="rag-filled" style="width:{_share(value)}"></span>'
        f"{mark}</span>"
    )


def _share(value: float) -> str:
    return f"{100 * min(1.0, max(0.0, value)):.1f}%"
