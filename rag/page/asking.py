"""Show the Ask view, where questions are asked: the conversation."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import streamlit as st

from rag.answer.conversation import Conversation
from rag.answer.engine import Engine
from rag.core.config import load_settings
from rag.core.errors import IndexUnusable, RagError
from rag.core.types.answers import Answer, Resolution
from rag.page import recording
from rag.page.html import page_html as page
from rag.page.html.citing_html import COPYING
from rag.page.narrowing import boxes, filters, offered
from rag.page.shared import engine_or_reason, examples_of, scroll, shared_engine, sources
from rag.page.turns import ShownTurn, show, turn_of
from rag.page.warming import warm
from rag.render.exporting import EXPORTS

SHOWING = 0.04
"""Seconds for the browser to show a new answer, before it is busy with being sent the earlier ones once more."""

SAVED_AS = {
    ".html": ("a web page", "text/html"),
    ".md": ("Markdown", "text/markdown"),
    ".json": ("JSON", "application/json"),
}
"""What a conversation is saved as, and its media type, by the ending of the file's name."""


def view() -> None:
    """The conversation."""
    st.html(page.top_html("Ask the corpus"))
    engine = engine_or_reason()
    if engine is None:
        return
    turns: list[ShownTurn] = st.session_state.setdefault("turns", [])
    asked: Conversation = st.session_state.setdefault("asked", Conversation(engine))
    asked.engine, asked.quotes = engine, load_settings().quotes
    generation = str(engine.index.path)
    offer = offered(engine, generation)
    asked.filters = filters(offer)
    # Places first, so that what has just been asked is sent first and waits for nothing else on the page.
    conversation, narrowing = st.container(), st.container()
    # In a container of its own: at the page's end Streamlit would always scroll to the end of the last answer.
    with st.container(key="asking"):
        question = st.chat_input("Ask a question") or st.session_state.pop("example", None)
    end = st.container()
    with conversation:
        anew = answer(question, st.session_state.pop("differently", None), asked, turns)
        if not turns:
            welcome(engine)
        places = [st.container() for _ in turns]
        for place, turn in reversed([*zip(places, turns, strict=True)]):
            with place:
                show(turn, engine)
            if anew and turn is turns[-1]:
                with end:
                    scroll(st.session_state.pop("scroll_to", None))
                if len(turns) > 1:
                    time.sleep(SHOWING)
        with end:  # back from a document, to a quote that may be an earlier turn's
            scroll(st.session_state.pop("scroll_to", None))
        if turns:
            below(turns, asked)
        recording.offer(asked)
    with narrowing:
        boxes(offer)
    warm(engine, generation)


def answer(question: str | None, differently: str | None, asked: Conversation, turns: list[ShownTurn]) -> bool:
    """Answer what was asked, if anything was, or the last question differently; say whether anything was asked."""
    if question is not None:
        with st.spinner("Searching…"):
            turns.append(turn_of(question, said(lambda: asked.ask(question)), len(turns) + 1))
    elif differently is not None and asked.turns:
        with st.spinner("Searching…"):
            turns[-1] = turn_of(turns[-1].question, said(lambda: asked.ask_differently(differently)), len(turns))
    else:
        return False
    st.session_state.scroll_to = f"turn-{len(turns)}"
    st.session_state.pop("files", None)
    return True


def below(turns: list[ShownTurn], asked: Conversation) -> None:
    """Offer what can be done with a conversation."""
    last = turns[-1].said
    if isinstance(last, Answer) and not last.is_withheld:
        search_differently(last, len(turns))
    if asked.turns:
        saving(asked)
    st.button("New topic", on_click=forget)
    st.html(COPYING, unsafe_allow_javascript=True)


def welcome(engine: Engine) -> None:
    """Say how to ask, and offer questions to begin with."""
    there = sources(engine, str(engine.index.path))
    st.html(page.welcome_html())
    if examples := examples_of(engine, str(engine.index.path)):
        st.html(page.EXAMPLES)
        with st.container(key="examples", gap="small"):
            for example in examples:  # labels are interpreted: these hold nothing that could be (`rag.page.examples`)
                st.button(example, on_click=choose, args=(example,))
    st.html(page.documents_html(there))


def choose(example: str) -> None:
    """Have an example asked as if it had been typed."""
    st.session_state.example = example


def forget() -> None:
    """Empty the conversation."""
    for kept in ("turns", "asked", "opened", "scroll_to", "files"):
        st.session_state.pop(kept, None)


def search_differently(answer: Answer, number: int) -> None:
    """Let it be changed what the last question was searched as: in words of one's own or in another reading."""
    resolution = answer.resolution or Resolution(answer.question)
    readings = [each for each in dict.fromkeys((answer.question, *resolution.choices)) if each != resolution.resolved]
    with st.expander("Search for something else instead"), st.form(f"differently-{number}", border=False):
        # A new answer is a new field: its text is what was searched.
        words = st.text_input("Search for", resolution.resolved, key=f"words-{number}-{resolution.resolved}")
        other = st.selectbox("Or in another reading", readings, index=None, placeholder="None") if readings else None
        if st.form_submit_button("Ask again"):
            st.session_state.differently = other or words
            st.rerun()


def saving(asked: Conversation) -> None:
    """Let the conversation be saved, once its files are made: one made at the press of a download is lost if another
    session is served meanwhile.
    """
    with st.expander("Save this conversation"):
        st.html(
            page.notice_html("With all quotes and where they are from; whoever gets the file reads what you asked.")
        )
        files: dict[str, str] | None = st.session_state.get("files")
        if files is None:
            st.button("Make the files", on_click=make_files, args=(asked,))
            return
        for ending, (name, media_type) in SAVED_AS.items():
            st.download_button(f"Save as {name}", files[ending], f"conversation{ending}", media_type, on_click="ignore")


def make_files(asked: Conversation) -> None:
    """Make the files of a conversation as it is now."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    st.session_state.files = {ending: EXPORTS[ending](asked.turns, now) for ending in SAVED_AS}


def said(asking: Callable[[], Answer]) -> Answer | RagError:
    """Return an answer; or the error, which is what is said then."""
    try:
        return asking()
    except IndexUnusable as error:
        shared_engine.clear()
        return error
    except RagError as error:
        return error
