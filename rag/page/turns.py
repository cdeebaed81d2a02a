"""Show a question with its answer: the outcome, the quotes, and the ways into their documents."""

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
from rag.render.markup import opening_html, quote_html, remarks_html


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
    after: str = ""


def turn_of(question: str, said: Answer | RagError, number: int) -> ShownTurn:
    """Return a question with what was said to it, as the conversation's turn with a number."""
    name = f"turn-{number}"
    asked = page.question_html(question, name)
    if isinstance(said, RagError):
        return ShownTurn(question, said, name, asked + page.error_html(said))
    quotes = tuple((quote, quote_html(quote, f"{name}-", citations_html(quote))) for quote in said.quotes)
    return ShownTurn(
        question, said, name, asked + opening_html(said, on_page=True), quotes, remarks_html(said) + why_html(said)
    )


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
    if turn.after:
        st.html(turn.after)


def _ways_to(topics: tuple[Topic, ...], name: str, engine: Engine) -> None:
    """Let each topic be opened where it stands; they are told apart by their numbers, for labels are interpreted."""
    with st.container(horizontal=True):
        for number, topic in enumerate(topics, 1):
            if st.button(f"Open topic {number}", key=f"{name}-topic-{number}"):
                document = engine.document(topic.passage.document_id)
                st.session_state.opened = OpenedPassage(document, topic.passage, "ask", name)
                st.session_state.scroll_to = MARKED
                go_to("document")
