"""Keep a record of questions where somebody turned it on, and from then on."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field

import streamlit as st

from rag.answer.conversation import Conversation
from rag.core.config import load_settings
from rag.core.errors import RagError
from rag.core.types.answers import Turn
from rag.corpus.records.record import Helped, keep
from rag.corpus.records.records_folder import RecordsFolder, records_folder
from rag.page.access import may_curate, require_curator
from rag.page.html import page_html as page
from rag.page.html import recording_html as recording


@dataclass(slots=True)
class Recording:
    """Whether a session keeps its questions, which turns of its conversation it has seen, and each one's id if kept."""

    session: str = field(default_factory=lambda: secrets.token_hex(8))
    on: bool = False
    number: int = 0
    conversation: Conversation | None = None
    seen: list[tuple[Turn, str | None]] = field(default_factory=list)
    helped: dict[str, bool] = field(default_factory=dict)
    trouble: RagError | None = None


def offer(asked: Conversation) -> None:
    """Keep the questions that are new, where that is on, and let it be turned on or off and what is kept deleted."""
    state: Recording = st.session_state.setdefault("recording", Recording())
    try:
        folder = records_folder(load_settings())
    except RagError as error:
        st.html(page.error_html(error))
        return
    catch_up(state, asked, folder)
    if state.seen and state.seen[-1][1]:
        rate(state, state.seen[-1][1], folder)
    # Its own key is dropped when another view is shown; what was chosen is not.
    st.session_state["record"] = state.on
    st.toggle("Keep a record of my questions", key="record", on_change=turn, args=(state,))
    st.html(recording.keeping_html(state.on))
    if state.trouble:
        st.html(page.error_html(state.trouble))
    looking_at(state, folder)


def turn(state: Recording) -> None:
    """Turn it on or off."""
    state.on, state.trouble = bool(st.session_state["record"]), None


def catch_up(state: Recording, asked: Conversation, folder: RecordsFolder) -> None:
    """Take note of new turns, and keep them where that is on. One that took the place of another keeps its id."""
    if state.conversation is not asked:
        state.conversation, state.seen = asked, []
    for place, new in enumerate(asked.turns):
        known = state.seen[place] if place < len(state.seen) else None
        if known and known[0] is new:
            continue
        before, state.seen = state.seen[:place], state.seen[:place]
        state.seen.append((new, kept_as(state, new, known[1] if known else None, before, folder)))


def kept_as(
    state: Recording, new: Turn, id_: str | None, before: list[tuple[Turn, str | None]], folder: RecordsFolder
) -> str | None:
    """Keep a turn and return its id; None where it is not kept. The answer is shown whatever the disk says."""
    if not state.on:
        return None
    number = int(id_.rpartition("-")[2]) if id_ else state.number + 1
    kept = keep(new, state.session, number, leaning=all(each for _, each in before))
    if kept is None:
        return None
    try:
        folder.append(kept)
    except RagError as error:
        state.trouble = error
        return None
    state.number, state.trouble = max(state.number, number), None
    state.helped.pop(kept.id, None)
    return kept.id


def rate(state: Recording, id_: str, folder: RecordsFolder) -> None:
    """Let it be said whether the last answer helped; saying nothing is as good."""

    def say(helped: bool | None) -> None:
        try:
            folder.append(Helped(state.session, id_, helped))
        except RagError as error:
            state.trouble = error
            return
        state.trouble = None
        state.helped.pop(id_, None)
        if helped is not None:
            state.helped[id_] = helped

    with st.container(horizontal=True, key="rating"):
        if id_ in state.helped:
            st.html(page.notice_html(recording.HELPED[state.helped[id_]]))
            st.button("Take that back", on_click=say, args=(None,))
        else:
            st.button("This helped", on_click=say, args=(True,))
            st.button("This did not help", on_click=say, args=(False,))


def looking_at(state: Recording, folder: RecordsFolder) -> None:
    """Show what is kept, where anything is, and let it be downloaded and deleted."""
    try:
        info = folder.file.stat()
    except OSError:
        return
    if not info.st_size:
        return
    try:
        sessions, unreadable = counted(folder, info.st_size, info.st_mtime_ns)
    except RagError as error:
        st.html(page.error_html(error))
        return
    own = sessions[state.session]
    # Sessions do not see each other's questions: where not everybody may curate, nor may everybody read all of them.
    everything = may_curate(load_settings())
    if not own and not everything:
        return
    with st.expander("What is kept"):
        st.html(recording.records_html(folder.path, sessions.total() if everything else None, own, unreadable))
        if own:
            made = folder.content_of(state.session)
            st.download_button(
                "Download what this session kept", made, "kept-questions.jsonl", "application/jsonl", on_click="ignore"
            )
            st.button("Delete what this session kept", on_click=delete, args=(state, folder, state.session))
        if everything:
            all_of_it(state, folder)


def all_of_it(state: Recording, folder: RecordsFolder) -> None:
    """Let what every session kept be downloaded and deleted."""
    st.download_button(
        "Download all of it", folder.content(), "all-kept-questions.jsonl", "application/jsonl", on_click="ignore"
    )
    if not st.session_state.get("recording-confirming"):
        st.button("Delete all of it", on_click=confirming, args=(True,))
        return
    st.html(page.notice_html(recording.CONFIRM))
    with st.container(horizontal=True, key="confirming-deletion"):
        st.button("Yes, delete all of it", on_click=delete, args=(state, folder, None))
        st.button("Leave it", on_click=confirming, args=(False,))


@st.cache_data(show_spinner=False, max_entries=4, hash_funcs={RecordsFolder: lambda folder: str(folder.path)})
def counted(folder: RecordsFolder, size: int, changed: int) -> tuple[Counter[str], int]:
    """Return how many questions each session has kept, and how many lines cannot be read."""
    records = folder.read()
    return Counter(each.session for each in records.questions), len(records.unreadable)


def confirming(asked: bool) -> None:
    """Ask again before everything is deleted, or no longer."""
    st.session_state["recording-confirming"] = asked


def delete(state: Recording, folder: RecordsFolder, session: str | None) -> None:
    """Delete what a session kept, or all of it."""
    confirming(False)
    try:
        if session is None:
            require_curator(load_settings())
        folder.remove_session(session) if session else folder.remove_all()
    except RagError as error:
        state.trouble = error
        return
    state.seen = [(each, None) for each, _ in state.seen]
    state.helped.clear()
    state.trouble = None
