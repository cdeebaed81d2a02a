"""Add files on the page: hand them over, look at what was read, then put them into the corpus folder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import streamlit as st

from rag.core.catalogue_fields import FIELDS, CatalogueField
from rag.core.config import Settings
from rag.core.dates import today
from rag.core.errors import RagError
from rag.corpus.editing import catalogue_values, put
from rag.page.access import require_curator
from rag.page.html import library_html as corpus
from rag.page.html import page_html as page
from rag.page.intake import Looked, Upload
from rag.page.jobs.work import Work
from rag.readers.formats import names_for_people

_PAIRED = (
    "title", "authors", "publisher", "published", "licence", "url", "kind", "language", "reviewed_on", "review_due",
)  # fmt: skip
"""The fields that come first, two a line that belong together; the others follow in the order of `FIELDS`."""

_SHOWN = sorted(
    (field for field in FIELDS if field.label),
    key=lambda field: _PAIRED.index(field.name) if field.name in _PAIRED else len(_PAIRED),
)
_OF_ALL = [field for field in _SHOWN if not field.of_one]
_HOW = f"{names_for_people()}. They are read first, and nothing is added until you have seen what was read."
_WORDS = {
    "added": "Added",
    "replaced": "Replaced",
    "unchanged": "There already, with what is known of it",
    "taken": "Not added, for another file has that name",
    "folder": "Not added, for a folder has that name",
}


class CheckedUpload(NamedTuple):
    """A file that was handed over and looked at."""

    upload: Upload
    looked: Looked


def adding(settings: Settings) -> None:
    """Let files be handed over, show what was read of each, and add those that are wanted."""
    if done := st.session_state.pop("added", None):
        st.html(corpus.done_html(done))
    with st.expander("Add files"):
        st.html(page.notice_html(_HOW))
        form = f"adding-{st.session_state.setdefault('adding', 0)}"  # another form is an empty one
        with st.form(form, border=False):
            files = st.file_uploader(
                "Files", accept_multiple_files=True, key=f"{form}-files", max_upload_size=settings.reading.file
            )
            st.html('<p class="rag-label">What is true of all of them; leave empty what is not known</p>')
            known = _fields(f"{form}-all", _OF_ALL)
            if st.form_submit_button("Read these files"):
                _read(settings, [Upload(file.name, file.getvalue(), known) for file in files])
        candidates: list[CheckedUpload] = st.session_state.get("candidates", [])
        if candidates:
            _choose(settings, form, candidates)


def _fields(key: str, shown: Sequence[CatalogueField]) -> dict[str, object]:
    """Show the fields of a catalogue entry; return what was written into them."""
    written: dict[str, object] = {}
    for place, field in enumerate(shown):
        if place % 2 == 0:  # a pair at a time, so that on a phone, and by the keyboard, they stay in this order
            columns = st.columns(2)
        box = columns[place % 2]
        text = box.text_input(field.label or "", key=f"{key}-{field.name}", placeholder=field.example or None).strip()
        if text:
            written[field.name] = [each.strip() for each in text.split(";") if each.strip()] if field.is_list else text
    return written


def _read(settings: Settings, uploads: list[Upload]) -> None:
    """Have files read in a process of its own, and keep what was read of them for this session."""
    st.session_state.candidates = []
    if not uploads:
        st.html(page.notice_html("Choose files first, or drop them above."))
        return
    try:
        require_curator(settings)
        catalogue_values(uploads[0].known)
        work = Work("reading", settings, uploads, today(), niceness=5)
        try:
            bar = st.progress(0.0, "Reading")
            while not work.wait(0.3):
                bar.progress(*corpus.progress_line(work))  # here Streamlit can end this run, if somebody goes elsewhere
            bar.empty()
        finally:
            work.stop()
        if work.error:
            raise work.error
    except RagError as error:
        st.html(page.error_html(error))
        return
    st.session_state.candidates = [
        CheckedUpload(upload, looked) for upload, looked in zip(uploads, work.result, strict=True)
    ]


def _choose(settings: Settings, form: str, candidates: list[CheckedUpload]) -> None:
    """Show what was read, let it be said what is known of each and which go in, and add those."""
    st.html('<h2 class="rag-subtitle">What was read</h2>')
    chosen: list[tuple[CheckedUpload, dict[str, object], bool]] = []
    for number, candidate in enumerate(candidates, 1):
        key = f"{form}-{number}"
        looked = candidate.looked
        st.html(corpus.looked_html(number, looked))
        if looked.seen is None:
            continue
        with st.expander(f"What is known of file {number} alone"):
            known = _fields(key, _SHOWN)
        label = f"Replace the file of that name by file {number}" if looked.taken else f"Add file {number}"
        new = not looked.taken and all(finding.kind != "same content" for finding in looked.seen.findings)
        if st.checkbox(label, value=new, key=f"{key}-wanted"):
            chosen.append((candidate, known, looked.taken))
    with st.container(horizontal=True):
        if st.button("Add to the corpus", disabled=not chosen):
            _add(settings, chosen)
        if st.button("Put them away"):
            _forget()


def _add(settings: Settings, chosen: list[tuple[CheckedUpload, dict[str, object], bool]]) -> None:
    """Put the chosen files into the corpus folder. What cannot be kept of any is said before any is written."""
    done = []
    try:
        require_curator(settings)
        values = [catalogue_values({**candidate.upload.known, **known}) for candidate, known, _ in chosen]
        with suppress(FileExistsError):
            settings.corpus.mkdir(parents=True)
        for (candidate, _, replace), kept in zip(chosen, values, strict=True):
            path = candidate.looked.path
            what = put(settings.corpus, path, candidate.upload.data, kept, replace=replace)
            done.append((_WORDS[what], path))
    except RagError as error:
        st.html(page.error_html(error))
        if done:
            st.html(corpus.done_html(done))
        return
    st.session_state.added = done
    _forget()


def _forget() -> None:
    """Forget the files that were handed over, and draw the page anew with an empty form."""
    st.session_state.pop("candidates", None)
    st.session_state.adding += 1
    st.rerun()
