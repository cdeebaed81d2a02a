"""Show the findings of a check of the corpus: run beside the server on request, kept while the corpus is unchanged."""

from __future__ import annotations

import streamlit as st

from rag.core.config import Settings
from rag.core.dates import today
from rag.core.types.reports import Finding
from rag.page.html import library_html as corpus
from rag.page.html import page_html as page
from rag.page.listing import LEVELS, counted, narrowed_findings
from rag.page.paging import paged
from rag.page.rebuilding import desk, watch
from rag.render.json_records import stamped, to_json
from rag.render.json_reports import finding_record

_PAGE = 50


def known_findings(settings: Settings) -> list[Finding] | None:
    """Return what the last check found; None where there was none."""
    work = desk().latest(settings, "check")
    return work.result if work is not None and work.state == "done" else None


def checking(settings: Settings, state: str) -> None:
    """Let the corpus be checked, and show what was found. `state` is that of the corpus now."""
    st.html('<h2 class="rag-subtitle">What is to be mended</h2>')
    work, findings = desk().latest(settings, "check"), known_findings(settings)
    if findings is None and (work is None or not work.running):
        st.html(page.notice_html("Nobody has checked the corpus since this page was started."))
    elif work is not None and findings is not None and work.about != state:
        st.html(page.notice_html("The corpus has changed since it was checked."))
    watch(settings, "check")
    idle = work is None or not work.running
    again = findings is None or work is None or work.about != state or work.task != "check"
    if idle and again and st.button("Check the corpus"):
        arguments = (settings.corpus, today(), settings.reading, settings.model)
        desk().start(settings, "check", *arguments, about=state)
        st.rerun()
    if findings is not None:
        _show(findings)


@st.fragment
def _show(findings: list[Finding]) -> None:
    """Show findings, by document and level; a fragment, so that narrowing them draws nothing else."""
    st.html(page.notice_html(f"Found: {counted(findings)}."))
    if not findings:
        return
    levels = st.multiselect("Level", LEVELS, key="findings-levels")
    words = st.text_input("Findings that hold the words", key="findings-words")
    asked = narrowed_findings(findings, levels, words)
    st.html(corpus.findings_html(paged("findings", asked, _PAGE)))
    # Made now and not at the press: Streamlit drops such a file when two runs of any session end before it is fetched.
    record = stamped({"findings": [finding_record(finding) for finding in asked]})
    st.download_button(
        "Save these findings as JSON",
        to_json(record) + "\n",
        "findings.json",
        "application/json",
        on_click="ignore",
    )
