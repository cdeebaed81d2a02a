"""Page furniture: lines that came along from the page around a text and are not part of what it says.

Only a whole short block is ever set aside, and only for a stated reason that `check` lists; a wrong guess
hides a line from answers and never loses it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.readers.reading import DraftBlock

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DATE_LINE = re.compile(
    rf"{_WEEKDAY}(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
    r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
_SITE_TITLE = re.compile(r"(?P<title>[^|\n]{3,150}?)\s+[|»]\s+[^|\n]{2,60}")
_INVITATIONS = re.compile(
    "|".join(
        (
            r"find a (?:therapist|doctor|psychiatrist|clinician|provider|treatment cent(?:er|re))",
            r"search for an? [\w\s-]{3,60} near you",
            r"(?:share|tweet|like|pin|print|e-?mail|save)(?: this(?: \w+)?)?(?: (?:on|to|with|via) [\w\s,]{2,40})?",
            r"(?:subscribe|sign up|log ?in|sign in|register|join)(?: (?:now|here|today|to|for)(?: [\w\s'’-]{2,60})?)?",
            r"follow us(?: on [\w\s,]{2,40})?",
            r"(?:related|recommended|more|popular|recent|trending) (?:articles?|posts?|stories|reading|topics)",
            r"(?:read|learn|see|load|show) (?:more|less|the full story)",
            r"(?:advertisement|advertising|sponsored(?: content)?|promoted)",
            r"(?:leave a (?:comment|reply)|post a comment|\d+ comments?|comments? \(\d+\)|reply|report abuse)",
            r"(?:skip to (?:main )?content|back to top|(?:main )?menu|home|search|next|previous|share)",
            r"(?:©|\(c\)|copyright)[^\n]{0,120}",
            r"all rights reserved",
            r"(?:we use|this (?:web)?site uses) cookies[^\n]{0,200}",
            r"(?:terms of (?:use|service)|privacy policy|cookie policy|contact us|about us)",
        )
    ),
    re.IGNORECASE,
)
_LONGEST = 160  # characters: what is longer says something
_HEAD = 6  # blocks: where a page's date and title lines stand


def set_furniture_aside(text: str, drafts: Sequence[DraftBlock]) -> tuple[list[DraftBlock], str | None]:
    """Mark the furniture of a text without markup; also return the title that its title line gives, if any."""
    marked: list[DraftBlock] = []
    title: str | None = None
    bodies = [text[draft.start : draft.end].strip() for draft in drafts]
    for index, (draft, body) in enumerate(zip(drafts, bodies, strict=True)):
        reason = None
        site_title = _SITE_TITLE.fullmatch(body)
        if draft.attribution.kind == "quoted" or len(body) > _LONGEST or "\n" in body:
            pass
        elif _DATE_LINE.fullmatch(body):
            reason = "a lone date line"
        elif site_title and index < _HEAD:
            reason, title = "the page's title line", title or site_title["title"].strip()
        elif index and body == bodies[index - 1]:
            reason = "a line that repeats the one before"
        elif _INVITATIONS.fullmatch(body.rstrip(".!:… ")):
            reason = "an invitation or a link of the page around the text"
        marked.append(replace(draft, furniture=reason) if reason else draft)
    if all(draft.furniture for draft in marked):  # then these lines are all that the source says
        return list(drafts), title
    return marked, title
