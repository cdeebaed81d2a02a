"""The page: Streamlit's state and widgets. What it shows is made, and escaped, in `rag.render`.

Start it with: python -m streamlit run app.py

Text of the corpus or of a person reaches the screen through `st.html`, escaped, and never as a label or through
`st.markdown`, which would interpret it. Questions live in `st.session_state` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

import streamlit as st

from rag.build import build
from rag.config import Settings, load_settings
from rag.conversation.asking import Conversation
from rag.engine import Engine, open_index
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnusable, RagError
from rag.render import page
from rag.render.characters import one_line
from rag.render.exporting import EXPORTS
from rag.render.markup import opening_html, quote_html, remarks_html
from rag.status import status
from rag.types import Answer, Document, Filters, Passage, Resolution

MOST_ROWS = 200

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


class Opened(NamedTuple):
    """The document that a quote was opened in, and where to come back to."""

    document: Document
    passage: Passage
    quote: str


def ask() -> None:
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
    asked = {name: tuple(kept.get(name, ())) for name, (_, options) in choices.items() if options}
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
                st.session_state.opened = Opened(quote.document, quote.passage, place)
                st.session_state.scroll_to = "rag-marked"
                st.switch_page(DOCUMENT)
        if after := remarks_html(turn.said):
            st.html(after)


def document() -> None:
    """One document, whole, with the passage that was opened marked."""
    opened: Opened | None = st.session_state.get("opened")
    heading = st.container()
    engine = engine_or_reason()
    if engine is None:
        heading.html(page.top_html("Documents"))
        return
    there = [each for each, _ in sources(engine, str(engine.index.path))]
    titles = {each.id: f"{one_line(each.title)} ({one_line(each.path)})" for each in there}
    ids = list(titles)
    at = ids.index(opened.document.id) if opened and opened.document.id in titles else None
    chosen = st.selectbox("Document", ids, index=at, format_func=titles.__getitem__, placeholder="Choose a document")
    kept = opened if opened and chosen in (None, opened.document.id) else None
    if kept:
        shown = kept.document
    elif chosen:
        shown = engine.document(chosen)
    else:
        heading.html(page.top_html("Documents"))
        return
    heading.html(page.top_html(shown.title))
    st.html(page.source_html(shown, engine.standing(shown)))
    if shown.id not in titles:
        st.html(page.notice_html("This document is no longer in the index; this is its text as it was quoted."))
    elif engine.has_corpus and not engine.is_unchanged(shown):
        st.html(page.notice_html("The file has changed since the index was built; this is its text as it was then."))
    if kept and st.button("Back to the answer"):
        st.session_state.scroll_to = kept.quote
        st.switch_page(ASK)
    st.html(page.document_html(shown, kept.passage if kept else None))
    scroll(st.session_state.pop("scroll_to", None))


def corpus() -> None:
    """What there is to quote from, and how the index stands to it."""
    st.html(page.top_html("Corpus"))
    engine = engine_or_reason()
    if engine is None:
        return
    settings = load_settings()
    try:
        now = status(settings)
        st.html(page.status_html(now))
        if not now.current and st.button("Bring the index up to date"):
            bring_up_to_date(settings)
    except RagError as error:
        st.html(page.error_html(error))
    manifest = engine.index.manifest
    st.html('<h2 class="rag-subtitle">Sources</h2>')
    rows = sources(engine, str(engine.index.path))
    if len(rows) > MOST_ROWS:
        wanted = st.text_input("Show sources whose title or file name holds").casefold()
        rows = [row for row in rows if wanted in f"{row[0].title}\n{row[0].path}".casefold()]
        st.text(f"{min(len(rows), MOST_ROWS)} of {len(rows)} are shown.")
    st.html(page.sources_html(rows[:MOST_ROWS], engine.standing))
    st.html('<h2 class="rag-subtitle">Left out</h2>' + page.left_out_html(manifest.skipped, manifest.duplicates))
    st.html(
        '<h2 class="rag-subtitle">Index</h2>'
        + page.index_html(engine.info, engine.operating_point, pinned=engine.index.pinned)
    )
    st.html(page.notice_html("If the index is damaged, make all of it again:"))
    if st.button("Build the index anew"):
        bring_up_to_date(settings, rebuild=True)


def engine_or_reason() -> Engine | None:
    """Return the engine, or show why there is none and, where building helps, offer to build."""
    try:
        settings = load_settings()
        here = settings.corpus.is_dir()
        engine = shared_engine(
            str(settings.index), str(settings.corpus) if here else None, settings.may_refuse, settings.country
        )
        sources(engine, str(engine.index.path))  # a torn store shows here and not halfway down a view
    except RagError as error:
        st.html(page.error_html(error))
        if isinstance(error, (IndexMissing, IndexDamaged, IndexMismatch)):
            if not here:
                st.html(page.notice_html(f"There is no corpus folder {settings.corpus} to build one from either."))
            elif st.button("Build the index"):
                bring_up_to_date(settings, rebuild=not isinstance(error, IndexMissing))
        return None
    if report := st.session_state.pop("report", None):
        st.html(page.report_html(report))
    return engine


def bring_up_to_date(settings: Settings, *, rebuild: bool = False) -> None:
    """Build, showing how far it has come, and draw the page anew."""
    bar = st.progress(0.0, "Starting")
    st.html(page.notice_html("Leave this page as it is until that is done."))

    def progress(stage: str, done: int, total: int) -> None:
        bar.progress(done / total if total else 1.0, f"{stage.capitalize()}: {done} of {total}")

    try:
        st.session_state.report = build(settings, rebuild=rebuild, progress=progress, wait_seconds=1)
    except RagError as error:
        bar.empty()
        st.html(page.error_html(error))
        return
    st.rerun()


@st.cache_resource(show_spinner=False, validate=lambda engine: not engine.superseded())
def shared_engine(index: str, corpus: str | None, may_refuse: float | None, country: str | None) -> Engine:
    """Open the published index, once for all sessions; again when another one is published."""
    return open_index(index, corpus, may_refuse=may_refuse, country=country)


@st.cache_resource(show_spinner=False, max_entries=1)
def sources(_engine: Engine, generation: str) -> list[tuple[Document, int]]:
    """Return an index's documents, without their texts, each with its number of passages."""
    counts = {record.id: record.passages for record in _engine.index.manifest.documents}
    return [(replace(each, text="", blocks=()), counts[each.id]) for each in _engine.index.store.documents()]


def scroll(name: str | None) -> None:
    """Bring an element of ours into view, once."""
    if name:
        st.html(page.scroll_script(name), unsafe_allow_javascript=True)


ASK = st.Page(ask, title="Ask", default=True)
DOCUMENT = st.Page(document, title="Document", url_path="document")
CORPUS = st.Page(corpus, title="Corpus", url_path="corpus")

st.set_page_config(page_title="Ask the corpus")
st.html(page.STYLE)
chosen_page = st.navigation([ASK, DOCUMENT, CORPUS], position="hidden")
with st.container(horizontal=True):
    for link in (ASK, DOCUMENT, CORPUS):
        st.page_link(link)
try:
    chosen_page.run()
except RagError as trouble:
    st.html(page.error_html(trouble))
