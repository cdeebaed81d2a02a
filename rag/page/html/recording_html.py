"""Make the HTML that tells of keeping a record of questions."""

from __future__ import annotations

from html import escape
from pathlib import Path

from rag.render.wording import count_of
from rag.text.characters import one_line

OFF = "Off: what you ask is in this window alone and is gone when you close it."
ON = (
    "On: each question that you ask from now on is kept on this machine, with the time, what it was searched as, what "
    "came of it, and whether it helped, if you say so. It tells the librarian what the corpus lacks. Questions that "
    "bear the notice for a crisis are never kept."
)
HELPED = {True: "Kept: this helped.", False: "Kept: this did not help."}
CONFIRM = "This deletes what every session had kept, not only yours. It cannot be taken back."


def keeping_html(on: bool) -> str:
    """Say whether questions are kept."""
    return f'<p class="rag-remark" role="status">{ON if on else OFF}</p>'


def records_html(folder: Path, questions: int | None, own: int, unreadable: int) -> str:
    """Say what is kept, and where; of a session that may not see the others' `questions`, its own alone."""
    if questions is None:
        lines = [
            f"{count_of(own, 'question', 'questions')} of this session kept.",
            f"They are in the folder {escape(one_line(folder))}; the curators of this corpus can read them.",
        ]
    else:
        lines = [
            f"{count_of(questions, 'question is', 'questions are')} kept, {own:,} of this session.",
            f"They are in the folder {escape(one_line(folder))}, and whoever may curate here can download them.",
        ]
        if unreadable:
            lines.append(f"{count_of(unreadable, 'line', 'lines')} of the file cannot be read.")
    return f'<ul class="rag-list">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'
