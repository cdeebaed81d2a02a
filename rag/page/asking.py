"""The view where questions are asked: the conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from rag.config import load_settings
from rag.conversation.asking import Conversation
from rag.errors import IndexUnusable, RagError
from rag.page.hits import Opened
from rag.page.shared import engine_or_reason, go_to, scroll, shared_engine, sources
from rag.render import page
from rag.render.document import MARKED
from rag.render.exporting import EXPORTS
from rag.render.markup import opening_html, quote_html, remarks_html
from rag.types import Answer, Document, Filters, Resolution

SAVED_AS = {
    ".html": ("a web page", "text/html"),
    ".md": ("Markdown", "text/markdown"),
    ".json": ("JSON", "application/json"),
}
"""What a conversation is saved as, and its media type, by the ending of the file's name."""


class Turn(NamedTuple):
    """A question with what was said to it: an answer, which is in the conversation, or why there is none."""

    question: str
    said: Answer | RagError


def view() -> None:
    """The conversation."""
    st.html(page.top_html("Ask the corpus"))
    engine = engine_or_reason()
    if engine is None:
        return
    turns: list[Turn] = st.session_state.setdefault("turns", [])
    asked: Conversation = st.session_state.setdefault("asked", Conversation(engine))
    asked.engine, asked.quotes = engine, load_settings().quotes
    conversation = st.container()
    asked.filters = narrowed([document for document, _ in sources(engine, str(engine.index.path))])
    # In a container of its own: at the page's end Streamlit would always scroll to the end of the last answer.
    with st.container(key="asking"):
        question = st.chat_input("Ask a question")
    with conversation:
        differently = st.session_state.pop("differently", None)
        if question is not None:
            with st.spinner("Searching…"):
                turns.append(Turn(question, said(lambda: asked.ask(question))))
            st.session_state.scroll_to = f"turn-{len(turns)}"
        elif differently is not None and asked.turns:
            with st.spinner("Searching…"):
                turns[-1] = Turn(turns[-1].question, said(lambda: asked.ask_differently(differently)))
            st.session_state.scroll_to = f"turn-{len(turns)}"
        if not turns:
            st.html(page.welcome_html(sources(engine, str(engine.index.path))))
        for number, turn in enumerate(turns, 1):
            show(f"turn-{number}", turn)
        if turns and isinstance(turns[-1].said, Answer) and len(asked.turns) > 1:
            search_differently(turns[-1].said, len(turns))
        if asked.turns:
            saving(asked)
        if turns:
            st.button("New topic", on_click=forget)
    scroll(st.session_state.pop("scroll_to", None))


def forget() -> None:
    """Empty the conversation."""
    for kept in ("turns", "asked", "opened", "scroll_to"):
        st.session_state.pop(kept, None)


def search_differently(answer: Answer, number: int) -> None:
    """Let it be changed what the last question was searched as: in words of one's own or in another reading."""
    resolution = answer.resolution or Resolution(answer.question)
    readings = [each for each in dict.fromkeys((answer.question, *resolution.choices)) if each != resolution.standing]
    with st.expander("Search for something else instead"), st.form(f"differently-{number}", border=False):
        # A new answer is a new field: its text is what was searched.
        words = st.text_input("Search for", resolution.standing, key=f"words-{number}-{resolution.standing}")
        other = st.selectbox("Or in another reading", readings, index=None, placeholder="None") if readings else None
        if st.form_submit_button("Ask again"):
            st.session_state.differently = other or words
            st.rerun()


def saving(asked: Conversation) -> None:
    """Let the conversation be saved."""
    with st.expander("Save this conversation"):
        st.html(
            page.notice_html("With all quotes and where they are from; whoever gets the file reads what you asked.")
        )
        for ending, (name, media_type) in SAVED_AS.items():
            # Their file is made when it is asked for, from the turns that there are then.
            made = partial(exported, asked, ending)
            st.download_button(f"As {name}", made, f"conversation{ending}", media_type, on_click="ignore")


def exported(asked: Conversation, ending: str) -> str:
    """Return the conversation as the text of a file."""
    return EXPORTS[ending](asked.turns, datetime.now().astimezone().isoformat(timespec="seconds"))


def narrowed(documents: list[Document]) -> Filters:
    """Let it be chosen what is searched; the choice outlives a look at another view and another index."""
    if not documents:
        return Filters()
    choices, inclusions = page.choices(documents), page.inclusions(documents)
    kept = st.session_state.setdefault("narrowed", {})
    with st.expander("Narrow the search"):
        st.html(page.NARROWING)
        for name, (label, options) in choices.items():
            if options:
                key = f"narrow-{name}"
                chosen = st.session_state.get(key, kept.get(name, []))
                st.session_state[key] = [each for each in chosen if each in options]
                kept[name] = st.multiselect(label, list(options), format_func=options.__getitem__, key=key)
        for name, label in inclusions.items():
            key = f"narrow-{name}"
            st.session_state[key] = st.session_state.get(key, kept.get(name, False))
            kept[name] = st.checkbox(label, key=key)
    asked: dict[str, Any] = {name: tuple(kept.get(name, ())) for name, (_, options) in choices.items() if options}
    return Filters(**asked, **{name: kept[name] for name in inclusions})


def said(asking: Callable[[], Answer]) -> Answer | RagError:
    """Return an answer; or the error, which is what is said then."""
    try:
        return asking()
    except IndexUnusable as error:
        shared_engine.clear()
        return error
    except RagError as error:
        return error


def show(name: str, turn: Turn) -> None:
    """Show a question and its answer; `name` is theirs on the page."""
    with st.chat_message("user"):
        st.html(page.question_html(turn.question, name))
    with st.chat_message("assistant"):
        if isinstance(turn.said, RagError):
            st.html(page.error_html(turn.said))
            return
        st.html(opening_html(turn.said, on_page=True))
        for quote in turn.said.quotes:
            st.html(quote_html(quote, f"{name}-"))
            place = f"{name}-quote-{quote.passage.id}"
            if st.button("Open in the document", key=place):
                st.session_state.opened = Opened(turn.said, quote, name)
                st.session_state.scroll_to = MARKED
                go_to("document")
        if after := remarks_html(turn.said):
            st.html(after)
