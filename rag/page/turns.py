"""Show a question with its answer: the outcome, the quotes or what is related, and the ways into their documents."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from rag.answer.engine import Engine
from rag.core.errors import RagError
from rag.core.types.answers import Answer, Quote, Topic
from rag.page.found_places import Opened, OpenedPassage
from rag.page.html import page_html as page
from rag.page.html.citing_html import citations_html
from rag.page.html.document_html import MARKED
from rag.page.html.why_html import why_html
from rag.page.shared import go_to
from rag.render.lacking import near_count
from rag.render.markup import opening_html, quote_html, related_passage_html, remarks_html


class ShownTurn(NamedTuple):
    """A question with what was said to it: an answer, which is in the conversation, or why there is none.

    `name` is its on the page. What is shown of it is made once, and in few pieces: at every question all of the
    conversation is sent.
    """

    question: str
    said: Answer | RagError
    name: str
    opening: str
    quotes: tuple[tuple[Quote, str], ...] = ()
    related: tuple[tuple[Quote, str], ...] = ()
    after: str = ""


def turn_of(question: str, said: Answer | RagError, number: int) -> ShownTurn:
    """Return a question with what was said to it, as the conversation's turn with a number."""
    name = f"turn-{number}"
    asked = page.question_html(question, name)
    if isinstance(said, RagError):
        return ShownTurn(question, said, name, asked + page.error_html(said))
    quotes = tuple((quote, quote_html(quote, f"{name}-", citations_html(quote))) for quote in said.quotes)
    related = tuple((quote, related_passage_html(quote, f"{name}-")) for quote in said.related)
    after = remarks_html(said) + why_html(said)
    return ShownTurn(question, said, name, asked + opening_html(said, on_page=True), quotes, related, after)


def show(turn: ShownTurn, engine: Engine) -> None:
    """Show a question and its answer."""
    st.html(turn.opening)
    answer = turn.said if isinstance(turn.said, Answer) else None
    if answer and answer.topics:
        _ways_to(answer.topics, turn.name, engine)
    for quote, html in turn.quotes:
        st.html(html)
        if st.button("Open in the document", key=f"{turn.name}-quote-{quote.passage.id}") and answer:
            st.session_state.opened = Opened(answer, quote, turn.name)
            st.session_state.scroll_to = MARKED
            go_to("document")
    if answer and turn.related:
        _related(answer, turn)
    if turn.after:
        st.html(turn.after)


def _related(answer: Answer, turn: ShownTurn) -> None:
    """Fold away what is near and no answer, unfolded again for who comes back from it.

    Each opens as a passage that is no quote: nothing of an answer is marked in its document.
    """
    opened = st.session_state.get("opened")
    with st.expander(near_count(answer), expanded=isinstance(opened, OpenedPassage) and opened.turn == turn.name):
        for quote, html in turn.related:
            st.html(html)
            place = f"{turn.name}-related-{quote.passage.id}"
            if st.button("Open in the document", key=place):
                st.session_state.opened = OpenedPassage(quote.document, quote.passage, "ask", place, turn.name)
                st.session_state.scroll_to = MARKED
                go_to("document")


def _ways_to(topics: tuple[Topic, ...], name: str, engine: Engine) -> None:
    """Let each topic be opened where it stands; they are told apart by their numbers, for labels are interpreted."""
    with st.container(horizontal=True):
        for number, topic in enumerate(topics, 1):
            if st.button(f"Open topic {number}", key=f"{name}-topic-{number}"):
                document = engine.document(topic.passage.document_id)
                st.session_state.opened = OpenedPassage(document, topic.passage, "ask", name)
                st.session_state.scroll_to = MARKED
                go_to("document")
